// Campaign files: the template reads, and each kind of mistake is one clear error at its place.

import Base
import Foundation
import Sandbox
import TestSupport
import Testing

@testable import Loop

@Suite struct CampaignReaderTests {
  /// 8 noise runs; 4 rounds of 3 proposals, each 1 screen, 6 pairs, 2 more noise runs; 2 pairs at
  /// the end; 8 s and 4 s each.
  @Test func estimatesAreBounds() throws {
    let simulated = try SimulatedCampaign()
    defer { simulated.remove() }
    let estimate = CampaignEstimate(simulated.campaign)
    #expect(estimate.fewestRuns == 8 + 12)
    #expect(estimate.mostRuns == 8 + 12 * 15 + 4)
    #expect(estimate.wallSecondsPerRun == 12)
    #expect(estimate.mostWallSeconds == Double(estimate.mostRuns) * 12)
    let limited = try SimulatedCampaign {
      $0.replacingOccurrences(of: "runs = 200", with: "runs = 100, wall = \"10m\"")
    }
    defer { limited.remove() }
    #expect(CampaignEstimate(limited.campaign).mostRuns == 100)
    #expect(CampaignEstimate(limited.campaign).mostWallSeconds == 600)
  }

  static let template = Campaign.template(name: "demo", goal: "a \"goal\"")

  private func parse(_ text: String) throws -> Campaign {
    try Campaign.parse(Array(text.utf8), name: "campaign.toml", directory: "/c")
  }

  @Test func theTemplateReads() throws {
    let campaign = try parse(Self.template)
    #expect(campaign.name == "demo")
    #expect(campaign.goal == "a \"goal\"")
    #expect(campaign.primary.metric == "loss")
    #expect(campaign.primary.sign == -1)
    #expect(campaign.run.readOnly.isEmpty)
    #expect(campaign.run.budget.wallMilliseconds == 60_000)
    #expect(campaign.run.budget.memoryBytes == 512 << 20)
    #expect(campaign.evaluation.hidden == ["/c/data/validation"])
    #expect(campaign.holdout?.hidden == ["/c/data/holdout"])
    #expect(campaign.critics.map(\.name) == ["historian"])
    #expect(campaign.budgets.campaign.runs == 200)
    #expect(campaign.editable.parameters.first?.initial == .number(0.003))
  }

  private static let models = "[[run.models]]\nkind = \"openai\"\nmodel = \"m\"\n\n"

