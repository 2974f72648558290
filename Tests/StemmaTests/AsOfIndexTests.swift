// The past through an index: values that were changed, labels that were taken away and given back,
// nodes that are gone, indexes that are younger than what is asked for, or gone themselves.

import Base
import Stemma
import Testing

@Suite("AS OF and indexes")
struct AsOfIndexTests {
  private static let index = "CREATE INDEX byX FOR (n:A) ON (n.x)"

  /// What is there after each step: how many nodes have x = 1, and how many x = 2.
  private static let history: [(query: String, ones: Int64, twos: Int64)] = [
    ("CREATE (:A {x: 1, name: 'first'})", 1, 0),
    ("MATCH (n:A) SET n.x = 2", 0, 1),
    ("MATCH (n:A) REMOVE n:A", 0, 0),
    ("MATCH (n {name: 'first'}) SET n:A", 0, 1),
    ("CREATE (:A {x: 1}), (:A {x: 2})", 1, 2),
    ("MATCH (n:A {name: 'first'}) DELETE n", 1, 1),
    ("MATCH (n:A {x: 1}) REMOVE n.x", 0, 1),
    ("MATCH (n:A) WHERE n.x IS NULL SET n.x = 2", 0, 2),
  ]

  @Test(
    "every moment is what it was", arguments: [[0], [3], [8], [0, 4], [2, 8]])
  func moments(_ indexed: [Int]) throws {
    let database = try TestStore.empty()
    _ = try database.query("UNWIND range(1, 50) AS i CREATE (:B)", options: TestStore.write)
    var moments: [TransactionNumber] = []
    for step in 0...Self.history.count {
      // Made, or gone again.
      if let number = indexed.firstIndex(of: step) {
        let change = number == 0 ? Self.index : "DROP INDEX byX"
        _ = try database.query(change, options: TestStore.write)
      }
      guard step < Self.history.count else { break }
      _ = try database.query(Self.history[step].query, options: TestStore.write)
      moments.append(try database.lastTransaction())
    }
    for (moment, step) in zip(moments, Self.history) {
      let prefix = "AS OF \(moment.rawValue) "
      for (value, wanted) in [(1, step.ones), (2, step.twos)] {
        let text = prefix + "MATCH (n:A) WHERE n.x = \(value) RETURN count(*) AS c"
        #expect(try database.query(text).rows == [[.integer(wanted)]], "\(text)")
      }
      let range = prefix + "MATCH (n:A) WHERE n.x >= 1 RETURN n.x AS x ORDER BY n.x LIMIT 10"
      let ones = [[Value]](repeating: [.integer(1)], count: Int(step.ones))
      let twos = [[Value]](repeating: [.integer(2)], count: Int(step.twos))
      #expect(try database.query(range).rows == ones + twos, "\(range)")
    }
  }
}
