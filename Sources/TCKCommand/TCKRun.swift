// A whole run: finds the feature files, runs all scenarios on all cores, counts and reports.

import Foundation
import Synchronization

/// The openCypher TCK, or a part of it, from a folder.
struct TCKRun {
  var reports: [ScenarioReport]

  /// Runs every feature below `folder` whose path contains `filter`; `progress` is called with each
  /// report as it comes, on any thread.
  init(
    folder: URL, filter: String? = nil, progress: @Sendable (ScenarioReport) -> Void = { _ in }
  ) throws {
    let features = try Self.features(in: folder, filter: filter)
    let graphs = NamedGraphs(near: folder)
    let work = features.filter { $0.fault == nil }
      .flatMap { feature in feature.scenarios.map { (feature, $0) } }
    let results = Mutex<[ScenarioReport?]>(Array(repeating: nil, count: work.count))
    DispatchQueue.concurrentPerform(iterations: work.count) { index in
      let (feature, scenario) = work[index]
      let report = ScenarioReport(
        file: feature.file, feature: feature.name, scenario: scenario.name,
        example: scenario.example, outcome: ScenarioRunner.run(scenario, graphs: graphs))
      results.withLock { $0[index] = report }
      progress(report)
    }
    let broken = features.compactMap { feature in
      feature.fault.map {
        ScenarioReport(
          file: feature.file, feature: feature.name, scenario: "(the file)", example: nil,
          outcome: .error("no Gherkin: \($0)"))
      }
    }
    for report in broken { progress(report) }
    reports = results.withLock { $0 }.compactMap { $0 } + broken
  }

  /// All features, in the order of their paths.
  static func features(in folder: URL, filter: String?) throws -> [Feature] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder),
      isFolder.boolValue, let walk = FileManager.default.enumerator(atPath: folder.path)
    else { throw TCKError(message: "there is no folder \(folder.path)") }
    let files = walk.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".feature") && (filter.map($0.contains) ?? true) }.sorted()
    if files.isEmpty {
      let wanted = filter.map { " whose path contains '\($0)'" } ?? ""
      throw TCKError(message: "there is no feature file\(wanted) in \(folder.path)")
    }
    return try files.map { file in
      let bytes = try Data(contentsOf: folder.appendingPathComponent(file))
      guard let text = String(data: bytes, encoding: .utf8) else {
        return Feature(file: file, name: file, scenarios: [], fault: "line 1: this is no UTF-8")
      }
      return FeatureReader.read(text, file: file)
    }
  }

  var passed: Int { reports.count { $0.outcome == .pass } }
  var wrong: Int { reports.count { $0.outcome.name == "wrong" } }
  var errors: Int { reports.count { $0.outcome.name == "error" } }
  var skipped: Int { reports.count { $0.outcome.name == "skip" } }

  /// `N passed, N failed, N skipped`.
  var lastLine: String { "\(passed) passed, \(wrong + errors) failed, \(skipped) skipped" }

  /// The manifest: one object per scenario.
  func json() throws -> Data {
    struct Row: Encodable {
      var file: String
      var feature: String
      var scenario: String
      var example: Int?
      var outcome: String
      var reason: String?
    }
    let rows = reports.map {
      Row(
        file: $0.file, feature: $0.feature, scenario: $0.scenario, example: $0.example,
        outcome: $0.outcome.name, reason: $0.outcome.reason)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(rows)
  }
}

/// Why nothing could be run.
struct TCKError: Error, CustomStringConvertible {
  var message: String
  var description: String { message }
}
