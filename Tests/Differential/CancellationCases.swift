// Queries that keep the engine busy for minutes, each in another of its parts, and how long it
// takes to stop them: the promise is 50 ms in a release build.

import Base
import Foundation
import Stemma
import Synchronization

enum CancellationCases {
  struct Measurement {
    var name: String
    /// From the call of `cancel` to the return of the query; negative where the query ended before.
    var reactionMilliseconds: Double
    var wasStopped: Bool
  }

  private static let long = "reduce(t = 'abcdefgh', x IN range(1, 22) | t + t)"
  private static let wide = "reduce(t = '\u{e4}bc', x IN range(1, 23) | t + t)"

  static let cases: [(name: String, query: String)] = [
    ("range", "UNWIND range(1, 1000000000) AS x RETURN count(x)"),
    ("aggregation", "UNWIND range(1, 1000000000) AS x RETURN x % 1000 AS k, sum(x), avg(x)"),
    ("collect", "UNWIND range(1, 1000000000) AS x WITH collect(x % 7) AS l RETURN size(l)"),
    ("distinct", "UNWIND range(1, 1000000000) AS x RETURN count(DISTINCT x % 100000)"),
    (
      "sort",
      "UNWIND range(1, 4000000) AS x WITH x ORDER BY x * 7919 % 4000037 RETURN last(collect(x))"
    ),
    ("percentile", "UNWIND range(1, 3000000) AS x RETURN percentileCont(x * 7919 % 3000017, 0.5)"),
    ("top k", "UNWIND range(1, 1000000000) AS x RETURN x ORDER BY -x LIMIT 10"),
    ("cartesian product", "MATCH (a:N), (b:N), (c:N), (d:N), (e:N), (f:N) RETURN count(a.i + f.i)"),
    (
      "filtered product",
      "MATCH (a:N), (b:N), (c:N), (d:N), (e:N) WHERE a.i + b.i + c.i + d.i + e.i < 0 RETURN 1"
    ),
    ("trails", "MATCH (a:N)-[:T*]->(b) RETURN count(*)"),
    ("path search", "MATCH p = (a:N {i: 1})-[:T*]->(b:N {i: 2}) RETURN max(length(p))"),
    (
      "all shortest",
      "MATCH p = allShortestPaths((a:G {i: 0})-[:E*]->(b:G {i: 143})) RETURN count(p)"
    ),
    ("select", "MATCH p = SHORTEST 3 GROUPS (a:N {i: 1})-[:T]->+(b:N) RETURN count(p)"),
    ("repetition", "MATCH ((x:N)-[:T]->(y:N) WHERE x.i <> 77)+ (z) RETURN count(*)"),
    (
      "comprehension",
      "RETURN size([x IN range(1, 9000000) WHERE any(y IN range(1, 50) WHERE y = -x)])"
    ),
    (
      "reduce",
      "UNWIND range(1, 1000000) AS z RETURN sum(reduce(s = 0, x IN range(1, 100000) | s + x * z))"
    ),
    (
      "membership", "WITH range(1, 5000000) AS l UNWIND range(1, 100000) AS x RETURN count(-x IN l)"
    ),
    ("lists", "WITH range(1, 3000000) AS l UNWIND range(1, 100000) AS x RETURN sum(size(l + x))"),
    (
      "reverse",
      "WITH range(1, 3000000) AS l UNWIND range(1, 100000) AS x RETURN sum(size(reverse(l)))"
    ),
    ("strings", "UNWIND range(1, 100000) AS x RETURN sum(size(\(long) + x))"),
    ("upper case", "WITH \(wide) AS t UNWIND range(1, 100000) AS x RETURN sum(size(toUpper(t)))"),
    (
      "reversed text", "WITH \(wide) AS t UNWIND range(1, 100000) AS x RETURN sum(size(reverse(t)))"
    ),
    (
      "replace",
      "WITH \(long) AS t UNWIND range(1, 100000) AS x RETURN sum(size(replace(t, 'b', 'xy')))"
    ),
    ("split", "WITH \(long) AS t UNWIND range(1, 100000) AS x RETURN sum(size(split(t, 'e')))"),
    ("regular expression", "WITH \(long) AS t RETURN t =~ '(a|b|ab)*(c|d|cd|e|f|g|h)*.*z'"),
    (
      "contains",
      "WITH \(long) AS t UNWIND range(1, 9999) AS x WITH t, x WHERE t CONTAINS 'hb' RETURN count(x)"
    ),
    (
      "comparison",
      """
      WITH range(1, 3000000) AS l, range(1, 3000000) AS m UNWIND range(1, 100000) AS x
      WITH x, l, m WHERE l = m RETURN count(x)
      """
    ),
    ("subquery", "MATCH (a:N), (b:N) RETURN sum(COUNT { MATCH (a)-[:T*1..6]->(b) })"),
    (
      "union",
      "UNWIND range(1, 1000000000) AS x RETURN x UNION UNWIND range(1, 1000000000) AS x RETURN x"
    ),
    ("writing", "UNWIND range(1, 100000000) AS x CREATE (:W {x: x})"),
  ]

