// Runs that are preempted or that lose by their own word, with the real program and sandbox.

import Foundation
import Glibc
import Testing

@Suite("Preemption")
struct PreemptionTests {
  /// A trainer of twenty short steps that keeps how far it is, and says so as a curve.
  private static let trainer = """
    kept=$STEMMA_RESUME_DIR
    step=$(cat "$kept/step" 2>/dev/null || echo 0)
    loss=$((100 - $1)).$((STEMMA_SEED % 10))
    trap 'exit 143' TERM
    while [ "$step" -lt 20 ]; do
      step=$((step + 1))
      echo "{\\"step\\": $step, \\"loss\\": $loss}" >> output/metrics.jsonl
      echo "$step" > "$kept/next" && mv "$kept/next" "$kept/step"
      while [ "$step" -eq 5 ] && \(SmallCampaign.isClosed("$3/gate")); do sleep 0.05; done
      sleep $2
    done
    echo "$1 $STEMMA_SEED" > output/value

    """

  private func with(
    sleep: String, _ edit: (String) -> String = { $0 }, _ body: (CommandRunner) throws -> Void
  ) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.close(in: runner.folder)
    try SmallCampaign.write(to: runner.folder) { text in
      let words = "\"{width}\", \"\(sleep)\", \"\(runner.folder.path)\"]"
      return edit(
        SmallCampaign.shown(text).replacing("\"{width}\"]", with: words)
          .replacing("[run]\n", with: "[run]\nresume = \"1MiB\"\ngrace = \"5s\"\n"))
    }
    try Data(Self.trainer.utf8).write(to: runner.folder.appendingPathComponent("source/train.sh"))
    #expect(try runner.run(["init"]).exitCode == 0)
    try body(runner)
  }

  @Test("a loop that is interrupted goes on where its runs were")
  func interruption() throws {
    try with(sleep: "0.02") { runner in
      let started = try runner.start(["loop", "run", "campaign.toml"])
      #expect(started.waitFor("starts"), "\(started.text)")
      let kept = runner.folder.appendingPathComponent(".stemma/resume/small")
      for _ in 0..<400 {
        let names = try? FileManager.default.contentsOfDirectory(atPath: kept.path)
        if names?.isEmpty == false { break }
        usleep(50_000)
      }
      usleep(1_000_000)
      kill(started.process.processIdentifier, SIGINT)
      #expect(started.exitCode(withinSeconds: 30) == 130, "\(started.text)")
      try SmallCampaign.open(in: runner.folder)
      #expect(try !FileManager.default.contentsOfDirectory(atPath: kept.path).isEmpty)
      let preempted = try runner.run([
        "query", "MATCH (a:Attempt {killedBy: 'preempted'}) RETURN a.status, a.wallSeconds > 0.5",
        "--format", "csv",
      ])
      #expect(preempted.standardOutput.contains("cancelled,true"), "\(preempted)")
      let run = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(run.exitCode == 0, "\(run.standardError)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path).isEmpty)
      // No step was done twice: the second attempt began where the first had ended.
      let points = try runner.run([
        "query",
        "MATCH (a:Attempt {number: 2})-[:IN]->(r:Run)-[:PRODUCED]->(s:Series {metric: 'loss'}) "
          + "RETURN min(head(s.steps)) > 1, max(last(s.steps))", "--format", "csv",
      ])
      #expect(points.standardOutput.contains("true,20"), "\(points)")
    }
  }

  @Test("a screen that says of itself that it loses is ended by the declared rule")
  func rule() throws {
    let declare: (String) -> String = {
      $0.replacing("default = 2", with: "default = 12")
        + "[stopping]\nmetric = \"loss\"\nafter = 3\npoints = 2\n"
    }
    try with(sleep: "0.05", declare) { runner in
      try SmallCampaign.open(in: runner.folder)
      let run = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(run.exitCode == 0, "\(run.standardError)")
      let ended = try runner.run([
        "query",
        "MATCH (r:Run {killedBy: 'rule'})-[:EXECUTES]->(p:Proposal) "
          + "RETURN r.kind, r.status, p.status, r.failure", "--format", "csv",
      ])
      #expect(
        ended.standardOutput.contains("train,cancelled,screened,\"it said loss = "), "\(ended)")
      let others = try runner.run([
        "query", "MATCH (r:Run {killedBy: 'rule'}) WHERE r.kind <> 'train' RETURN count(r)",
        "--format", "csv",
      ])
      #expect(others.standardOutput.hasSuffix("\n0\n"), "\(others)")
    }
  }
}
