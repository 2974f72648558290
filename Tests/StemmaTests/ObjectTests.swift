// Objects through the façade.

import Base
import Stemma
import Testing

@Suite("Objects")
struct ObjectTests {
  @Test("an object comes back by its hash, and is kept once")
  func roundTrip() throws {
    let database = try Database.inMemory(surroundings: .system)
    let hash = try database.storeObject(Array("hello".utf8))
    #expect(hash.hex == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    #expect(try database.storeObject(Array("hello".utf8)) == hash)
    #expect(try database.object(hash) == Array("hello".utf8))
  }

  @Test("an object that is not there is an error")
  func missing() throws {
    let database = try Database.inMemory(surroundings: .system)
    let hash = try #require(ObjectHash(hex: String(repeating: "0", count: 64)))
    #expect(throws: StemmaError.self) { try database.object(hash) }
  }
}
