// The files of a first campaign: the commented campaign file, and beside it the smallest source,
// evaluator and data that it can run on. Nothing that is there already is touched.

import Base
import Glibc
import Loop
import Rendering
import Sandbox

struct CampaignStarter {
  /// The folder of the campaign file, without a slash at its end.
  let folder: String
  let name: String

  /// What every path begins with: nothing for the current folder.
  private var prefix: String { folder == "." ? "" : folder + "/" }

  var file: String { prefix + "campaign.toml" }

  /// The checked text of the campaign file.
  ///
  /// - Throws: `campaign.invalid` for a name that no campaign can have, `argument.invalid` where
  ///   the file is there already.
  func text() throws -> String {
    let inexact = (try? Sandbox().inexactGuards()) ?? []
    let text = Campaign.template(
      name: name, goal: "Predict the label of a point with less loss.",
      weaknesses: inexact.map(\.weakness))
    _ = try Campaign.parse(Array(text.utf8), name: "campaign.toml", directory: folder)
    guard access(file, F_OK) != 0 else {
      throw StemmaError(
        .argumentInvalid, "\(file) is there already",
        at: .file(path: file, line: nil, column: nil),
        advice: "move it away, or run it: stemma loop run \(file)")
    }
    return text
  }

  /// Writes the campaign file, and the example where `source` and `evaluator` are still missing;
  /// returns the paths of what was written.
  func write(_ text: String) throws -> [String] {
    var written = try Self.write([(file, text)])
    let parts = ["source", "evaluator"].map { prefix + $0 }
    guard parts.allSatisfy({ access($0, F_OK) != 0 }) else { return written }
    written += try Self.write([
      (prefix + "source/train.py", StarterTexts.train),
      (prefix + "source/train.csv", Self.points(400, seed: 1)),
      (prefix + "evaluator/evaluate.py", StarterTexts.evaluate),
      (prefix + "data/validation/points.csv", Self.points(120, seed: 2)),
      (prefix + "data/holdout/points.csv", Self.points(120, seed: 3)),
    ])
    return written
  }

  /// Writes those of the files that are not there yet; returns their paths.
  static func write(_ files: [(path: String, text: String)]) throws -> [String] {
    try files.filter { access($0.path, F_OK) != 0 }.map { file in
      let slash = file.path.lastIndex(of: "/")
      let folder = slash.map { String(file.path[..<$0]) } ?? ""
      let isAbsolute = folder.hasPrefix("/")
      try TreeFolder.makeFolders(
        isAbsolute ? folder : StoreLocation.currentFolder() + "/" + folder)
      let output = try WholeFile(path: file.path)
      try output.write(file.text)
      try output.finish()
      return file.path
    }
  }

  /// Points of three features with a label that a logistic model explains in part, as CSV.
  private static func points(_ count: Int, seed: UInt64) -> String {
    var random = SplitMix64(seed: seed)
    func uniform() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    return (0..<count).map { _ in
      let features = (0..<3).map { _ in 2 * uniform() - 1 }
      let score = 2 * features[0] - features[1] + features[2] / 2
      let label = uniform() < 1 / (1 + exp(-score)) ? "1" : "0"
      let fields = [label] + features.map { NumberText.fixed($0, decimals: 3) }
      return fields.joined(separator: ",") + "\n"
    }.joined()
  }
}
