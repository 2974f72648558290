// The commented campaign file that `stemma init --campaign` writes. A test parses it, so it cannot
// fall behind.

extension Campaign {
  /// A campaign file with every table explained, ready to be edited. `weaknesses` are accepted by
  /// name: without them it would be refused where budgets are held only nearly.
  public static func template(name: String, goal: String, weaknesses: [String] = []) -> String {
    let names = weaknesses.map { "\"\($0)\"" }.joined(separator: ", ")
    let accepting =
      """

      # For an ordinary user this machine holds these only nearly, by looking every 20 ms (stemma
      # doctor); as root they are exact. Without their names here the campaign would be refused.
      allow_weaker = [\(names)]
      """
    return """
      # A Stemma campaign. docs/campaign.md describes every key; unknown keys are errors.
      # Relative paths start at the folder of this file.
      format = 1

      [campaign]
      name = \(quoted(name))
      goal = \(quoted(goal))
      seed = 1            # seeds the built-in search; seeds of runs come from a sealed key
      slots = 1           # how many runs may go on at once

      # What is measured. Exactly one objective has the role "optimise".
      [[objectives]]
      metric = "loss"     # a name in the evaluator's answer
      unit = "nat"
      direction = "minimise"
      role = "optimise"   # optimise | constraint (needs a threshold) | observe
      margin = 0.001      # differences within this are "equivalent"

      # Where proposals start: these files are stored before anything runs.
      [source]
      directory = "source"
      exclude = ["**/__pycache__/**", "**/*.pyc"]

      [editable]
      files = ["train.py"]            # globs that a patch may touch

      # Knobs: {learning_rate} below is replaced by the value.
      [[editable.parameters]]
      name = "learning_rate"
      type = "number"                 # integer | number | choice | boolean
      minimum = 0.0001
      maximum = 0.1
      scale = "log"
      default = 0.003

      # Alternatives that the search may try:
      # [[editable.patches]]
      # name = "relu"
      # kind = "architecture"
      # replace = [{ path = "train.py", with = "patches/train_relu.py" }]

      # How a tree is run: no network, nothing inherited, files only as listed here.
      [run]\(weaknesses.isEmpty ? "" : accepting)
      command = [
        "python3", "train.py", "--learning-rate", "{learning_rate}",
        "--seed", "{seed}", "--output", "{output}",
      ]
      # read_only = ["corpus"]        # files or folders to see as well, under the same path
      budget = { wall = "60s", memory = "512MiB", processes = 64, disk = "64MiB", log = "1MiB" }

      # How it is judged: a program outside the source, alone with the answers.
      [evaluate]
      command = ["python3", "{evaluator}/evaluate.py", "--run", "{run}", "--answers", "{hidden}"]
      directory = "evaluator"
      hidden = ["data/validation"]
      benchmark = "validation"
      budget = { wall = "60s", memory = "512MiB", processes = 16 }

      # The sealed check of the winner; only pass or fail leaves the vault.
      [holdout]
      hidden = ["data/holdout"]

      [noise]
      runs = 8            # of the starting point, before anything is compared with it

      [confirm]
      pairs = 6           # runs of candidate and incumbent on the same fresh seeds
      alpha = 0.05        # one-sided error rate of a confirmation

      [proposer]
      kind = "search"     # search | command | replay | openai | anthropic | agent | outside
      per_round = 2

      [[critics]]
      kind = "historian"  # historian | command | replay | openai | anthropic

      # Who decides: "auto" (policy) or "ask" (a person, with `stemma review`).
      [gates]
      proposal = "auto"
      critique = "auto"
      evaluation = "auto"
      report = "auto"

      [budgets]
      rounds = 10
      round = { wall = "10m" }
      campaign = { wall = "1h", runs = 200 }

      """
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
