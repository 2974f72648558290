// `stemma key`: the keys that speak for the log, each change a record.

public import ArgumentParser
public import Audit
import Base
import Signing
import Stemma

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "The keys that sign for the log: list, add, rotate, revoke.",
    discussion: """
      Examples:
        stemma key list
        stemma key rotate new.key --reason 'yearly'
        stemma key revoke 'log.example+ab12cd34+BA...' --role log --reason 'leaked'

      Each change is a record of the log, signed by the key that made it.
      """,
    subcommands: [
      KeyListCommand.self, KeyAddCommand.self, KeyRotateCommand.self, KeyRevokeCommand.self,
    ])
}

struct KeyListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every key that the log ever had, and when it counted.")

  @OptionGroup var store: StoreOptions

  func run() throws {
    let trail = AuditTrail(try store.openForReading())
    let history = try trail.keys()
    for entry in history.entries {
      let end = entry.revokedBy.map { "to record \($0.rawValue)" } ?? "in force"
      let vouchers = entry.vouchers.isEmpty ? "on its own word" : "vouched for"
      try Terminal.print(
        "\(entry.key.text)\n  \(entry.role.rawValue), from record \(entry.addedBy.rawValue),"
          + " \(end), \(vouchers)\n")
    }
    for fault in history.faults { try Terminal.print("fault: \(fault)\n") }
  }
}

/// What every change of keys needs: a reason, and a key of the log that signs it.
struct KeyChangeOptions: ParsableArguments {
  @Option(help: "Why, for the log.")
  var reason: String

  @Option(help: "The log's key file that signs the change; otherwise your own.")
  var key: String?

  @OptionGroup var store: StoreOptions

  /// The log to be changed and the key that may.
  func open() throws -> (trail: AuditTrail, authority: SigningKey) {
    let trail = AuditTrail(try store.openForWriting())
    return (trail, try LogKey.own(trail, path: key))
  }
}

struct KeyAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Let a further key count: a witness's, a runner's, another of the log.",
    discussion: """
      Examples:
        stemma key add 'witness.example/w1+ab12cd34+BA...' --role witness --reason w1
        stemma key add --file second.key --role log --reason 'a second machine'
      """)

  @Argument(help: "The key's text: name+hash+base64.")
  var text: String?

  @Option(help: "A private key file; needed for keys of the log, which sign their own entry.")
  var file: String?

  @Option(help: "log, runner or witness.")
  var role: KeyStatement.Role

  @OptionGroup var change: KeyChangeOptions

  func validate() throws {
    if (text == nil) == (file == nil) {
      throw ValidationError("give either the key's text or --file")
    }
    if role == .log, file == nil {
      throw ValidationError("a key of the log signs its own entry: give its --file")
    }
  }

  func run() throws {
    // Before the log's key is made on first use.
    let own = try file.map { try KeyFile.read($0) }
    let added = try own.map { NoteKey($0.publicKey) } ?? NoteKey(text: text ?? "")
    let (trail, authority) = try change.open()
    try trail.add(
      added, role: role, signers: (own.map { [$0] } ?? []) + [authority],
      reason: change.reason,
      actor: Account.actor)
    try Terminal.print("added \(added.text)\n")
  }
}

struct KeyRotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Make a new key for the log and withdraw the old one.")

  @Argument(help: "Where the new key file is to be.")
  var file: String

  @OptionGroup var change: KeyChangeOptions

  func run() throws {
    let (trail, old) = try change.open()
    let new = try LogKey.make(trail, at: file)
    try trail.rotate(from: old, to: new, reason: change.reason, actor: Account.actor)
    try Terminal.print("\(NoteKey(new.publicKey).text) counts from now on; use --key \(file)\n")
  }
}

struct KeyRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Withdraw a key: what it signs from now on does not count.")

  @Argument(help: "The key's text: name+hash+base64.")
  var text: String

  @Option(help: "log, runner or witness.")
  var role: KeyStatement.Role

  @OptionGroup var change: KeyChangeOptions

  func run() throws {
    let (trail, authority) = try change.open()
    try trail.revoke(
      NoteKey(text: text), role: role, signer: authority, reason: change.reason,
      actor: Account.actor)
    try Terminal.print("withdrawn\n")
  }
}

extension KeyStatement.Role: ExpressibleByArgument {}
