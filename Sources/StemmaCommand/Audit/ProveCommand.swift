// `stemma prove`: writes a receipt that anyone can check without the store.

import ArgumentParser
import Audit
import Base
import Signing
import Stemma

struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "Write a receipt for a record, a value or a relationship; or a consistency proof.",
    discussion: """
      Examples:
        stemma prove E17 -o claim.tlog-proof           everything said of E17
        stemma prove E17.value -o claim.tlog-proof     one value, the others hidden
        stemma prove 'edge 12' -o claim.tlog-proof     a relationship by its number
        stemma prove --from 120 --to 4000              that the log was only added to
        stemma verify claim.tlog-proof --key KEY       without the store

      A receipt leads to the newest checkpoint; it is a C2SP tlog-proof file.
      """)

  @Argument(help: "KEY, KEY.property, or 'edge NUMBER'.")
  var subject: String?

  @Option(name: .shortAndLong, help: "A file instead of standard output.")
  var output: String?

  @Option(help: "Prove consistency: the size of the earlier tree.")
  var from: UInt64?

  @Option(help: "The size of the later tree; otherwise the newest checkpoint's.")
  var to: UInt64?

  @OptionGroup var store: StoreOptions

  func validate() throws {
    if (subject == nil) == (from == nil) {
      throw ValidationError("give a subject, or --from for a consistency proof")
    }
  }

  func run() throws {
    let trail = AuditTrail(try store.openForReading())
    let text: String
    if let subject {
      guard let wanted = ReceiptSubject(subject) else {
        throw StemmaError(
          .argumentInvalid, "'\(subject)' names nothing that can be proven",
          advice: "write KEY, KEY.property, or 'edge NUMBER'")
      }
      text = try trail.receipt(for: wanted, text: subject).rendered
    } else {
      let last = try trail.checkpoints().last?.size ?? trail.database.lastTransaction().rawValue
      let size = to ?? last
      let proof = try trail.consistencyProof(from: from ?? 0, to: size)
      text = proof.map { Base64.encode($0.bytes) + "\n" }.joined()
    }
    guard let output else { return try Terminal.print(text) }
    let file = try WholeFile(path: output)
    try file.write(text)
    try file.finish()
  }
}
