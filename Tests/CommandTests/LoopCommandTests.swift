// `stemma loop` and `stemma review` as a person meets them: where the store lies, how a waiting
// loop ends, what is refused before anything is stored.

import Foundation
import Glibc
import Testing

@Suite("Loop commands")
struct LoopCommandTests {
  private func with(
    _ edit: (String) -> String = { $0 }, _ body: (CommandRunner) throws -> Void
  ) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.write(to: runner.folder, edit)
    try body(runner)
  }

  private func makeFolder(_ name: String, _ runner: CommandRunner) throws {
    try FileManager.default.createDirectory(
      at: runner.folder.appendingPathComponent(name), withIntermediateDirectories: true)
  }

  @Test("a relative --store is a folder here")
  func relativeStore() throws {
    try with { runner in
      let name = "store-\(UUID().uuidString)"
      try makeFolder(name, runner)
      #expect(try runner.run(["init", name]).exitCode == 0)
      let run = try runner.run(["loop", "run", "campaign.toml", "--store", name, "--quiet"])
      #expect(run.exitCode == 0, "\(run.standardError)")
      #expect(!FileManager.default.fileExists(atPath: "/\(name)"))
      let vault = runner.folder.appendingPathComponent("\(name)/.stemma/vault")
      #expect(FileManager.default.fileExists(atPath: vault.path))
      let guards = try runner.run(["query", "@guards", "--store", name, "--format", "jsonl"])
      #expect(guards.standardOutput.split(separator: "\n").count > 3, "\(guards.standardOutput)")
      try? FileManager.default.removeItem(atPath: "/\(name)")
    }
  }

  @Test(
    "checkpoints are signed as often as was asked for",
    arguments: ["never", "round", "end"])
  func checkpoints(rhythm: String) throws {
    try with { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let run = try runner.run(
        ["loop", "run", "campaign.toml", "--quiet", "--checkpoints", rhythm])
      #expect(run.exitCode == 0, "\(run.standardError)")
      let list = try runner.run(["checkpoint", "--list"]).standardOutput
      let count = list.split(separator: "\n").count
      switch rhythm {
      case "never": #expect(count == 0, "\(list)")
      case "end": #expect(count == 1, "\(list)")
      default:
        let rounds = try runner.run(
          ["query", "MATCH (r:Report {kind: 'round'}) RETURN count(r)", "--format", "csv"])
        let made = rounds.standardOutput.split(separator: "\n").last.flatMap { Int($0) }
        // One for each round, and one for what came after the last.
        #expect(made.map { $0...$0 + 1 }?.contains(count) == true, "\(list) \(rounds)")
      }
      #expect(try runner.run(["verify"]).exitCode == 0)
    }
  }

  @Test("an attested eval names the environment that its run used")
  func attestedEnvironment() throws {
    try with {
      $0.replacing("[evaluate]\n", with: "[environment]\nmodules = [\"gcc/12\"]\n[evaluate]\n")
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let run = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(run.exitCode == 0, "\(run.standardError)")
      let counted = try runner.run([
        "query",
        """
        MATCH (e:Eval {standing: 'attested'})-[:EVALUATES]->(:Run)<-[:IN]-(:Attempt)
          -[:USES]->(v:Environment)
        WITH collect(e.statement CONTAINS v.contentHash) AS names
        RETURN size(names) > 0 AND all(isNamed IN names WHERE isNamed)
        """, "--format", "csv",
      ])
      #expect(counted.standardOutput.hasSuffix("\ntrue\n"), "\(counted)")
    }
  }

  @Test("nobody but the runner writes that an eval is attested")
  func forgedEvals() throws {
    try with { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      #expect(try runner.run(["loop", "run", "campaign.toml", "--quiet"]).exitCode == 0)
      let attested = ["query", "MATCH (e:Eval {standing: 'attested'}) RETURN count(e)"]
      let before = try runner.run(attested).standardOutput
      for forgery in [
        "MATCH (e:Eval {standing: 'attested'}) SET e.value = 0.0",
        """
        MATCH (e:Eval {standing: 'attested'}) WITH e LIMIT 1
        CREATE (:Eval {metric: e.metric, value: 9.0, split: e.split, status: e.status,
          standing: e.standing, statement: e.statement, signature: e.signature})
        """,
      ] {
        let said = try runner.run(["query", "--write", forgery, "--reason", "r"])
        #expect(said.exitCode == 3, "\(said.standardOutput) \(said.standardError)")
        #expect(said.standardError.contains("attested"), "\(said.standardError)")
      }
      #expect(try runner.run(attested).standardOutput == before)
      let repl = try runner.run(["query", "MATCH (e:Eval) RETURN e LIMIT 1"]).standardOutput
      #expect(repl.contains("attested"), "\(repl)")
      #expect(try runner.run(["verify"]).exitCode == 0)
    }
  }

  @Test("a loop that waits for a person ends at once", arguments: [SIGINT, SIGHUP])
  func interruptAtGate(number: Int32) throws {
    try with {
      $0 + "[gates]\nproposal = \"ask\"\n"
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let loop = try runner.start(["loop", "run", "campaign.toml"])
      try #require(loop.waitFor("waiting:"), "\(loop.text)")
      kill(loop.process.processIdentifier, number)
      #expect(loop.exitCode(withinSeconds: 5) == 128 + number, "\(loop.text)")
      #expect(loop.text.contains("stemma loop run campaign.toml"), "\(loop.text)")
      #expect(try runner.run(["verify"]).exitCode == 0)
      #expect(try runner.run(["review", "approve", "P2"]).exitCode == 0)
      let rest = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(rest.exitCode == 0 && rest.standardOutput.contains("finished"))
    }
  }

  @Test("a loop in the middle of runs ends soon and goes on")
  func interruptInRuns() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.write(to: runner.folder) { SmallCampaign.gated($0, in: runner.folder) }
    try SmallCampaign.close(in: runner.folder)
    #expect(try runner.run(["init"]).exitCode == 0)
    let loop = try runner.start(["loop", "run", "campaign.toml"])
    try #require(loop.waitFor("starts"), "\(loop.text)")
    usleep(900_000)
    kill(loop.process.processIdentifier, SIGTERM)
    #expect(loop.exitCode(withinSeconds: 20) == 128 + SIGTERM, "\(loop.text)")
    try SmallCampaign.open(in: runner.folder)
    #expect(try runner.run(["verify"]).exitCode == 0)
    let rest = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
    #expect(rest.exitCode == 0, "\(rest.standardError)")
    let failed = try runner.run(
      ["query", "MATCH (r:Run) WHERE r.status <> 'finished' RETURN count(r)", "--format", "csv"])
    #expect(failed.standardOutput.hasSuffix("\n0\n"), "\(failed.standardOutput)")
  }

  @Test("a store without the lineage's kinds is refused before anything is stored")
  func foreignSchema() throws {
    try with { runner in
      try Data("CREATE GRAPH TYPE t {\n  (:Proposal {x STRING})\n}\n".utf8)
        .write(to: runner.folder.appendingPathComponent("own.gql"))
      for (name, schema) in [("none", "none"), ("own", "own.gql")] {
        try makeFolder(name, runner)
        #expect(try runner.run(["init", name, "--schema", schema]).exitCode == 0)
        for command in [
          ["loop", "run", "campaign.toml"], ["review"], ["loop", "stop", "--reason", "x"],
        ] {
          let output = try runner.run(command + ["--store", name])
          #expect(output.exitCode == 4, "\(name) \(command): \(output)")
          #expect(output.standardError.contains("lineage"), "\(output.standardError)")
        }
        let count = try runner.run(
          ["query", "MATCH (n) RETURN count(n)", "--store", name, "--format", "csv"])
        #expect(count.standardOutput.hasSuffix("\n0\n"))
        let objects = runner.folder.appendingPathComponent("\(name)/.stemma/objects").path
        let kept = (try? FileManager.default.subpathsOfDirectory(atPath: objects)) ?? []
        #expect(kept.isEmpty, "\(kept)")
      }
    }
  }

  @Test("a proposer that is not there is an error of the file")
  func missingProposer() throws {
    try with {
      $0.replacing("kind = \"search\"", with: "kind = \"command\"\ncommand = [\"./propose.py\"]")
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let output = try runner.run(["loop", "run", "campaign.toml"])
      #expect(output.exitCode == 4)
      #expect(
        output.standardError.contains("campaign.toml, line 30, column 12"),
        "\(output.standardError)")
      #expect(output.standardError.contains("propose.py"))
    }
  }

  @Test(
    "a program of a run that its sandbox would not find is an error of the file",
    arguments: [
      ("\"sh\", \"train.sh\"", "\"python9\", \"train.sh\"", "line 20, column 12", "/usr/local/bin"),
      ("\"sh\", \"train.sh\"", "\"./start\", \"train.sh\"", "line 20, column 12", "source/start"),
      ("\"sh\", \"{eval", "\"score9\", \"{eval", "line 23, column 12", "no program 'score9'"),
    ])
  func missingProgram(old: String, new: String, place: String, word: String) throws {
    try with {
      $0.replacing(old, with: new)
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let output = try runner.run(["loop", "run", "campaign.toml"])
      #expect(output.exitCode == 4)
      #expect(output.standardError.contains("campaign.toml, \(place)"), "\(output.standardError)")
      #expect(output.standardError.contains(word), "\(output.standardError)")
      #expect(try runner.run(["loop", "status"]).standardOutput.hasPrefix("no campaign yet"))
    }
  }

  @Test(
    "an ordinary user is refused until the campaign accepts the weaker guards by name",
    .enabled(if: geteuid() == 0, "root becomes somebody else here"))
  func ordinaryUser() throws {
    try with { runner in
      chmod(runner.folder.path, 0o777)
      func run(_ arguments: [String]) throws -> CommandRunner.Output {
        try runner.run(arguments, asUser: 65534)
      }
      #expect(try run(["init"]).exitCode == 0)
      let refused = try run(["loop", "run", "campaign.toml"])
      #expect(refused.exitCode == 8, "\(refused)")
      let error = refused.standardError.replacing("\n", with: " ")
      let line = error.firstRange(of: "allow_weaker = [").flatMap { start in
        error[start.lowerBound...].firstIndex(of: "]").map { error[start.lowerBound...$0] }
      }
      #expect(
        try run(["query", "MATCH (n) RETURN count(n)", "--format", "csv"])
          .standardOutput.hasSuffix("\n0\n"))
      let doctor = try run(["doctor"]).standardOutput
      #expect(doctor.contains("disk-by-polling"), "\(doctor)")
      let accepting = try #require(line, "\(refused)")
      try SmallCampaign.write(to: runner.folder) {
        $0.replacing("[run]", with: "[run]\n\(accepting)")
      }
      let accepted = try run(["loop", "run", "campaign.toml"])
      #expect(accepted.exitCode == 0, "\(accepted)")
      #expect(accepted.standardError.contains("not exact here"), "\(accepted.standardError)")
      let grants = try run(["query", "MATCH (r:Run) RETURN DISTINCT r.grants", "--format", "csv"])
      #expect(grants.standardOutput.contains("disk (disk-by-polling)"), "\(grants)")
    }
  }

  @Test("a proposer that always fails ends with its reason and a code")
  func failingProposer() throws {
    try with {
      $0.replacing(
        "kind = \"search\"",
        with: "kind = \"command\"\ncommand = [\"sh\", \"-c\", \"echo no licence >&2; exit 3\"]")
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let output = try runner.run(["loop", "run", "campaign.toml"])
      #expect(output.exitCode == 4, "\(output)")
      #expect(output.standardError.contains("no licence"))
      #expect(output.standardError.contains("no proposal could be had"))
    }
  }

  @Test("the status of a campaign whose runner is gone says so, and what was asked of it")
  func statusWithoutRunner() throws {
    try with { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let killed = try runner.run(
        ["loop", "run", "campaign.toml", "--die-at", "after run-finished"])
      #expect(killed.exitCode != 0)
      let status = try runner.run(["loop", "status"]).standardOutput
      #expect(status.contains("interrupted: no runner holds it"), "\(status)")
      #expect(status.contains(" more reserved"), "\(status)")
      let stop = try runner.run(["loop", "stop", "--reason", "enough"]).standardOutput
      #expect(stop.contains("no runner is alive"), "\(stop)")
      let asked = try runner.run(["loop", "status"]).standardOutput
      #expect(asked.contains("asked to stop"), "\(asked)")
      let json = try runner.run(["loop", "status", "--format", "json"]).standardOutput
      #expect(json.contains("\"requests\":[\"stop\"]"), "\(json)")
      #expect(try runner.run(["loop", "run", "campaign.toml", "--quiet"]).exitCode == 0)
      let stopped = try runner.run(["loop", "status"]).standardOutput
      #expect(stopped.contains("stopped") && !stopped.contains("reserved"), "\(stopped)")
      let attempts = try runner.run(
        ["query", "MATCH (a:Attempt {status: 'running'}) RETURN count(a)", "--format", "csv"])
      #expect(attempts.standardOutput.hasSuffix("\n0\n"), "\(attempts)")
    }
  }

  @Test("a campaign that has started needs its source and its evaluator no more")
  func goesOnWithoutSource() throws {
    try with { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let folder = runner.folder
      func move(_ suffix: (from: String, to: String)) throws {
        for name in ["source", "evaluator"] {
          try FileManager.default.moveItem(
            at: folder.appendingPathComponent(name + suffix.from),
            to: folder.appendingPathComponent(name + suffix.to))
        }
      }
      try move((from: "", to: "-away"))
      let unstarted = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(unstarted.exitCode == 4 || unstarted.exitCode == 2, "\(unstarted)")
      #expect(unstarted.standardError.contains("there is no 'source'"), "\(unstarted)")
      try move((from: "-away", to: ""))
      let killed = try runner.run(
        ["loop", "run", "campaign.toml", "--die-at", "after run-finished"])
      #expect(killed.exitCode != 0)
      try move((from: "", to: "-away"))
      let run = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(run.exitCode == 0, "\(run.standardError)")
      #expect(try runner.run(["loop", "status"]).standardOutput.contains("finished"))
      #expect(try runner.run(["verify"]).exitCode == 0)
    }
  }

  @Test("a request needs a reason")
  func emptyReasons() throws {
    try with { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let killed = try runner.run(
        ["loop", "run", "campaign.toml", "--die-at", "after run-finished"])
      #expect(killed.exitCode != 0)
      for words in [["pause"], ["stop"], ["cancel", "R1"], ["requeue", "R1"]] {
        for reason in ["", "  "] {
          let said = try runner.run(["loop"] + words + ["--reason", reason])
          #expect(said.exitCode == 2, "\(said)")
          #expect(said.standardError.contains("the reason is empty"), "\(said)")
        }
      }
      let asked = ["query", "MATCH (c:Control) RETURN count(c)", "--format", "csv"]
      #expect(try runner.run(asked).standardOutput.hasSuffix("\n0\n"))
    }
  }

  @Test("limits of rounds and days are shown with what is left of them")
  func turnsOfTheBudget() throws {
    try with {
      $0.replacing("rounds = 1\n", with: "rounds = 1\nround = { runs = 90 }\nday = { runs = 91 }\n")
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      #expect(try runner.run(["loop", "run", "campaign.toml", "--quiet"]).exitCode == 0)
      let budget = try runner.run(["budget"])
      #expect(budget.exitCode == 0, "\(budget)")
      let lines = budget.standardOutput.split(separator: "\n").map {
        $0.split(separator: " ").map(String.init)
      }
      for (scope, limit) in [("round", "90"), ("day", "91")] {
        let line = lines.first { $0.count == 6 && $0[1] == scope && $0[2] == "runs" }
        #expect(line?[4] == limit, "\(budget.standardOutput)")
      }
    }
  }

  @Test("a campaign that cannot be measured shows its reason for ever")
  func failedStatus() throws {
    try with {
      $0.replacing("\"train.sh\"", with: "\"missing.sh\"")
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      #expect(try runner.run(["loop", "run", "campaign.toml"]).exitCode == 4)
      let status = try runner.run(["loop", "status"]).standardOutput
      #expect(status.contains("failed: the starting point"), "\(status)")
    }
  }

  @Test("after the end, requests and lists answer sensibly")
  func afterTheEnd() throws {
    try with {
      $0 + "[gates]\nproposal = \"ask\"\n"
    } _: { runner in
      #expect(try runner.run(["init"]).exitCode == 0)
      let waiting = try runner.run(["loop", "run", "campaign.toml", "--no-wait"])
      #expect(waiting.exitCode == 0, "\(waiting)")
      #expect(try runner.run(["review"]).standardOutput.contains("P2"))
      #expect(try runner.run(["loop", "stop", "--reason", "enough"]).exitCode == 0)
      #expect(try runner.run(["loop", "run", "campaign.toml", "--no-wait"]).exitCode == 0)
      let list = try runner.run(["review"])
      #expect(list.standardOutput == "nothing waits\n", "\(list)")
      let approve = try runner.run(["review", "approve", "P2"])
      #expect(approve.exitCode == 4 && approve.standardError.contains("stopped"), "\(approve)")
      for request in ["stop", "pause"] {
        let output = try runner.run(["loop", request, "--reason", "again"])
        #expect(output.exitCode == 4, "\(request): \(output)")
        #expect(output.standardError.contains("stopped"), "\(output)")
      }
      // A stopped campaign may go on; a finished one has nothing to go on with.
      #expect(try runner.run(["loop", "resume", "--reason", "after all"]).exitCode == 0)
      #expect(try runner.run(["loop", "run", "campaign.toml", "--no-wait"]).exitCode == 0)
      #expect(try runner.run(["review", "reject", "P2", "--reason", "no"]).exitCode == 0)
      let end = try runner.run(["loop", "run", "campaign.toml", "--no-wait"])
      #expect(end.standardOutput.contains("finished"), "\(end)")
      for request in ["resume", "stop", "pause"] {
        let output = try runner.run(["loop", request, "--reason", "again"])
        #expect(output.exitCode == 4 && output.standardError.contains("finished"), "\(output)")
      }
    }
  }
}
