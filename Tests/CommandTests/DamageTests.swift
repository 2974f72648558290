// A store with one wrong bit, met by the program: every command ends by itself, with the answer
// that it always gave or with `store.damaged`, whatever the bit is.

import Base
import Foundation
import Testing

@Suite("A damaged store")
struct DamageTests {
  private static let commands: [[String]] = [
    ["query", "MATCH (n) RETURN n.name, labels(n) ORDER BY n.name"], ["show", "A1"],
    ["schema"], ["verify"],
    ["query", "--write", "--reason", "t", "CREATE (:Actor {name: 'eve', kind: 'person'})"],
  ]

  private func store() throws -> CommandRunner {
    let runner = try CommandRunner()
    _ = try runner.run(["init"])
    let text =
      "UNWIND range(1, 30) AS n CREATE (:Actor {name: 'ada' + toString(n), kind: 'person'})"
    let output = try runner.run(["query", "--write", "--reason", "t", text])
    #expect(output.exitCode == 0)
    return runner
  }

  @Test("one wrong bit ends no command by a signal", arguments: [1, 2, 3, 4] as [UInt64])
  func oneBit(seed: UInt64) throws {
    let runner = try store()
    defer { runner.remove() }
    let file = runner.folder.appendingPathComponent(".stemma/data.mdb")
    let whole = try Data(contentsOf: file)
    var random = SplitMix64(seed: seed)
    var damaged = 0
    for _ in 0..<8 {
      var bytes = whole
      let bit = Int(random.next() % UInt64(whole.count * 8))
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      for command in Self.commands {
        try bytes.write(to: file)
        let output = try runner.run(command)
        #expect([0, 3, 5].contains(output.exitCode), "bit \(bit): \(command) \(output)")
        if output.exitCode == 5 {
          damaged += 1
          #expect(output.standardError.contains("store.damaged"), "bit \(bit): \(output)")
        }
      }
    }
    #expect(damaged > 0)
  }

  @Test("liblmdb led astray ends with advice, and verify says what is wrong")
  func ledAstray() throws {
    let runner = try store()
    defer { runner.remove() }
    let file = runner.folder.appendingPathComponent(".stemma/data.mdb")
    let whole = try Data(contentsOf: file)
    var ended = 0
    // The offset of the first entry of every leaf page leads out of the page.
    for page in 2..<whole.count / 4096 where isLeaf(page, of: whole) {
      var bytes = whole
      bytes[page * 4096 + 16] = 0xFE
      bytes[page * 4096 + 17] = 0xFF
      try bytes.write(to: file)
      let query = try runner.run(Self.commands[0])
      #expect([0, 5].contains(query.exitCode), "page \(page): \(query)")
      guard query.exitCode == 5 else { continue }
      ended += 1
      #expect(query.standardError.contains("run `stemma verify`"))
      let verify = try runner.run(["verify"])
      #expect(verify.exitCode == 5)
      #expect(verify.standardOutput.contains("page \(page)"), "\(verify)")
    }
    #expect(ended > 0)
  }

  /// Pages begin with their number, then their flags; the further pages of a large value do not.
  private func isLeaf(_ page: Int, of file: Data) -> Bool {
    let start = page * 4096
    return (0..<8).allSatisfy { Int(file[start + $0]) == page >> (8 * $0) & 0xFF }
      && file[start + 10] == 2
  }

  @Test("a fault of the program is not called damage")
  func ownFault() throws {
    let runner = try store()
    defer { runner.remove() }
    let output = try runner.run(["verify", "--store", ".stemma", "--after-signal", "11"])
    #expect(output.exitCode == 11)
    #expect(output.standardError.contains("is sound"))
  }
}
