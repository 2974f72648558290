// Runs that ask models through their socket, with the real program, the real sandbox and a server
// of our own in the model's place.

import Foundation
import Glibc
import Testing

@Suite("Models of runs")
struct RunModelTests {
  /// Asks in every way that is allowed, and in some that are not; says what it got.
  private static let script = #"""
    import http.client, json, os, socket, sys
    def ask(model, raw=None):
        s = socket.socket(socket.AF_UNIX); s.connect(os.environ["STEMMA_MODEL_SOCKET"])
        if raw is not None:
            s.sendall(raw); return s.recv(100).split()[1].decode()
        c = http.client.HTTPConnection("models"); c.sock = s
        c.request("POST", "/v1/chat/completions", json.dumps(
            {"model": model, "messages": [{"role": "user", "content": "how many?"}]}),
            {"Content-Type": "application/json"})
        r = c.getresponse(); body = json.load(r)
        return str(r.status) if r.status != 200 else str(body["usage"]["completion_tokens"])
    plan = sys.argv[1].split(",")
    print(" ".join(ask(m) if m != "odd" else ask("", b"odd\r\n\r\n") for m in plan))
    keys = [v for v in os.environ.values() if "sk-test" in v]
    assert not keys, keys
    for path in os.listdir("/run/stemma/models"): assert path == "socket", path
    """#

  private func with(
    plan: String, models: String, budget: String = "",
    _ body: (CommandRunner) throws -> Void
  ) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let runner = try CommandRunner()
    defer { runner.remove() }
    let server = Process()
    let pipe = Pipe()
    server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    server.arguments = [
      "python3", root.appendingPathComponent("tools/mock_models.py").path, "0",
      runner.folder.appendingPathComponent("asked").path,
    ]
    server.standardOutput = pipe
    try server.run()
    // Children get the signal mask of the thread, which may hold SIGTERM back.
    defer { kill(server.processIdentifier, SIGKILL) }
    let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(Int(line.filter(\.isNumber)))
    try SmallCampaign.write(to: runner.folder) { text in
      let granted = models.split(separator: ",").map { model in
        """
        [[run.models]]
        kind = "openai"
        name = "\(model.prefix { $0 != "=" })"
        model = "\(model.split(separator: "=").last ?? "")"
        base_url = "http://127.0.0.1:\(port)/v1"
        key_environment = "TEST_MODEL_KEY"
        input_price = 1.0
        output_price = 2.0
        max_tokens = 64

