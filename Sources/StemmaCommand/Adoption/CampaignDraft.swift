// The campaign file for code that is there already, as text: what was found, with the reasons as
// comments. A draft only says what it was told; it looks at nothing.

import Base
import Loop
import Sandbox

/// A campaign file in the making.
struct CampaignDraft {
  var name: String
  /// Where the source is, from the campaign's folder.
  var source = ".."
  var exclude: [String] = []
  var repository: RepositoryFacts?
  var environment: String?
  var locks: [String] = []
  /// The words that start the program, with its fixed options.
  var command: [String]
  /// Knobs, and options that stay as they are.
  var knobs: [ProgramOption] = []
  var fixed: [ProgramOption] = []
  /// The configuration file that the knobs are keys of; they are options where `nil`.
  var configuration: String?
  var editable: [String] = []
  /// Folders of the code that are left out of the source and seen by reference.
  var references: [String] = []
  var metric: ReportedMetric?
  var keepsPrinted = false
  var weaknesses: [String] = []
  var budget = ""
  /// Where the tree needs more than the usual number.
  var inodes: Int?
  var wallSeconds = 600

  /// Keeps what a program prints for the evaluator, and ends as the program did.
  /// Loggers print to standard error, so both are kept.
  private static let keeping =
    #""$@" > "$0/printed.txt" 2>&1; s=$?; cat "$0/printed.txt"; exit $s"#

  /// The budgets of the trial: generous, and such that the tree can be laid out at all.
  mutating func makeRoom(files: Int, bytes: Int) {
    let disk = max(1_024, bytes >> 19)
    budget = "wall = \"10m\", memory = \"4GiB\", processes = 256, disk = \"\(disk)MiB\""
    let usual = SandboxBudget().inodes
    if files * 2 > usual { inodes = files * 2 + usual }
  }

  /// The whole command line with its placeholders.
  var words: [String] {
    var words = command.map(Self.braced)
    if let configuration, !knobs.isEmpty {
      let start = [words.first ?? "python3", "-c", Self.braced(ConfigurationReader.launcher)]
      words = start + [configuration, given] + words.dropFirst()
    } else {
      for knob in knobs {
        // A default that is negative would read as an option of its own.
        words += knob.flag.isEmpty ? ["{\(knob.name)}"] : ["\(knob.flag)={\(knob.name)}"]
      }
    }
    for option in fixed where !option.flag.isEmpty && !option.isKey && !mentions(option.flag) {
      if option.isSeed { words += [option.flag, "{seed}"] }
      if option.isOutput { words += [option.flag, "{output}"] }
    }
    return keepsPrinted ? ["sh", "-c", Self.braced(Self.keeping), "{output}"] + words : words
  }

  /// Keys of the configuration file that take what the runner says.
  private var given: String {
    fixed.filter { $0.isKey && ($0.isSeed || $0.isOutput) }
      .map { $0.name + ($0.isSeed ? "=STEMMA_SEED" : "=STEMMA_OUTPUT") }.joined(separator: ",")
  }

  /// Whether the fixed words set an option already.
  func mentions(_ flag: String) -> Bool {
    command.contains { $0 == flag || $0.hasPrefix(flag + "=") }
  }

  private static func braced(_ word: String) -> String {
    word.replacing("{", with: "{{").replacing("}", with: "}}")
  }

  // MARK: Text

  var text: String {
    [
      head, sourceTable, editableTable, environmentTable, runTable, evaluateTable, rest,
    ].joined(separator: "\n")
  }

  private var head: String {
    """
    # A Stemma campaign over code that was there already. docs/campaign.md describes every key;
    # unknown keys are errors. Relative paths start at the folder of this file.
    # See what happens without starting it: stemma loop trial FILE
    format = 1
    \(referenceLine)
    [campaign]
    name = \(quoted(name))
    goal = \(quoted("a better \(metric?.name ?? "result")"))
    slots = 1           # how many runs may go on at once

    [[objectives]]
    metric = \(quoted(metric?.name ?? "loss"))
    direction = \(quoted(metric?.isSmallerBetter ?? true ? "minimise" : "maximise"))

    """
  }

  /// What the program asked for and git leaves out: it stays where it is.
  private var referenceLine: String {
    guard !references.isEmpty else { return "" }
    let all = references.map { path in
      "{ name = \(quoted(path)), path = \(quoted("../" + path)), at = \(quoted(path)) }"
    }
    return "\n# Left out of the source; the trial asked for it. Seen read-only, never copied.\n"
      + "references = [\(all.joined(separator: ", "))]\n"
  }

