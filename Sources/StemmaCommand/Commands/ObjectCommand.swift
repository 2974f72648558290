// `stemma object`: the bytes of a content that a record names by its hash.

import ArgumentParser
import Base
import Glibc
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
    guard let object = ObjectHash(hex: hash) else {
      throw StemmaError(
        .argumentInvalid, "'\(hash)' is no SHA-256",
        advice: "give 64 hexadecimal digits in lower case")
    }
    try Terminal.write(try database.object(object), to: STDOUT_FILENO, named: "the output")
  }
}
