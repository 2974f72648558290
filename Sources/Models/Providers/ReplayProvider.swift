// Recorded answers, given again in their order: whole rounds run offline and always the same. The
// n-th question of a role gets the n-th answer recorded for that role.

import Base

/// Answers from a recording.
package struct ReplayProvider: Provider {
  package let kind = "replay"
  private let answers: [ProviderRole: [ProviderReply]]

  package init(answers: [ProviderRole: [[UInt8]]]) {
    self.answers = answers.mapValues { $0.map { .answered($0) } }
  }

  private init(replies: [ProviderRole: [ProviderReply]]) { answers = replies }

  /// From JSON Lines: each line is `{"role": "proposer", "answer": {...}}`; blank lines are
  /// skipped. Throws `provider.answer` with the number of the line.
  package init(jsonLines: [UInt8], name: String) throws {
    var answers: [ProviderRole: [ProviderReply]] = [:]
    for (index, line) in jsonLines.split(separator: 10).enumerated() {
      let bytes = Array(line)
      if bytes.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { continue }
      do {
        var reader = try AnswerReader(
          JSONReader.read(bytes, limitBytes: 8 << 20), title: "the recorded line")
        guard let role = ProviderRole(rawValue: try reader.requiredText("role").string) else {
          throw reader.wrong("role", "proposer, critic or judge")
        }
        let reply = try Self.reply(&reader)
        try reader.finish()
        answers[role, default: []].append(reply)
      } catch let error as StemmaError {
        throw StemmaError(
          .providerAnswer, "line \(index + 1) of \(name): \(error.message)",
          at: .file(path: name, line: index + 1, column: nil), advice: error.advice)
      }
    }
    self.init(replies: answers)
  }

  /// `answer` is JSON, `text` an answer that is none, `failed` and `timedOut` say why not.
  private static func reply(_ reader: inout AnswerReader) throws -> ProviderReply {
    if let answer = reader.value("answer") { return .answered(JSONWriter.bytes(answer)) }
    if let text = try reader.text("text", limitBytes: 8 << 20) {
      return .answered(Array(text.string.utf8))
    }
    if let reason = try reader.text("failed", limitBytes: 1 << 20) { return .failed(reason.string) }
    if let reason = try reader.text("timedOut", limitBytes: 1 << 20) {
      return .timedOut(reason.string)
    }
    throw reader.wrong("answer", "present")
  }

  package func reply(to request: ProviderRequest) -> ProviderReply {
    let recorded = answers[request.role] ?? []
    guard request.ordinal < recorded.count else {
      return .failed(
        "the recording has \(recorded.count) answers of a \(request.role.rawValue); "
          + "number \(request.ordinal + 1) was asked for")
    }
    return recorded[request.ordinal]
  }
}
