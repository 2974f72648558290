// `stemma timestamp`: time from outside for a checkpoint (RFC 3161), with no network needed by us.

import ArgumentParser
import Audit
import Base
import Glibc
import Loop
import Signing
import Stemma

struct TimestampCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timestamp",
    abstract: "Write a request for a time stamp on the newest checkpoint, or keep the answer.",
    discussion: """
      Examples:
        stemma timestamp --request checkpoint.tsq
        curl -H 'Content-Type: application/timestamp-query' \\
          --data-binary @checkpoint.tsq https://authority.example/tsr > checkpoint.tsr
        stemma timestamp --response checkpoint.tsr --authority root.pem

      The stamp (RFC 3161) is over the three lines that `stemma checkpoint` prints.
      """)

  @Option(help: "Write the request (DER) to this file.")
  var request: String?

  @Option(help: "A response (DER) to check and keep.")
  var response: String?

  @Option(help: "The authority's certificates in PEM.")
  var authority: String?

  @OptionGroup var store: StoreOptions

  private static let limitBytes = 200 << 10

  func validate() throws {
    if (request == nil) == (response == nil) {
      throw ValidationError("give either --request or --response")
    }
    if response != nil, authority == nil {
      throw ValidationError("a response is checked against an --authority")
    }
  }

  func run() throws {
    if let request {
      let trail = AuditTrail(try store.openForReading())
      guard let kept = try trail.checkpoints().last else {
        throw StemmaError(
          .argumentInvalid, "the log has no checkpoint that could be stamped",
          advice: "make one with `stemma checkpoint`")
      }
      let file = try WholeFile(path: request)
      try file.write(trail.timeStampRequest(for: kept.note))
      try file.finish()
      return try Terminal.print("\(request): for the checkpoint of \(kept.size) records\n")
    }
    guard let response, let authority else { return }
    let trail = AuditTrail(try store.openForWriting())
    let kept = try trail.keepTimeStamp(
      read(response), authorities: TextFile.read(authority), actor: Account.actor)
    let time = ZonedDateTime(
      secondsSinceEpoch: kept.seconds, nanosecondsOfSecond: 0, offsetSeconds: 0, zoneName: nil)
    try Terminal.print("kept: the checkpoint of \(kept.size) records was there at \(time)\n")
  }

  private func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.unreadable(path, errno) }
    defer { close(descriptor) }
    return try FileBytes.readAll(descriptor, path: path, limitBytes: Self.limitBytes)
  }
}