  /// Starts each query, cancels it after the delay, and takes the time until it is back.
  static func measure(
    delayMilliseconds: Int, only: String? = nil
  ) throws -> [Measurement] {
    let database = try database()
    return try cases.filter { only == nil || $0.name == only }.map { name, query in
      let token = CancellationToken()
      let cancelled = Mutex<ContinuousClock.Instant?>(nil)
      let canceller = Thread {
        Thread.sleep(forTimeInterval: Double(delayMilliseconds) / 1_000)
        cancelled.withLock { $0 = ContinuousClock.now }
        token.cancel()
      }
      canceller.start()
      var wasStopped = false
      do {
        var options = QueryOptions(cancellation: token)
        options.write = WriteProvenance(actor: "test", reason: "cancellation")
        wasStopped = try !database.query(query, options: options).complete
      } catch let error as StemmaError { wasStopped = error.code == .limitCancelled }
      let end = ContinuousClock.now
      guard let moment = cancelled.withLock({ $0 }) else {
        return Measurement(name: name, reactionMilliseconds: -1, wasStopped: wasStopped)
      }
      let parts = (end - moment).components
      let reaction = Double(parts.seconds) * 1e3 + Double(parts.attoseconds) * 1e-15
      return Measurement(name: name, reactionMilliseconds: reaction, wasStopped: wasStopped)
    }
  }

  /// The longest that each query works without asking whether to stop, its end included, in
  /// milliseconds of its own processor time: a busy machine does not lengthen it.
  static func largestGaps(
    workMilliseconds: Int, only: String? = nil
  ) throws -> [(name: String, milliseconds: Double)] {
    try cases.filter { only == nil || $0.name == only }.map { name, query in
      let meter = CheckMeter()
      let database = try database(
        Surroundings(now: { meter.check() }, random: Surroundings.system.random))
      var options = QueryOptions(limits: QueryLimits(timeMilliseconds: workMilliseconds))
      options.write = WriteProvenance(actor: "test", reason: "cancellation")
      meter.start()
      do { _ = try database.query(query, options: options) } catch is StemmaError {}
      return (name, meter.finish())
    }
  }

  /// A complete graph of forty nodes, and a grid with very many shortest paths.
  private static func database(_ surroundings: Surroundings = .system) throws -> Database {
    let database = try Database.inMemory(surroundings: surroundings)
    for query in [
      "UNWIND range(1, 40) AS i CREATE (:N {i: i})",
      "MATCH (a:N), (b:N) WHERE a.i < b.i CREATE (a)-[:T]->(b), (b)-[:T]->(a)",
      "UNWIND range(0, 143) AS i CREATE (:G {i: i})",
      """
      MATCH (a:G), (b:G)
      WHERE (b.i = a.i + 1 AND b.i % 12 <> 0) OR b.i = a.i + 12 CREATE (a)-[:E]->(b)
      """,
    ] { _ = try database.query(query, options: DifferentialRun.write) }
    return database
  }
}

/// A clock that shows processor time and notes the longest time between two looks at it.
final class CheckMeter: Sendable {
  private struct State {
    var last: Int64 = 0
    var longest: Int64 = 0
    var isRunning = false
    /// Keeps the moments apart, as a store wants them.
    var moment: Int64 = 1_600_000_000_000_000
    var thread: pthread_t?
  }

  private let state = Mutex(State())

  private static func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  func start() {
    state.withLock {
      $0.last = Self.nanoseconds()
      $0.longest = 0
      $0.isRunning = true
      $0.thread = pthread_self()
    }
  }

  func check() -> Timestamp {
    let now = Self.nanoseconds()
    return state.withLock {
      // Helpers of a parallel operation have clocks of their own.
      guard $0.thread == nil || $0.thread == pthread_self() else {
        return Timestamp(microsecondsSinceEpoch: $0.moment)
      }
      if $0.isRunning { $0.longest = max($0.longest, now - $0.last) }
      $0.moment += max(1, (now - $0.last) / 1_000)
      $0.last = now
      return Timestamp(microsecondsSinceEpoch: $0.moment)
    }
  }

  /// Milliseconds.
  func finish() -> Double {
    _ = check()
    return state.withLock {
      $0.isRunning = false
      return Double($0.longest) / 1e6
    }
  }
}
