// What an evaluator sees of a run, and which scores count.

import Base
import Glibc
import Sandbox
import Testing

private func evaluate(
  _ program: String, run: Scratch = Scratch(), answers: Scratch = Scratch(),
  _ adjust: (inout EvaluationSpecification) -> Void = { _ in }
) throws -> EvaluationOutcome {
  answers.write(program, "evaluate.py")
  var evaluation = EvaluationSpecification(
    command: ["/usr/bin/python3", "-I", answers.path + "/evaluate.py"], workDirectory: run.path,
    evaluatorDirectories: [answers.path],
    budget: SandboxBudget(wallMilliseconds: 60_000, cpuMilliseconds: 10_000))
  adjust(&evaluation)
  return try Sandbox().evaluate(evaluation)
}

private let prologue = "import os, json\ndef score(text): os.write(3, text.encode())\n"

@Suite struct EvaluationTests {
  @Test func scoresComeFromTheChannel() throws {
    let run = Scratch()
    run.write("0.5\n", "prediction")
    let answers = Scratch()
    answers.write("0.25\n", "answer")
    let outcome = try evaluate(
      prologue + """
        p = float(open('\(run.path)/prediction').read())
        a = float(open('\(answers.path)/answer').read())
        print('{"error": 0}')
        score(json.dumps({"metrics": {"error": p - a}, "items": [
          {"id": "one", "cluster": "c", "values": {"error": 0.25}}]}))
        """, run: run, answers: answers)
    #expect(outcome.refusal == nil, "\(outcome.sandbox.logText)")
    #expect(outcome.answer?.metrics.map(\.name) == ["error"])
    #expect(outcome.answer?.metrics.first?.value == 0.25)
    #expect(outcome.answer?.items.first?.cluster == "c")
  }

  @Test func linksOfTheRunDoNotReachTheAnswers() throws {
    let run = Scratch()
    let answers = Scratch()
    answers.write("secret", "answer")
    symlink(answers.path + "/answer", run.path + "/prediction")
    symlink(answers.path, run.path + "/folder")
    mkfifo(run.path + "/pipe", 0o644)
    run.write("plain", "plain")
    let outcome = try evaluate(
      prologue + "score(json.dumps({'metrics': {'names': len(os.listdir('\(run.path)'))}}))",
      run: run,
      answers: answers)
    #expect(outcome.answer?.metrics.first?.value == 1, "\(outcome.sandbox.logText)")
  }

  @Test func plantedModulesAreNotImported() throws {
    let run = Scratch()
    for name in ["random.py", "json.py", "sitecustomize.py", "usercustomize.py"] {
      run.write("import os\nos.write(3, b'{\"metrics\": {\"planted\": 1}}')\n", name)
    }
    let outcome = try evaluate(
      "import json, os, random\ncwd = len(os.listdir('.'))\n"
        + "os.write(3, json.dumps({'metrics': {'cwd': cwd}}).encode())",
      run: run)
    #expect(outcome.answer?.metrics.map(\.name) == ["cwd"])
    #expect(outcome.answer?.metrics.first?.value == 0)
  }

  @Test func theRunsFilesCannotBeChangedByTheEvaluator() throws {
    let run = Scratch()
    run.write("x", "file")
    let outcome = try evaluate("open('\(run.path)/file', 'w').write('y')", run: run)
    #expect(outcome.answer == nil)
    #expect(outcome.refusal?.contains("did not finish") == true)
    #expect(run.read("file") == "x")
  }

  @Test func anEvaluatorThatHangsHasNoScore() throws {
    let outcome = try evaluate(
      prologue + "score('{\"metrics\": {\"a\": 1}}')\nimport time; time.sleep(60)"
    ) {
      $0.budget.wallMilliseconds = 300
    }
    #expect(outcome.sandbox.exceeded == .wall)
    #expect(outcome.answer == nil)
  }

