// `stemma mcp`: the Model Context Protocol over standard input and output. One line is one message;
// nothing else is ever printed there.

import ArgumentParser
import Base
import ContextServer
import Glibc
import Loop
import Stemma

struct ModelContextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Serve the history to a model (Model Context Protocol, standard input and output).",
    discussion: """
      Examples:
        stemma mcp --store /data/lab
        claude mcp add stemma -- stemma mcp --store /data/lab
        stemma mcp --write --actor ada

      Tools: tried_before, brief, lineage, why, query, best, schema. All of them
      only read. Named queries are resources, the Cypher guide is a prompt.
      With --write there are note, critique and propose as well; what they write is
      marked as said by outside:NAME, and none of it decides anything.
      """)

  @Flag(help: "Offer the tools that write, too.")
  var write = false

  @Option(help: "Who is recorded as the one who writes; needed with --write.")
  var actor: String?

  @OptionGroup var store: StoreOptions

  /// Longer lines are refused as they come; no message of a client needs them.
  private static let lineLimitBytes = 4 << 20

  func run() throws {
    let server = try server()
    var line: [UInt8] = []
    var isTooLong = false
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      for byte in buffer[..<count] {
        if byte == UInt8(ascii: "\n") {
          try answer(isTooLong ? Array("too long".utf8) : line, server)
          line.removeAll(keepingCapacity: true)
          isTooLong = false
        } else if line.count < Self.lineLimitBytes {
          line.append(byte)
        } else {
          isTooLong = true
        }
      }
    }
    if !line.isEmpty { try answer(line, server) }
  }

  private func server() throws -> ContextServer {
    guard write || actor == nil else {
      throw StemmaError(
        .argumentInvalid, "--actor is who writes", advice: "add --write, or leave it out")
    }
    guard write else {
      return ContextServer(database: try store.openForReading(), version: Version.text)
    }
    guard let actor else {
      throw StemmaError(
        .argumentInvalid, "--write needs to know who writes", advice: "add --actor NAME")
    }
    let database = try store.openForWriting()
    return ContextServer(
      database: database, version: Version.text,
      writing: try OutsideTools.all(by: actor, in: database, surroundings: .system))
  }

  private func answer(_ line: [UInt8], _ server: ContextServer) throws {
    if let text = server.answer(line) { try Terminal.print(text + "\n") }
  }
}
