// The number by which a program tells how good it was, as far as it can be seen in what it left or
// printed. It is the program's own word, and the campaign says so.

import Base
import Loop
import Models
import Sandbox

/// A number that a run reports of itself.
struct ReportedMetric: Equatable {
  var name: String
  /// In the run's output folder; `nil` where it was only printed.
  var file: String?
  var value: Double

  /// Where the runner keeps what was printed.
  static let printed = "printed.txt"

  var isSmallerBetter: Bool {
    let words = [
      "loss", "error", "err", "rmse", "mse", "mae", "perplexity", "ppl", "bpb", "nll", "time",
      "seconds", "distance", "fid",
    ]
    return words.contains(where: name.lowercased().contains)
  }

  /// All numbers with a name that a run left or printed.
  static func all(in result: Trial.Result) -> [ReportedMetric] {
    var all: [ReportedMetric] = []
    for file in result.output where file.path.hasSuffix(".json") {
      guard let value = try? JSONReader.read(file.bytes, limitBytes: 1 << 20) else { continue }
      collect(value, "", depth: 0) { name, number in
        all.append(ReportedMetric(name: name, file: file.path, value: number))
      }
    }
    return all + inText(String(decoding: result.outcome.log, as: UTF8.self))
  }

  /// The likeliest of them, or the one that is `wanted`.
  static func find(in result: Trial.Result, wanted: String?) -> ReportedMetric? {
    let all = all(in: result)
    if let wanted { return all.first { $0.name == wanted } }
    return all.enumerated().max { left, right in
      (rank(left.element), -left.offset) < (rank(right.element), -right.offset)
    }.map(\.element).flatMap { rank($0) > 0 ? $0 : nil }
  }

  private static func collect(
    _ value: Value, _ name: String, depth: Int, _ tell: (String, Double) -> Void
  ) {
    switch value {
    case .integer(let number) where !name.isEmpty: tell(name, Double(number))
    case .float(let number) where !name.isEmpty: tell(name, number)
    case .map(let map) where depth < 3:
      for entry in map.entries where !entry.key.string.contains(".") {
        let inner = name.isEmpty ? entry.key.string : "\(name).\(entry.key.string)"
        collect(entry.value, inner, depth: depth + 1, tell)
      }
    default: break
    }
  }

  /// Numbers after a name of one or two words, such as `val_loss: 0.3` or `test acc 97.1%`; of each
  /// name the last.
  static func inText(_ text: String) -> [ReportedMetric] {
    var found: [String: Double] = [:]
    var order: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split { " \t,|;:=()[]%".contains($0) }.map(String.init)
      for (index, word) in words.enumerated() where index > 0 && !isName(word) {
        guard let value = Double(word), value.isFinite, isName(words[index - 1]) else { continue }
        let isWhole = words[index - 1].contains("_") || index == 1 || !isName(words[index - 2])
        let name = isWhole ? words[index - 1] : words[index - 2] + "_" + words[index - 1]
        if found.updateValue(value, forKey: name) == nil { order.append(name) }
      }
    }
    return order.map { ReportedMetric(name: $0, file: nil, value: found[$0] ?? 0) }
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 40,
      (65...90).contains(first & 0xDF)
    else { return false }
    // Neither what is no number nor the level of a logger names one.
    let others = ["nan", "inf", "infinity", "debug", "info", "warning", "error:"]
    return !others.contains(text.lowercased())
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF) || [95, 45, 47].contains($0)
      }
  }

  /// Zero for what is no measure of quality.
  private static func rank(_ metric: ReportedMetric) -> Int {
    let name = metric.name.lowercased()
    let quality = [
      "acc", "loss", "f1", "auc", "rmse", "mse", "mae", "r2", "score", "bpb", "perplexity", "error",
      "precision", "recall", "map", "iou", "bleu", "rouge",
    ]
    guard quality.contains(where: name.contains) else { return 0 }
    let isHeldOut = ["val", "test", "dev", "eval", "best"].contains(where: name.contains)
    return 1 + (isHeldOut ? 4 : 0) + (metric.file != nil ? 2 : 0)
      - (name.contains("train") ? 1 : 0)
  }
}
