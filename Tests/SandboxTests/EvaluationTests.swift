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
          {"item": "one", "cluster": "c", "metric": "error", "value": 0.25}]}))
        """, run: run, answers: answers)
    #expect(outcome.refusal == nil, "\(outcome.sandbox.logText)")
    #expect(outcome.report?.metrics.map(\.name) == ["error"])
    #expect(outcome.report?.metrics.first?.value == 0.25)
    #expect(outcome.report?.items.first?.cluster == "c")
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
      prologue + "score(json.dumps({'names': len(os.listdir('\(run.path)'))}))", run: run,
      answers: answers)
    #expect(outcome.report?.metrics.first?.value == 1, "\(outcome.sandbox.logText)")
  }

  @Test func plantedModulesAreNotImported() throws {
    let run = Scratch()
    for name in ["random.py", "json.py", "sitecustomize.py", "usercustomize.py"] {
      run.write("import os\nos.write(3, b'{\"planted\": 1}')\n", name)
    }
    let outcome = try evaluate(
      "import json, os, random\nos.write(3, json.dumps({'cwd': len(os.listdir('.'))}).encode())",
      run: run)
    #expect(outcome.report?.metrics.map(\.name) == ["cwd"])
    #expect(outcome.report?.metrics.first?.value == 0)
  }

  @Test func theRunsFilesCannotBeChangedByTheEvaluator() throws {
    let run = Scratch()
    run.write("x", "file")
    let outcome = try evaluate("open('\(run.path)/file', 'w').write('y')", run: run)
    #expect(outcome.report == nil)
    #expect(outcome.refusal?.contains("did not finish") == true)
    #expect(run.read("file") == "x")
  }

  @Test func anEvaluatorThatHangsHasNoScore() throws {
    let outcome = try evaluate(prologue + "score('{\"a\": 1}')\nimport time; time.sleep(60)") {
      $0.budget.wallMilliseconds = 300
    }
    #expect(outcome.sandbox.exceeded == .wall)
    #expect(outcome.report == nil)
  }

  @Test(arguments: [
    "", "{}", "[]", "1", "{\"a\": NaN}", "{\"a\": Infinity}", "{\"a\": -Infinity}",
    "{\"a\": 1e999}",
    "{\"a\": 1, \"a\": 2}", "{\"a\": 1, \"metrics\": {\"a\": 2}}", "{\"a\": 1} {\"b\": 2}",
    "{\"a\": 1}\u{0}", "{\"a\": \"1\"}", "{\"a\": true}", "{\"a\": null}", "{\"a\": 01}",
    "{\"a\": 1.}",
    "{\"a\": .5}", "{\"a\": +1}", "{\"a\": 0x10}", "{'a': 1}", "{\"a\": 1,}", "{\"\": 1}",
    "{\"a\\u0000\": 1}", "{\"\\ud800\": 1}", "\u{FEFF}{\"a\": 1}", "{\"invalid\": \"x\", \"a\": 1}",
    "{\"items\": [{\"item\": \"a\", \"metric\": \"m\"}]}", "{\"items\": [1]}", "{\"a\": 1",
    "{\"items\": [{\"item\":\"a\",\"metric\":\"m\",\"value\":1},"
      + "{\"item\":\"a\",\"metric\":\"m\",\"value\":2}]}",
    String(repeating: "[", count: 100_000), "{\"a\":" + String(repeating: "{\"b\":", count: 50),
    "{\"a\": " + String(repeating: "9", count: 100_000) + "}",
  ])
  func oddReportsAreRefused(_ text: String) {
    #expect(throws: ScoreRefusal.self) { try ScoreReport.parse(Array(text.utf8)) }
  }

  @Test func soundReportsAreAccepted() throws {
    let report = try ScoreReport.parse(
      Array(" {\"b\": -1.5e-3, \"a\": 0, \"items\": [], \"\\u00e9\": 2}\n".utf8))
    #expect(report.metrics.map(\.name) == ["a", "b", "é"])
    let invalid = try ScoreReport.parse(Array("{\"invalid\": \"lower-cased\"}".utf8))
    #expect(invalid.invalidReason == "lower-cased")
  }

  @Test func bytesThatAreNotTextAreRefused() {
    #expect(throws: ScoreRefusal.self) { try ScoreReport.parse([0x7B, 0x22, 0xFF, 0x22, 0x3A]) }
    for length in 0..<64 {
      var generator = SplitMix64(seed: UInt64(length))
      let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      #expect(throws: ScoreRefusal.self) { try ScoreReport.parse(noise) }
    }
  }
}
