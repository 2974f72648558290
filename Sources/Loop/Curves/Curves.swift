// The curves of runs as other programs ask for them.

import Base
public import Stemma

/// Reads curves out of a store.
public enum Curves {
  /// A series with whose it is.
  public struct Found: Sendable, Hashable {
    public var run: String
    public var series: MetricSeries
  }

  /// The Python file by which a training program reports curves.
  public static var pythonHelper: String { HelperText.python }

  /// The metrics that a run reported, by name. Throws `loop.state` where there is no such run.
  public static func metrics(ofRun run: String, in database: Database) throws -> [String] {
    try rows(of: run, in: database).map(\.metric)
  }

  /// One metric of some runs, in their order, with all its points.
  ///
  /// - Throws: `loop.state` where a run is not there or has not reported the metric.
  public static func read(
    _ metric: String, ofRuns runs: [String], in database: Database
  ) throws -> [Found] {
    try runs.map { run in
      let rows = try rows(of: run, in: database)
      guard let row = rows.first(where: { $0.metric == metric }) else {
        let names = rows.map(\.metric)
        throw StemmaError(
          .loopState, "\(run) has reported no '\(metric)'",
          advice: names.isEmpty
            ? "It has reported no curve at all; docs/campaign.md says how a run does."
            : Suggestion.advice(for: metric, among: names))
      }
      let object = try DatabaseObjects(database: database).load(row.hash)
      return Found(run: run, series: try MetricSeries(metric: metric, object: object))
    }
  }

  private static func rows(
    of run: String, in database: Database
  ) throws -> [(metric: String, hash: String)] {
    let parameters: [String: Value] = ["key": .text(run)]
    let found = try database.query(
      "MATCH (r:Run {key: $key}) OPTIONAL MATCH (r)-[:PRODUCED]->(s:Series) "
        + "RETURN s.metric AS metric, s.contentHash AS hash ORDER BY metric",
      parameters: parameters)
    guard !found.rows.isEmpty else {
      throw StemmaError(
        .keyNotFound, "there is no run '\(run)' in this store",
        advice: "`stemma query 'MATCH (r:Run) RETURN r.key, r.status'` lists them.")
    }
    return found.rows.compactMap { row in
      guard case .string(let metric) = row[0], case .string(let hash) = row[1] else { return nil }
      return (metric.string, hash.string)
    }
  }
}
