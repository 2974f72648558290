// `stemma loop answers`: everything that proposers and critics said in a campaign, as the file that
// `kind = "replay"` reads: the same rounds again, with no network.

import ArgumentParser
import Base
import Loop
import Rendering
import Stemma

struct LoopAnswersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answers",
    abstract: "Print recorded answers for kind = \"replay\".",
    discussion: """
      Examples:
        stemma loop answers ngram > answers.jsonl

      One line per question, in its order; a question that came to nothing says why.
      """)

  @Argument(help: "The campaign's name.")
  var campaign: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    let database = try store.openForReading()
    let result = try database.query(
      """
      MATCH (call:Call)-[:IN*1..2]->(:Campaign {name: $name})
      RETURN call.role, call.status, call.responseHash, call.failure
      ORDER BY call.role, call.ordinal, id(call)
      """, parameters: ["name": .text(try Loop.campaign(campaign, in: database))])
    for row in result.rows {
      var json = JSONText()
      json.beginObject()
      json.name("role")
      json.string(Self.text(row[0]))
      try Self.write(row, database, to: &json)
      json.endObject()
      try Terminal.print(json.text + "\n")
    }
  }

  private static func text(_ value: Value) -> String {
    if case .string(let text) = value { text.string } else { "" }
  }

  private static func write(_ row: [Value], _ database: Database, to json: inout JSONText) throws {
    guard let hash = ObjectHash(hex: text(row[2])) else {
      json.name(text(row[1]) == "timedOut" ? "timedOut" : "failed")
      return json.string(text(row[3]))
    }
    let bytes = try database.object(hash)
    if let value = try? StrictJSON.parse(bytes, limits: StrictJSON.Limits(bytes: 8 << 20)) {
      json.name("answer")
      return ValueText(entities: EntityTable()).write(value, to: &json)
    }
    json.name("text")
    json.string(String(decoding: bytes, as: UTF8.self))
  }
}
