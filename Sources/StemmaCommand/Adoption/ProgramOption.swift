// The options of a program that can be knobs: read from its argument parser, which tells of itself
// in a sandbox, or from a configuration file. What is no knob, such as a path or the number of
// steps, is left as it is.

import Base
import Glibc
import Loop
import Rendering

/// An option or a key with its default.
struct ProgramOption {
  enum Default: Equatable {
    case integer(Int64)
    case number(Double)
    case text(String)
    case flag(Bool)
    case none
  }

  /// As a parameter is called.
  var name: String
  /// As it is given: `--learning-rate`, or the key in its file.
  var flag: String
  var initial: Default
  var choices: [String] = []
  var help = ""
  var isRequired = false
  /// Whether it takes one value; switches and lists of values do not.
  var takesValue = true
  /// A key of a configuration file, not an option of the program.
  var isKey = false

  // MARK: What an option is for

  private static let seedNames: Set<String> = [
    "seed", "random_seed", "random_state", "rng_seed", "manual_seed",
  ]
  private static let outputNames: Set<String> = [
    "output", "output_dir", "out", "out_dir", "outdir", "save_dir", "save_path", "results_dir",
    "result_dir", "log_dir", "logdir", "checkpoint_dir", "model_dir", "output_path", "results",
  ]
  /// Parts of names of options that change the cost or the place of work instead of an idea.
  private static let fixed = [
    "epoch", "step", "iter", "worker", "thread", "jobs", "device", "gpu", "port", "verbos", "log",
    "print", "save", "eval", "path", "dir", "file", "url", "debug", "rank", "world", "folds",
    "split", "data", "test", "class", "num_samples", "n_samples", "limit", "timeout",
    "resume", "patience",
  ]
  private static let shares = [
    "dropout", "momentum", "beta", "ratio", "fraction", "prob", "rate_drop", "subsample",
    "smoothing", "decay_rate", "gamma",
  ]

  var isSeed: Bool { takesValue && Self.seedNames.contains(name.lowercased()) }
  var isOutput: Bool { takesValue && Self.outputNames.contains(name.lowercased()) }

  /// What people call it.
  var said: String { flag.isEmpty ? name : flag }

  /// Whether it is worth a search.
  var isKnob: Bool {
    let isFixed = Self.fixed.contains(where: name.lowercased().contains)
    guard takesValue, !isSeed, !isOutput, !isFixed else { return false }
    switch initial {
    case .integer, .number: return true
    case .text(let text): return choices.count >= 2 && choices.contains(text)
    case .flag, .none: return false
    }
  }

  // MARK: As a parameter of a campaign

  /// The table of the campaign file: a range around the default, which the owner is to look at.
  var table: String {
    var lines = ["[[editable.parameters]]", "name = \(JSONString.quoted(name))"]
    switch initial {
    case .integer(let value): lines += integerLines(value)
    case .number(let value): lines += numberLines(value)
    case .text(let value):
      let all = choices.map { JSONString.quoted($0) }.joined(separator: ", ")
      lines += ["type = \"choice\"", "choices = [\(all)]", "default = \(JSONString.quoted(value))"]
    case .flag, .none: break
    }
    if !help.isEmpty { lines.append("description = \(JSONString.quoted(help))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func integerLines(_ value: Int64) -> [String] {
    guard value > 0 else {
      return [
        "type = \"integer\"", "minimum = \(min(0, value))", "maximum = \(max(10, value))",
        "default = \(value)",
      ]
    }
    let (most, overflow) = value.multipliedReportingOverflow(by: 4)
    var lines = [
      "type = \"integer\"", "minimum = \(max(1, value / 4))",
      "maximum = \(overflow ? value : max(4, most))",
    ]
    if value >= 8 { lines.append("scale = \"log\"") }
    return lines + ["default = \(value)"]
  }

  private func numberLines(_ value: Double) -> [String] {
    func text(_ number: Double) -> String {
      let plain = "\(number)"
      return plain.contains(".") || plain.contains("e") ? plain : plain + ".0"
    }
    var lines = ["type = \"number\""]
    if Self.shares.contains(where: name.lowercased().contains), (0..<1).contains(value) {
      lines += ["minimum = 0.0", "maximum = 0.999"]
    } else if value > 0 {
      lines += [
        "minimum = \(text(value / 10))", "maximum = \(text(value * 10))", "scale = \"log\"",
      ]
    } else {
      lines += ["minimum = \(text(min(0, value * 10)))", "maximum = 1.0"]
    }
    return lines + ["default = \(text(value))"]
  }
}
