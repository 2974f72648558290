// A recorded case of a prompt: a question as it was asked, what has to hold of every answer, and
// the answer that was given. Cases of `critic.md` lie in `critic.cases`, one JSON file each.

import Base
import Glibc
import Models

/// One case.
package struct PromptCase: Sendable {
  let path: String
  let role: ProviderRole
  let request: Value
  /// JSON Schema, beside the one that every answer of the role has to fit.
  let expect: Value
  let promptHash: String?
  /// Its bytes as they were, also where they are no JSON.
  let answer: [UInt8]?

  private static let limitBytes = 16 << 20

  /// Without folder and ending.
  var name: String { String((path.split(separator: "/").last ?? "").dropLast(".json".count)) }

  /// Beside the prompt's file: `critic.cases` for `critic.md`.
  static func folder(of prompt: PromptFile) -> String {
    let stem = prompt.path.hasSuffix(".md") ? String(prompt.path.dropLast(3)) : prompt.path
    return stem + ".cases"
  }

  /// The cases of a prompt, by name; none where it has no folder of them.
  static func paths(of prompt: PromptFile) throws -> [String] {
    let folder = folder(of: prompt)
    guard FilePaths.kind(of: folder) == .directory else { return [] }
    return try TreeFolder.names(in: folder).filter { $0.hasSuffix(".json") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  /// Throws `file.unreadable` for what is no case, naming the file.
  static func read(_ path: String) throws -> PromptCase {
    do {
      let bytes = try FileBytes.read(path, limitBytes: limitBytes)
      return try PromptCase(JSONReader.read(bytes, limitBytes: limitBytes), path)
    } catch let error as StemmaError where error.code == .providerAnswer {
      throw StemmaError(
        .fileUnreadable, "\(path) is no case of a prompt: \(error.message)",
        at: .file(path: path, line: nil, column: nil),
        advice: "`stemma prompt case CR5 FILE` writes one.")
    }
  }

  private init(_ value: Value, _ path: String) throws {
    var reader = try AnswerReader(value, title: "the case")
    self.path = path
    request = .map(try reader.map("request"))
    guard let role = request["role"]?.string.flatMap({ ProviderRole(rawValue: $0) }) else {
      throw reader.wrong("request", "a request with its role")
    }
    self.role = role
    expect = .map(try reader.map("expect"))
    var recorded = try AnswerReader(.map(try reader.map("recorded")), title: "what was recorded")
    promptHash = try recorded.text("promptHash")?.string
    let text = try recorded.text("text", limitBytes: Self.limitBytes)
    answer =
      recorded.value("answer").map { JSONWriter.bytes($0) } ?? text.map { Array($0.string.utf8) }
    try recorded.finish()
    try reader.finish()
    if let mistake = JSONSchema(expect).mistakes().first {
      throw StemmaError(.providerAnswer, "\"expect\": \(mistake)")
    }
  }

  /// The file of a case: one member a line, so that a person can write what is expected.
  package static func text(
    request: [UInt8], answer: [UInt8], promptHash: String
  ) throws -> String {
    text(
      request: try JSONReader.read(request, limitBytes: limitBytes), answer: answer,
      promptHash: promptHash, expect: .map(ValueMap()))
  }

  static func text(
    request: Value, answer: [UInt8], promptHash: String, expect: Value
  ) -> String {
    let given = try? JSONReader.read(answer, limitBytes: limitBytes)
    let recorded: [(Text, Value)] = [
      ("promptHash", .text(promptHash)),
      given.map { ("answer", $0) } ?? ("text", .text(String(decoding: answer, as: UTF8.self))),
    ]
    return """
      {
      "expect": \(JSONWriter.write(expect)),
      "recorded": \(JSONWriter.write(.map(ValueMap(recorded)))),
      "request": \(JSONWriter.write(request))
      }

      """
  }

  /// The question with a prompt: a program reads it in the request.
  func question(_ prompt: PromptFile, isModel: Bool) -> ProviderRequest {
    var body = request
    if case .map(var members) = request {
      members["prompt"] = isModel ? nil : .text(prompt.text)
      body = .map(members)
    }
    var question = ProviderRequest(
      role: role, ordinal: request["ordinal"]?.int ?? 0, body: JSONWriter.bytes(body))
    question.prompt = prompt.text
    return question
  }

  // MARK: What has to hold

  /// What is wrong with an answer; empty where the case holds.
  func faults(of answer: [UInt8]) -> [String] {
    let value: Value
    do { value = try JSONReader.read(answer, limitBytes: Self.limitBytes) } catch {
      return ["the answer is \((error as? StemmaError)?.message ?? "no JSON")"]
    }
    let shape = JSONSchema(RolePrompts.schema(of: role, rubric: request["rubric"]))
    return shape.faults(in: value) + invented(value) + JSONSchema(expect).faults(in: value)
  }

  /// Citations of what the question does not show.
  private func invented(_ answer: Value) -> [String] {
    let shown = Set(
      JSONWriter.write(request).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) })
    let same = (answer["same"]?.elements ?? []).compactMap { $0["key"]?.string }
    let unknown = same.filter { !shown.contains(Substring($0)) }.map {
      "it names \($0), which the question does not show"
    }
    let objections = answer["objections"]?.elements ?? []
    return unknown
      + objections.enumerated().flatMap { index, objection in
        let cites = (objection["cites"]?.elements ?? []).compactMap(\.string)
        guard !cites.isEmpty else { return ["objection \(index) cites nothing"] }
        return cites.filter { !shown.contains(Substring($0)) }.map {
          "objection \(index) cites \($0), which the question does not show"
        }
      }
  }
}