  private var sourceTable: String {
    var lines = ["# These files are stored before anything runs; runs take them from the store."]
    lines += ["[source]", "directory = \(quoted(source))", "exclude = \(list(exclude))"]
    if let commit = repository?.commit {
      lines.append("commit = \(quoted(commit))")
      let changed = repository?.changed ?? []
      if !changed.isEmpty {
        lines.append("# Captured as they are, although they differ from that commit:")
        lines.append("changed = \(list(changed))")
      }
    }
    for pointer in repository?.pointers ?? [] {
      lines.append("# Only a pointer of Git LFS (`git lfs pull` brings the content): \(pointer)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var editableTable: String {
    var text = """
      [editable]
      files = \(list(editable))      # globs that a patch may touch

      """
    for knob in knobs { text += "\n" + knob.table }
    let left = fixed.filter { !$0.isSeed && !$0.isOutput }.map(\.said)
    if !left.isEmpty { text += "\n# Left as they are: \(left.joined(separator: " "))\n" }
    return text
  }

  private var environmentTable: String {
    guard environment != nil || !locks.isEmpty else {
      return "# [environment]\n# folder = \"../.venv\"   # a virtual environment; none was found\n"
    }
    var lines = ["[environment]"]
    if let environment {
      lines.append("folder = \(quoted(environment))   # seen read-only; its programs come first")
    }
    if !locks.isEmpty { lines.append("lock = \(list(locks))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var runTable: String {
    var lines = ["# No network, nothing inherited, files only as listed in this file.", "[run]"]
    if !weaknesses.isEmpty {
      lines.append("# Held only nearly for an ordinary user here (stemma doctor); exact as root.")
      lines.append("allow_weaker = \(list(weaknesses))")
    }
    lines.append("command = [")
    lines += words.map { "  \(quoted($0))," }
    lines += [
      "]", "# One thread, so that runs in slots do not disturb each other.",
      "environment = { OMP_NUM_THREADS = \"1\", OPENBLAS_NUM_THREADS = \"1\" }",
      "budget = { \(budget)\(inodes.map { ", inodes = \($0)" } ?? "") }",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var evaluateTable: String {
    """
    # The evaluator that was written for a start takes the run's own word for the score. A run that
    # proposals may change can cheat it: let it compute the score itself, from what the run left and
    # from answers that only it sees (hidden = ["FOLDER"]), and name the benchmark.
    [evaluate]
    command = ["python3", "-I", "{evaluator}/evaluate.py"]
    directory = "evaluator"
    benchmark = "self-reported"
    budget = { wall = "60s", memory = "512MiB" }

    """
  }

  private var rest: String {
    """
    [proposer]
    kind = "search"     # search | command | replay | openai | anthropic
    per_round = 2

    [[critics]]
    kind = "historian"

    [budgets]
    rounds = 3
    campaign = { runs = 100, wall = "\(max(3_600, (wallSeconds + 60) * 100))s" }

    """
  }

  private func quoted(_ text: String) -> String { JSONString.quoted(text) }

  private func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  /// The evaluator that takes the run's word.
  var evaluator: String {
    """
    \"""Takes the number that a run reports of itself: a start, and no judge.

    Replace it by a program that computes the score from what the run left in its output folder
    (STEMMA_RUN) and from answers that only it sees (STEMMA_HIDDEN). It writes one JSON object to
    descriptor 3; what it prints counts for nothing. docs/campaign.md describes the object.
    \"""
    import json
    import math
    import os
    import pathlib
    import re

    NAME = \(quoted(metric?.name ?? "loss"))
    RUN = pathlib.Path(os.environ["STEMMA_RUN"])
    FILE = RUN / \(quoted(metric?.file ?? ReportedMetric.printed))


    def value():
        text = FILE.read_text()
        if FILE.suffix == ".json":
            found = json.loads(text)
            for part in NAME.split("."):
                found = found[part]
            return float(found)
        # The last number after that name, such as "NAME: 0.5" or "NA ME 97.1%".
        words = map(re.escape, NAME.split("_"))
        return float(re.findall(r"[\\W_]+".join(words) + r"[\\s:=|]+([-+.0-9eE]+)", text)[-1])


    try:
        number = value()
        answer = {"version": 1, "valid": math.isfinite(number), "metrics": {NAME: number}}
    except (OSError, ValueError, TypeError, LookupError) as error:
        answer = {"version": 1, "valid": False, "reason": f"no {NAME}: {error!r}"}
    if not answer["valid"]:
        answer["metrics"] = {}
        answer.setdefault("reason", f"{NAME} is not finite")
    os.write(3, json.dumps(answer).encode())

    """
  }
}
