// `stemma checkpoint`: signs what the log is now, in three lines that anyone can keep.

import ArgumentParser
import Audit
import Base
import Signing
import Stemma

struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Sign the log's root in three lines to keep elsewhere.",
    discussion: """
      Examples:
        stemma checkpoint                    three lines for a git commit or an e-mail
        stemma checkpoint --name v1          and AS OF 'v1' from then on
        stemma checkpoint --note             signed, as C2SP tlog-checkpoint
        stemma checkpoint --list             all, with who signed them
        stemma checkpoint --cosigned FILE    keep what witnesses added to a note

      Whoever has the three lines can tell later whether the log was only added to:
      stemma verify --checkpoint FILE. The log's key is made on first use and lies
      in your own folder, not in the store.
      """)

  @Option(help: "A name for it: AS OF 'name' reads the graph as it was.")
  var name: String?

  @Flag(help: "Print the whole signed note.")
  var note = false

  @Flag(help: "List the checkpoints that the log keeps.")
  var list = false

  @Option(help: "A note with signatures of witnesses: they are kept.")
  var cosigned: String?

  @Option(help: "The log's key file; otherwise your own.")
  var key: String?

  @Option(name: .shortAndLong, help: "Write the signed note to a file.")
  var output: String?

  @OptionGroup var store: StoreOptions

  func validate() throws {
    if list, name != nil || cosigned != nil { throw ValidationError("--list stands alone") }
  }

  func run() throws {
    if list { return try printList() }
    let trail = AuditTrail(try store.openForWriting())
    if let cosigned {
      let signed = try SignedNote(parsing: TextFile.read(cosigned))
      let count = try trail.keepCosignatures(of: signed, actor: Text(Account.actor))
      return try Terminal.print("kept \(count) signatures\n")
    }
    let key = try LogKey.own(trail, path: key)
    let signed = try trail.makeCheckpoint(
      name: Text(name ?? ""), key: key, actor: Text(Account.actor))
    if let output {
      let file = try WholeFile(path: output)
      try file.write(signed.rendered)
      try file.finish()
    }
    try Terminal.print(note ? signed.rendered : signed.text)
  }

  private func printList() throws {
    let trail = AuditTrail(try store.openForReading())
    for kept in try trail.checkpoints() {
      let signers = kept.note.signatures.map(\.name).joined(separator: ", ")
      let name = kept.name.isEmpty ? "" : " '\(kept.name)'"
      let stamps = kept.timestamps.isEmpty ? "" : ", \(kept.timestamps.count) time stamps"
      try Terminal.print("\(kept.size)\(name): signed by \(signers)\(stamps)\n")
    }
  }
}
