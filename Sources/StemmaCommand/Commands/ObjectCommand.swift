// `stemma object`: the bytes of a content that a record names by its hash.

import ArgumentParser
import Base
import Glibc
import Loop
import Stemma

struct ObjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "object",
    abstract: "Print the bytes that a hash names.",
    usage: "stemma object <hash> [<options>]",
    discussion: """
      Examples:
        stemma object HASH                what a record names: 64 digits
        stemma object HASH > weights.bin
        stemma object HASH | sha256sum    the hash again

      Records name contents in `outputHash`, `contentHash`, `tree` and others. The
      bytes are checked against the hash and printed as they are.
      """)

  @Argument(help: "A SHA-256 in hexadecimal digits.")
  var hash: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    let database = try store.openForReading()
    let object = try ObjectHash(argument: hash)
    do {
      try Terminal.write(try database.object(object), to: STDOUT_FILENO, named: "the output")
    } catch let error as StemmaError where error.code == .keyNotFound {
      throw try Self.missing(object, database) ?? error
    }
  }

  /// The error where a record of the loop needs the content, which then was here once.
  private static func missing(_ object: ObjectHash, _ database: Database) throws -> StemmaError? {
    let names = try ContentNames(of: [object.digest], in: database)
    guard let name = names.needed[object.digest]?.first, name.isOfLoop else { return nil }
    return StemmaError(
      .storeDamaged, "the object is missing, and \(name.words)",
      at: .record(table: "objects", key: object.hex),
      advice: "run `stemma verify`; a backup may have it (docs/store-care.md)")
  }
}