        """
      }
      return text.replacing("slots = 4", with: plan == "good" ? "slots = 1" : "slots = 2")
        .replacing("[evaluate]", with: granted.joined() + budget + "[evaluate]")
    }
    try Data(Self.script.utf8).write(to: runner.folder.appendingPathComponent("source/ask.py"))
    try Data("python3 ask.py \(plan) && echo \"$1 $STEMMA_SEED\" > output/value\n".utf8)
      .write(to: runner.folder.appendingPathComponent("source/train.sh"))
    #expect(try runner.run(["init"]).exitCode == 0)
    try body(runner)
  }

  private static let key = ["TEST_MODEL_KEY": "sk-test-secret-0123456789"]

  private func rows(_ runner: CommandRunner, _ query: String) throws -> [String] {
    let output = try runner.run(["query", query, "--format", "csv"])
    return output.standardOutput.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  @Test("a run reaches the listed models only, and every call is recorded and charged")
  func metered() throws {
    try with(
      plan: "good,other,odd,good,good", models: "good=plain",
      budget: "[run.model_budget]\ncalls = 2\nmoney = 0.5\n"
    ) { runner in
      let keyless = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(keyless.exitCode == 4 && keyless.standardError.contains("no TEST_MODEL_KEY"))
      #expect(try rows(runner, "MATCH (c:Campaign) RETURN c").isEmpty, "nothing was used up")
      let loop = try runner.run(
        ["loop", "run", "campaign.toml", "--quiet"], environment: Self.key)
      #expect(loop.exitCode == 0, "\(loop.standardError)")
      let runs = try rows(
        runner, "MATCH (r:Run) WHERE r.status <> 'finished' RETURN r.key, r.failure, r.errorTail")
      #expect(runs.isEmpty, "\(runs)")
      let calls = try rows(
        runner,
        "MATCH (c:Call {role: 'run'}) WITH c.about AS run, c ORDER BY c.ordinal "
          + "WITH run, collect(c.status) AS s, sum(c.chargedTokens) AS t, sum(c.money) AS m "
          + "RETURN DISTINCT reduce(x = '', y IN s | x + ' ' + y) AS s, t, round(m * 1e6)")
      #expect(calls == [" answered invalid invalid answered invalid,240,280.0"], "\(calls)")
      let charged = try rows(
        runner,
        "MATCH (x:Charge)-[:CHARGES]->(:Run) WHERE x.resource IN ['tokens', 'money'] "
          + "WITH x, CASE x.resource WHEN 'tokens' THEN 240 ELSE 0.00028 END AS used "
          + "RETURN DISTINCT x.resource AS r, abs(x.spent - used) < 1e-9, x.reserved ORDER BY r")
      #expect(charged == ["money,true,0.2", "tokens,true,100000.0"], "\(charged)")
      let grants = try rows(
        runner, "MATCH (r:Run) RETURN DISTINCT r.grants CONTAINS 'models: good'")
      #expect(grants == ["true"])
      let costs = try runner.run(["query", "@costs-by-model", "--format", "csv"]).standardOutput
      #expect(costs.contains("\ngood,run,") && costs.contains("\nunknown,run,"), "\(costs)")
      let found = try runner.run(["verify"])
      #expect(found.exitCode == 0)
      let grep = Process()
      grep.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      grep.arguments = ["grep", "-rqa", "sk-test-secret", runner.folder.path + "/.stemma"]
      try grep.run()
      grep.waitUntilExit()
      #expect(grep.terminationStatus == 1, "the key was kept")
      let left = try FileManager.default.contentsOfDirectory(
        atPath: runner.folder.path + "/.stemma/calls/small")
      #expect(left.isEmpty, "\(left)")
    }
  }

  @Test("a call under way when the runner is killed is charged as reserved, once")
  func killed() throws {
    try with(plan: "good", models: "good=slow+plain") { runner in
      let process = Process()
      process.executableURL = CommandRunner.program
      process.arguments = ["loop", "run", "campaign.toml", "--quiet"]
      process.currentDirectoryURL = runner.folder
      process.environment =
        ["PATH": "/usr/bin:/bin", "HOME": runner.folder.path].merging(Self.key) { $1 }
      try process.run()
      let asked = runner.folder.appendingPathComponent("asked")
      for _ in 0..<400 where ((try? Data(contentsOf: asked)) ?? Data()).isEmpty { usleep(50_000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let again = try runner.run(
        ["loop", "run", "campaign.toml", "--quiet"], environment: Self.key)
      #expect(again.exitCode == 0, "\(again.standardError)")
      let calls = try rows(
        runner,
        "MATCH (c:Call {role: 'run', about: 'R1'}) "
          + "RETURN c.status, c.failure, c.chargedTokens > 100 AS all ORDER BY c.ordinal")
      #expect(
        calls == [
          "failed,the runner ended before an answer came,true", "answered,,true",
        ], "\(calls)")
      let sums = try rows(
        runner,
        "MATCH (x:Charge {resource: 'tokens'})-[:CHARGES]->(r:Run {key: 'R1'}) "
          + "MATCH (c:Call {about: 'R1'}) WITH x, sum(c.chargedTokens) AS all "
          + "RETURN x.spent = all")
      #expect(sums == ["true"], "\(sums)")
    }
  }

  @Test("without a grant there is no socket")
  func absent() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.write(to: runner.folder)
    let script = "[ -z \"$STEMMA_MODEL_SOCKET\" ] && [ ! -e /run/stemma ] && "
    try Data((script + "echo \"$1 1\" > output/value\n").utf8)
      .write(to: runner.folder.appendingPathComponent("source/train.sh"))
    #expect(try runner.run(["init"]).exitCode == 0)
    let loop = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
    #expect(loop.exitCode == 0, "\(loop.standardError)")
    #expect(try rows(runner, "MATCH (r:Run) WHERE r.status <> 'finished' RETURN r").isEmpty)
  }
}
