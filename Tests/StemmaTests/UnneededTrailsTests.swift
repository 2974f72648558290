// Patterns that match nothing: trails are not enumerated before what is sure to rule them out.
// The queries were met by the comparison with the naive evaluator, which answered each at once.

import Stemma
import Testing

@Suite("Trails that nobody needs")
struct UnneededTrailsTests {
  /// One node with many loops: hardly any pattern is empty, and trails are without number.
  private static let loops =
    "CREATE (n:A:B:C {i: 0, l: [0], m: true, f: -0.5, s: 'a', v: 0}) WITH n "
    + "UNWIND range(0, 7) AS i CREATE (n)-[:R {i: i, w: i % 3}]->(n), (n)-[:S {i: i}]->(n)"

  @Test(
    "trails wait for what may leave none",
    arguments: [
      """
      MATCH (a)-[]-(b:C)
      WHERE (coalesce(a.i, 1) > COUNT { MATCH (b)<-[*1.. {w: 7}]-() } < last(a.l))
      MATCH (b)-[:R*2..3]->(c:B)-[d]-()-[e*0..0]->(f) MATCH (g)-[:R*0..0]->(h)
      MATCH (c)<-[:R*0..2]-(i:A)-[:R*1..1]-(j)-[*0..0]-(), (h)-[:S]->(k:A)
      WHERE NOT (d.w <= h.f AND 4 <> a.i) RETURN a, c, f, d, e, i, k ORDER BY f.i LIMIT 3
      """,
      """
      UNWIND [3, 2, -1] AS x MATCH (a)-[b]->()-[c]-({m: 'a'})
      MATCH (a)-[d*2..3]-(e)-[:R]-(f)-[:R*0..2]->(g) MATCH (f)-[h]->(g)-[]-(f)<-[:S*2..3]-(i)
      RETURN e, f, g, d, i, h, collect(x) AS xs, count(h) AS n
      """,
      """
      MATCH p = (a:A)-[:S]->(b:B)-[c]-(d), (a) WHERE EXISTS { MATCH (b) WHERE false }
      WITH b, c, d, p MATCH (e:B)-[*0..]->(f)<-[g*0..0]-(h)-[*1..2]->(), q = (i)
      WHERE h.l <= i.l < i.l OR d.i > 2
      MATCH (j)<-[:R*0..]-(j)<--(f)<--(k) RETURN DISTINCT 'a' AS u
      """,
      """
      MATCH (a) MATCH (b:A)<-[*0..2]-()-[c*1.. {w: 7}]-(a)-[:R]->(d),
        (a)-[e*2..]-(f)<-[:S*1..3]-(f)<-[:S*0..2]-(b) RETURN a, d, e, f
      """,
      """
      MATCH (n) MATCH (:B)-[]-(a)-[:R]->(b)-[]-({i: 3}), (n)-[*0..]-(c:A)-[d]-()-[e:R]->(f:C)
      RETURN a, b, c, d, e, f
      """,
      """
      MATCH (a)-[:S*1..]->(b), (c)-[]->(d {s: 'b'}) MATCH (d)-[:S*2..3]->(e:C)<-[:S]-(f)
      MATCH (f)-[g*2..]-(f)-[:R*0..0 {w: 1}]-()-[:R|S]-(h) RETURN b, e, g, h
      """,
      """
      OPTIONAL MATCH (a) MATCH (a)<-[]-()-[:R]-()-[:S]->(b:A)
      MATCH p = ()-[c]-(:B:D)-[*2..]->(d:B)-[:R|S]-(b) RETURN a, b, c, d, p
      """,
      """
      MATCH (a:C)-[b]->(c)<-[d]-(e) MATCH (f)-[g:S]->(c)-[:R*2..2]-(h:C)-[i]-(j),
        (k:C {s: 'a'})-[:S]-(:D)-[m:R|S*2..]->(a) RETURN a, c, e, b, h, g, i, k, m
      """,
    ])
  func trailsWait(_ query: String) throws {
    let database = try TestStore.empty()
    _ = try database.query(Self.loops, options: TestStore.write)
    let options = QueryOptions(limits: QueryLimits(pathExpansions: 10_000))
    let result = try database.query(query, options: options)
    #expect(result.complete)
    #expect(result.rows.isEmpty)
  }
}
