// `stemma prompt` as a person meets it: cases made of what was asked, checked and asked again, the
// differences of versions, and what is wrong with wrong cases.

import Foundation
import TestSupport
import Testing

@Suite("Prompt commands")
struct PromptCommandTests {
  private static let proposal =
    #"{"role": "proposer", "answer": {"version": 1, "title": "wider", "hypothesis": "h", "#
    + #""parameters": {"width": 6}}}"#
  private static let reply =
    #"{"version": 1, "verdict": "approve", "summary": "fine", "objections": "#
    + #"[{"kind": "other", "text": "small", "cites": ["P1"]}]}"#

  private func campaign(_ body: (CommandRunner) throws -> Void) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.write(to: runner.folder) {
      $0.replacing(
        "kind = \"search\"",
        with: """
          kind = "replay"
          file = "answers.jsonl"
          prompt = "propose.md"
          [[critics]]
          kind = "command"
          name = "reader"
          command = ["sh", "-c", "cat >/dev/null; cat reply.json"]
          prompt = "prompts/critic.md"
          """)
    }
    try write(Self.proposal + "\n", "answers.jsonl", runner)
    try write(Self.reply, "reply.json", runner)
    try write("Propose.\n", "propose.md", runner)
    try FileManager.default.createDirectory(
      at: runner.folder.appendingPathComponent("prompts"), withIntermediateDirectories: true)
    try write("Judge it.\nBe short.\n", "prompts/critic.md", runner)
    #expect(try runner.run(["init"]).exitCode == 0)
    let run = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
    #expect(run.exitCode == 0, "\(run.standardError)")
    try body(runner)
  }

  private func write(_ text: String, _ path: String, _ runner: CommandRunner) throws {
    try Data(text.utf8).write(to: runner.folder.appendingPathComponent(path))
  }

  private func edit(
    _ path: String, _ old: String, _ new: String, _ runner: CommandRunner
  ) throws {
    let file = runner.folder.appendingPathComponent(path)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(old), "\(text)")
    try write(text.replacing(old, with: new), path, runner)
  }

  @Test("cases are made, checked, asked again and kept")
  func cases() throws {
    try campaign { runner in
      let test = ["prompt", "test", "campaign.toml"]
      let one = "prompts/critic.cases/one.json"
      var text = try runner.transcript([test, ["prompt", "case", "CR1", one], test])
      // What a person expects of every answer, and what they got wrong about it.
      let none = #""expect": {}"#
      for wrong in [
        #"{"const": 1}"#, #"{"properties": {"verdict": {"enum": "reject"}}}"#,
        #"{"contains": []}"#, #"{"properties": {"objections": {"minItems": -1}}}"#,
      ] {
        try edit(one, none, #""expect": "# + wrong, runner)
        text += "expect \(wrong)\n" + (try runner.transcript([test]))
        try edit(one, #""expect": "# + wrong, none, runner)
      }
      let expected =
        #""expect": {"properties": {"objections": {"minItems": 1, "contains": "#
        + #"{"properties": {"kind": {"enum": ["near-duplicate"]}}}}}}"#
      try edit(one, none, expected, runner)
      text += try runner.transcript([test])
      // Another text of the prompt, and another answer to it.
      try write("Judge it.\nSay what is like it.\n", "prompts/critic.md", runner)
      try write(Self.reply.replacing("other", with: "near-duplicate"), "reply.json", runner)
      text += try runner.transcript([
        test, test + ["--ask"], test, test + ["--record"], test,
        ["prompt", "diff", "prompts/critic.md"],
      ])
      try Golden.expect(text, matches: "Golden/prompt-cases.txt")
    }
  }

  @Test("wrong words, files and cases are told apart")
  func wrong() throws {
    try campaign { runner in
      try write("{", "half.json", runner)
      var text = try runner.transcript([
        ["prompt", "diff", "PR1", "PR2"], ["prompt", "diff", "pr1", "propose.md"],
        ["prompt", "diff", "PR1"], ["prompt", "diff", "PR9"], ["prompt", "diff", "P1"],
        ["prompt", "diff", "answers.jsonl"], ["prompt", "case", "CR1", "half.json"],
        ["prompt", "case", "CR9", "x.json"], ["prompt", "case", "P1", "x.json"],
        ["prompt", "case", "CR1", "half.json/x.json"], ["prompt", "list", "nothing"],
        ["prompt", "test", "half.json"], ["prompt", "test", "nothing.toml"],
        ["critics", "nothing"],
      ])
      // A question to a proposer among the cases of a critic, and files that are no case.
      let test = ["prompt", "test", "campaign.toml"]
      text += try runner.transcript([
        ["prompt", "case", "CL1", "prompts/critic.cases/other.json"], test,
      ])
      for wrong in ["{", "[]", "{}", #"{"request": {"role": "judge"}}"#, #"{"recored": {}}"#] {
        try write(wrong, "prompts/critic.cases/other.json", runner)
        text += "\(wrong)\n" + (try runner.transcript([test]))
      }
      try Golden.expect(text, matches: "Golden/prompt-wrong.txt")
    }
  }
}
