// Answers are checked field by field; programs are held to time and size; recordings replay in
// order.

import Base
import Testing

@testable import Models

@Suite struct ProviderTests {
  private func json(_ text: String) throws -> Value {
    try JSONReader.read(Array(text.utf8), limitBytes: 1 << 20)
  }

  @Test func aProposalIsRead() throws {
    let answer = try ProposalAnswer(
      json(
        """
        {"version":1,"title":"t","hypothesis":"h","parameters":{"order":3},"patches":["a"],
         "files":[{"path":"x.py","content":"1"}],"prediction":{"effect":-0.1,"probability":0.4},
         "costSeconds":3,"inspirations":["P2"],"base":"P1"}
        """))
    #expect(answer.parameters["order"] == .integer(3))
    #expect(answer.patches == ["a"])
    #expect(answer.predictedEffect == -0.1)
    #expect(answer.files.first?.path == "x.py")
  }

  @Test(arguments: [
    ("[]", "not a JSON object"), ("{}", "\"version\""), ("{\"version\":2}", "\"version\""),
    ("{\"version\":1,\"title\":\"\"}", "\"title\""),
    ("{\"version\":1,\"title\":\"t\",\"hypothesis\":\"h\",\"paramters\":{}}", "\"paramters\""),
    ("{\"version\":1,\"title\":\"t\",\"hypothesis\":3}", "\"hypothesis\""),
    (
      "{\"version\":1,\"title\":\"t\",\"hypothesis\":\"h\",\"prediction\":{\"probability\":2}}",
      "\"probability\""
    ),
  ])
  func aWrongProposalNamesItsField(text: String, expected: String) {
    do {
      _ = try ProposalAnswer(json(text))
      Issue.record("accepted \(text)")
    } catch let error as StemmaError {
      #expect(error.message.contains(expected), "\(error.message)")
    } catch { Issue.record("\(error)") }
  }

  @Test func aCritiqueIsRead() throws {
    let answer = try CritiqueAnswer(
      json(
        """
        {"version":1,"verdict":"reject","summary":"s",
         "objections":[{"kind":"near-duplicate","text":"x","cites":["P3"]}],
         "prediction":{"outcome":"worse","probability":0.1},"scores":{"novelty":0.2}}
        """))
    #expect(answer.verdict == .reject)
    #expect(answer.objections.first?.cites == ["P3"])
    #expect(throws: StemmaError.self) {
      try CritiqueAnswer(json("{\"version\":1,\"verdict\":\"maybe\",\"summary\":\"s\"}"))
    }
  }

  private func ask(_ script: String, timeout: Int = 5_000, limit: Int = 1 << 20) -> ProviderReply {
    CommandProvider(
      command: ["sh", "-c", script], directory: "/tmp", timeoutMilliseconds: timeout,
      outputLimitBytes: limit
    ).reply(to: ProviderRequest(role: .proposer, ordinal: 0, body: Array("{\"q\":1}".utf8)))
  }

  @Test func aProgramAnswers() {
    guard case .answered(let bytes) = ask("cat; pwd") else {
      Issue.record("no answer")
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self) == "{\"q\":1}/tmp\n")
  }

  @Test func aProgramThatMisbehavesIsAFact() {
    if case .failed(let reason) = ask("echo oops >&2; exit 3") {
      #expect(reason.contains("exited with 3") && reason.contains("oops"))
    } else {
      Issue.record("not failed")
    }
    if case .timedOut = ask("sleep 30", timeout: 100) {} else { Issue.record("not timed out") }
    if case .timedOut = ask("sleep 30 & exec 1>&- 2>&-; sleep 30", timeout: 100) {
    } else {
      Issue.record("not timed out with closed outputs")
    }
    if case .failed(let reason) = ask("yes", limit: 10_000) {
      #expect(reason.contains("more than 10000"))
    } else {
      Issue.record("not cut")
    }
    if case .failed = ask("kill -9 $$") {} else { Issue.record("a signal is a failure") }
    // A daemon that keeps the pipe open costs the timeout, not more.
    if case .timedOut = ask("(sleep 30) & echo {}", timeout: 200) {
    } else {
      Issue.record("not timed out with a daemon")
    }
    let missing = CommandProvider(
      command: ["/no/such/program"], directory: "/tmp", timeoutMilliseconds: 1_000,
      outputLimitBytes: 100
    ).reply(to: ProviderRequest(role: .critic, ordinal: 0, body: []))
    if case .failed = missing {} else { Issue.record("a missing program is a failure") }
  }

  @Test func recordingsReplayInOrder() throws {
    let lines = """
      {"role":"proposer","answer":{"n":1}}

      {"role":"critic","answer":{"n":9}}
      {"role":"proposer","answer":{"n":2}}
      """
    let replay = try ReplayProvider(jsonLines: Array(lines.utf8), name: "r.jsonl")
    func answer(_ role: ProviderRole, _ ordinal: Int) -> String? {
      let request = ProviderRequest(role: role, ordinal: ordinal, body: [])
      guard case .answered(let bytes) = replay.reply(to: request) else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(answer(.proposer, 1) == "{\"n\":2}")
    #expect(answer(.critic, 0) == "{\"n\":9}")
    #expect(answer(.critic, 1) == nil)
    #expect(throws: StemmaError.self) {
      try ReplayProvider(jsonLines: Array("{\"role\":\"x\"}".utf8), name: "r.jsonl")
    }
  }
}