  /// One mistake each; the golden file shows what a person sees.
  @Test func mistakesReadWell() throws {
    let mistakes: [(String, String, String)] = [
      ("unknown key", "slots = 1 ", "slot = 1 "),
      ("unknown table", "[noise]", "[noises]"),
      ("a folder that nodes cannot find", "[noise]", "[slurm]\ndirectory = \"jobs\"\n\n[noise]"),
      (
        "an option that is the runner's", "[noise]",
        "[slurm]\ndirectory = \"/tmp\"\noptions = [\"--qos=a\", \"-t5\"]\n\n[noise]"
      ),
      ("wrong kind", "runs = 8 ", "runs = \"8\" "),
      ("out of range", "runs = 8 ", "runs = 3 "),
      ("not a choice", "direction = \"minimise\"", "direction = \"minimize\""),
      ("constraint without threshold", "role = \"optimise\"", "role = \"constraint\""),
      ("empty range", "maximum = 0.1", "maximum = 0.0001"),
      ("default outside", "default = 0.003", "default = 3.0"),
      ("unknown placeholder", "\"{learning_rate}\"", "\"{lr}\""),
      ("stray brace", "\"{learning_rate}\"", "\"{learning rate}\""),
      ("bad duration", "wall = \"60s\", memory = \"512MiB\", processes = 64", "wall = \"60\""),
      ("overflow", "memory = \"512MiB\", processes = 64", "memory = \"99999999999GiB\""),
      ("memory below the floor", "memory = \"512MiB\"", "memory = \"1KiB\""),
      ("disk below the floor", "disk = \"64MiB\"", "disk = \"1KiB\""),
      ("processes below the floor", "processes = 64", "processes = 1"),
      ("no wall time", "wall = \"60s\"", "wall = \"0s\""),
      ("cpu time as a number", "wall = \"60s\"", "cpu = 60"),
      ("cpus below the floor", "processes = 64", "cpus = 0"),
      ("log above the roof", "log = \"1MiB\"", "log = \"1000GiB\""),
      ("no run to spare", "runs = 200", "runs = 12"),
      ("no time to spare", "wall = \"1h\"", "wall = \"2m\""),
      ("no day is long enough", "runs = 200 }", "runs = 200 }\nday = { runs = 7 }"),
      ("no runs for a confirmation", "round = { wall = \"10m\"", "round = { runs = 1"),
      ("no time for a confirmation", "wall = \"10m\"", "wall = \"1m\""),
      ("hidden data in sight", "hidden = [\"data/validation\"]", "hidden = [\"source/v\"]"),
      ("evaluator in the source", "directory = \"evaluator\"", "directory = \"source/evaluator\""),
      ("odd pairs", "pairs = 6", "pairs = 7"),
      ("unknown provider", "kind = \"search\"", "kind = \"serach\""),
      ("missing table", "[budgets]", "[budgets2]"),
      ("no weaker guard", "# read_only = [\"corpus\"]", "allow_weaker = [\"disk-polling\"]"),
      ("empty command", "command = [\"python3\", \"{evaluator}", "command = [] #[\"{evaluator}"),
      ("a folder below the floor", "# read_only = [\"corpus\"]", "resume = \"1KiB\""),
      ("a way to keep that there is not", "# read_only = [\"corpus\"]", "keep = \"bets\""),
      ("a rule over nothing", "[noise]", "[stopping]\nafter = 3\n\n[noise]"),
      (
        "a rule that is a coin", "[noise]",
        "[stopping]\nmetric = \"loss\"\nquantile = 0.3\n\n[noise]"
      ),
      ("a budget for no model", "[noise]", "[run.model_budget]\ncalls = 3\n\n[noise]"),
      ("a model of no kind", "[noise]", "[[run.models]]\nmodel = \"m\"\n\n[noise]"),
      ("a model twice", "[noise]", Self.models + Self.models + "[noise]"),
      (
        "money without a price", "[noise]",
        Self.models + "[run.model_budget]\nmoney = 1.0\n\n[noise]"
      ),
      ("models of a job", "[noise]", Self.models + "[slurm]\ndirectory = \"/tmp\"\n\n[noise]"),
      (
        "tokens for no proposal", "runs = 200 }",
        "runs = 200, tokens = 1000 }\n" + Self.models
      ),
      ("syntax", "format = 1", "format = "),
      ("another format", "format = 1", "format = 2"),
    ]
    var seen = ""
    for (title, old, new) in mistakes {
      #expect(Self.template.contains(old), "\(title): the template has no \(old)")
      do {
        _ = try parse(Self.template.replacingFirst(old, new))
        Issue.record("accepted: \(title)")
      } catch let error as StemmaError {
        seen += "## \(title)\n\(Self.shown(error))\n"
      }
    }
    try Golden.expect(seen, matches: "Campaigns/mistakes.txt")
  }

  static func shown(_ error: StemmaError) -> String {
    var text = "\(error.code.rawValue): \(error.message)\n"
    if case .text(let name, let line, let column, let length, let source)? = error.place {
      text += "  \(name ?? "?"):\(line):\(column)\n  | \(source)\n  | "
      text +=
        String(repeating: " ", count: column - 1) + String(repeating: "^", count: length) + "\n"
    }
    if let advice = error.advice { text += "  \(advice)\n" }
    return text
  }

  @Test(arguments: [
    ("**", "a/b.py", true), ("*.py", "a.py", true), ("*.py", "a/b.py", false),
    ("**/*.py", "a/b/c.py", true), ("**/*.py", "c.py", true), ("src/**", "src/x/y", true),
    ("src/**", "other/x", false), ("a?c", "abc", true), ("a*c*e", "abcde", true),
    ("a*c", "ab", false),
  ])
  func globs(pattern: String, path: String, expected: Bool) {
    #expect(Glob(pattern).matches(path) == expected)
  }
}

extension String {
  /// Replaces the first occurrence only.
  func replacingFirst(_ old: String, _ new: String) -> String {
    guard let range = range(of: old) else { return self }
    return replacingCharacters(in: range, with: new)
  }
}