  /// A run sees all of its working folder, and an evaluator's copy of it would hold the answers.
  @Test func answersInWhatIsJudgedAreRefused() throws {
    let outer = Scratch()
    let inner = outer.path + "/key"
    mkdir(inner, 0o755)
    symlink(inner, outer.path + "/alias")
    func evaluate(_ work: String, _ judge: String) throws {
      _ = try Sandbox().evaluate(
        EvaluationSpecification(
          command: ["true"], workDirectory: work, evaluatorDirectories: [judge],
          budget: SandboxBudget()))
    }
    for (work, judge) in [
      (outer.path, inner), (inner, outer.path), (inner, inner), (inner, outer.path + "/alias"),
    ] {
      #expect {
        try evaluate(work, judge)
      } throws: { error in
        (error as? StemmaError)?.message.contains("overlap") == true
      }
    }
    mkdir(inner + "-beside", 0o755)
    try evaluate(inner, inner + "-beside")
  }

  /// An answer that was cut says nothing, even where what is left of it reads well.
  @Test func anAnswerThatOverflowsIsNoScore() throws {
    let outcome = try evaluate(
      prologue + "score('{\"metrics\": {\"a\": 1}}' + ' ' * \(EvaluatorAnswer.maximumBytes))")
    #expect(outcome.answer == nil)
    #expect(outcome.refusal?.contains("more than") == true, "\(outcome.refusal ?? "")")
  }

  /// `M` stands for `"metrics":`, so that each case is short.
  @Test(arguments: [
    "", "{}", "[]", "1", "{M{}}", "{M{\"a\": NaN}}", "{M{\"a\": Infinity}}",
    "{M{\"a\": -Infinity}}", "{M{\"a\": 1e999}}", "{M{\"a\": 1, \"a\": 2}}",
    "{M{\"a\": 1}, M{\"a\": 2}}", "{M{\"a\": 1}} {M{\"b\": 2}}", "{M{\"a\": 1}}\u{0}",
    "{M{\"a\": \"1\"}}", "{M{\"a\": true}}", "{M{\"a\": null}}", "{M{\"a\": 01}}",
    "{M{\"a\": 1.}}", "{M{\"a\": .5}}", "{M{\"a\": +1}}", "{M{\"a\": 0x10}}",
    "{'metrics': {'a': 1}}",
    "{M{\"a\": 1},}", "{M{\"\": 1}}", "{M{\"a\\u0000\": 1}}", "{M{\"\\ud800\": 1}}",
    "\u{FEFF}{M{\"a\": 1}}", "{\"a\": 1}", "{M{\"a\": 1}, \"b\": 1}",
    "{M{\"a\": 1}, \"version\": 2}",
    "{M{\"a\": 1}, \"valid\": 1}", "{M[]}", "{M{\"a\": {}}}", "{M{\"a\": 1}, \"items\": {}}",
    "{M{\"a\": 1}, \"items\": [1]}", "{M{\"a\": 1}, \"items\": [{\"values\": {\"a\": 1}}]}",
    "{M{\"a\": 1}, \"items\": [{\"id\": \"x\", \"weight\": 0}]}",
    "{M{\"a\": 1}, \"items\": [{\"id\": \"x\", \"value\": 1}]}",
    "{M{\"a\": 1}, \"items\": [{\"id\": \"x\"}, {\"id\": \"x\"}]}", "{M{\"a\": 1}",
    String(repeating: "[", count: 100_000), "{M" + String(repeating: "{\"b\":", count: 50),
    "{M{\"a\": " + String(repeating: "9", count: 100_000) + "}}",
  ])
  func oddAnswersAreRefused(_ text: String) {
    let whole = text.replacing("M{", with: "\"metrics\":{").replacing("M[", with: "\"metrics\":[")
    #expect(throws: AnswerRefusal.self) { try EvaluatorAnswer(Array(whole.utf8)) }
  }

  @Test func soundAnswersAreAccepted() throws {
    let answer = try EvaluatorAnswer(
      Array(" {\"metrics\": {\"b\": -1.5e-3, \"a\": 0, \"\\u00e9\": 2}, \"items\": []}\n".utf8))
    #expect(answer.metrics.map(\.name) == ["a", "b", "é"])
    #expect(answer.isValid && answer["b"] == -0.001_5)
    let invalid = try EvaluatorAnswer(
      Array("{\"version\": 1, \"valid\": false, \"reason\": \"lower-cased\"}".utf8))
    #expect(!invalid.isValid && invalid.reason == "lower-cased")
  }

  @Test func bytesThatAreNotTextAreRefused() {
    #expect(throws: AnswerRefusal.self) { try EvaluatorAnswer([0x7B, 0x22, 0xFF, 0x22, 0x3A]) }
    for length in 0..<64 {
      var generator = SplitMix64(seed: UInt64(length))
      let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      #expect(throws: AnswerRefusal.self) { try EvaluatorAnswer(noise) }
    }
  }
}
