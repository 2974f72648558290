Feature: clauses, theme by theme

  Scenario Outline: [1] reading
    Given an empty graph
    And having executed:
      """
      <setup>
      """
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |
    And no side effects

    Examples:
      | setup | query | answer |
      | CREATE (:A {x: 1})-[:R]->(:B {x: 2})-[:R]->(:C {x: 3}) | MATCH (a:A)-->(b)-->(c) RETURN a.x + b.x + c.x AS y | 6 |
      | CREATE (a:A)-[:R]->(a) | MATCH (a)-[r]-(b) RETURN count(*) AS y | 1 |
      | CREATE (a:A)-[:R]->(a) | MATCH (a)-[r]-(b)-[s]-(c) RETURN count(*) AS y | 0 |
      | CREATE (a:A)-[:R]->(b:B) | MATCH (a)-[r]-(b), (c)-[s]-(d) RETURN count(*) AS y | 0 |
      | CREATE (a:A)-[:R]->(b:B) | MATCH (a)-[r]-(b) MATCH (c)-[s]-(d) RETURN count(*) AS y | 4 |
      | CREATE (a:A)-[:R]->(b:B), (a)-[:S]->(b) | MATCH (a:A)-[r:R\|S]->(b) RETURN count(r) AS y | 2 |
      | CREATE (a:A)-[:R]->(b:B), (a)-[:S]->(b) | MATCH (a:A)-[r:R\|:S]->(b) RETURN count(r) AS y | 2 |
      | CREATE (:A:B), (:A), (:B) | MATCH (n:A:B) RETURN count(n) AS y | 1 |
      | CREATE (:A:B), (:A), (:B) | MATCH (n) WHERE n:A AND NOT n:B RETURN count(n) AS y | 1 |
      | CREATE (:A {x: 1}), (:A {x: null}), (:A {x: 'a'}) | MATCH (n) WHERE n.x > 0 RETURN count(n) AS y | 1 |
      | CREATE (:A {x: 1}), (:A) | MATCH (n) WHERE NOT (n.x = 1) RETURN count(n) AS y | 0 |
      | CREATE (:A {x: 1}), (:A) | MATCH (n) WHERE n.x IS NULL OR n.x = 1 RETURN count(n) AS y | 2 |
      | CREATE (a:A)-[:R {x: 1}]->(b:B)-[:R {x: 2}]->(c:C) | MATCH p = (a:A)-[*]->(c) RETURN collect(length(p)) AS y | [1, 2] |
      | CREATE (a:A)-[:R {x: 1}]->(b:B)-[:R {x: 2}]->(c:C) | MATCH (a:A)-[r*2]->(c) RETURN [e IN r \| e.x] AS y | [1, 2] |
      | CREATE (a:A)-[:R {x: 1}]->(b:B)-[:R {x: 2}]->(c:C) | MATCH (c:C)<-[r*2]-(a) RETURN [e IN r \| e.x] AS y | [2, 1] |
      | CREATE (a:A)-[:R {x: 1}]->(b:B)-[:R {x: 2}]->(c:C) | MATCH (a:A)-[r* {x: 1}]->(c) RETURN size(r) AS y | 1 |
      | CREATE (a:A)-[:R]->(b:B)-[:R]->(c:C) | MATCH (a:A)-[*0..1]->(b) RETURN count(*) AS y | 2 |
      | CREATE (a:A)-[:R]->(b:B)-[:R]->(c:C) | MATCH (a:A)-[*0]->(b) RETURN labels(b) AS y | ['A'] |
      | CREATE (a:A)-[:R]->(b:B)-[:R]->(c:C) | MATCH (a:A)-[*..1]->(b)-[*1..]->(c) RETURN labels(c) AS y | ['C'] |
      | CREATE (a:A)-[:R]->(b:B)-[:R]->(c:C) | MATCH (a:A), (c:C) MATCH p = shortestPath((a)-[*]->(c)) RETURN length(p) AS y | 2 |
      | CREATE (a:A)-[:R]->(b:B), (a)-[:R]->(c:C), (b)-[:S]->(d:D), (c)-[:S]->(d) | MATCH (a:A)-[:R]->(x)-[:S]->(y) WITH y, count(*) AS c RETURN c AS y | 2 |
      | CREATE (a:A)-[:R]->(b:B)-[:S]->(a) | MATCH (a:A)-[:R]->()-[:S]->(a) RETURN count(*) AS y | 1 |
      | CREATE (a:A), (b:B) | MATCH (a:A) OPTIONAL MATCH (a)-[r]->(b) RETURN r AS y | null |
      | CREATE (a:A)-[:R]->(b:B) | OPTIONAL MATCH (n:X) OPTIONAL MATCH (n)-->(m) RETURN m AS y | null |
      | CREATE (a:A)-[:R]->(b:B) | OPTIONAL MATCH (n:X) WITH n MATCH (n)-->(m) RETURN count(m) AS y | 0 |
      | CREATE (a:A)-[:R]->(b:B) | MATCH (a:A) OPTIONAL MATCH (a)-->(b:C) WHERE b.x = 1 RETURN coalesce(b, 'none') AS y | 'none' |
      | CREATE (a:A)-[:R]->(b:B) | MATCH (a:A) OPTIONAL MATCH p = (a)-[*]->(:X) RETURN p AS y | null |
      | CREATE (a:A)-[:R]->(b:B) | MATCH (a:A) OPTIONAL MATCH (a)-[r*]->(:X) RETURN r AS y | null |
      | CREATE (a:A)-[:R {x: 1}]->(b:B) | MATCH (a)-[r]->(b) WITH r MATCH ()-[r]->() RETURN r.x AS y | 1 |
      | CREATE (a:A)-[:R {x: 1}]->(b:B) | MATCH (a)-[r]->(b) WITH r, a, b MATCH (a)<-[r]-(b) RETURN count(*) AS y | 0 |
      | CREATE (a:A)-[:R {x: 1}]->(b:B) | MATCH (a)-[r]->(b) WITH [r] AS rs MATCH (c)-[rs*]->(d) RETURN count(*) AS y | 1 |
      | CREATE (:A {x: 3}), (:A {x: 1}), (:A {x: 2}) | MATCH (a) WITH a ORDER BY a.x DESC LIMIT 2 RETURN collect(a.x) AS y | [3, 2] |
      | CREATE (:A {x: 3}), (:A {x: 1}), (:A {x: 2}) | MATCH (a) WITH a.x AS x ORDER BY x SKIP 1 LIMIT 1 RETURN x AS y | 2 |
      | CREATE (:A {x: 3}), (:A {x: 1}), (:A {x: 2}) | MATCH (a) WITH a.x % 2 AS k, count(*) AS c ORDER BY c DESC, k RETURN collect([k, c]) AS y | [[1, 2], [0, 1]] |
      | CREATE (:A {x: 3}), (:A {x: 1}), (:A {x: 2}) | MATCH (a) WITH a.x AS x WHERE x > 1 RETURN sum(x) AS y | 5 |
      | CREATE (:A {x: 3}), (:A {x: 1}), (:A {x: 2}) | MATCH (a) RETURN count(DISTINCT a.x % 2) + max(a.x) AS y | 5 |
      | CREATE (:A {x: 1, y: 2}) | MATCH (a) WITH a, a.x AS x RETURN x + a.y AS y ORDER BY x + a.y | 3 |
      | CREATE (:A {x: 1}) | MATCH (a) WITH a.x AS a RETURN a AS y | 1 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE (a)-->() RETURN a.x AS y | 1 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE NOT (a)-[:R]->() RETURN a.x AS y | 2 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE (a)<-[:R*]-({x: 1}) RETURN a.x AS y | 2 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE (a)--() AND a.x = 2 OR (a)-[:S]-() RETURN a.x AS y | 2 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a), (b) WHERE (a)-[:R]->(b) RETURN [a.x, b.x] AS y | [1, 2] |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a {x: 1}) RETURN [(a)-->(b) \| b.x] AS y | [2] |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a {x: 1}) RETURN [p = (a)-[*]->() \| length(p)] AS y | [1] |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a {x: 1}) RETURN [(a)-->(b) WHERE b.x > 2 \| b.x] AS y | [] |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE exists { (a)-->(b) WHERE b.x = a.x + 1 } RETURN a.x AS y | 1 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE exists { MATCH (a)-->(b) WITH b WHERE b.x = 2 RETURN b } RETURN a.x AS y | 1 |
      | CREATE (:A {x: 1})-[:R]->(:A {x: 2}) | MATCH (a) WHERE NOT exists { MATCH (a)-->(b) WHERE exists { (b)<--(a) } } RETURN a.x AS y | 2 |
      | CREATE (:A {x: 1})-[:R {z: 2}]->(:B) | MATCH p = ()-->() RETURN [n IN nodes(p) \| labels(n)] + [r IN relationships(p) \| r.z] AS y | [['A'], ['B'], 2] |
      | CREATE (:A {x: 1})-[:R {z: 2}]->(:B) | MATCH (a)-[r]->(b) RETURN type(r) + toString(r.z) AS y | 'R2' |
      | CREATE (:A {x: 1})-[:R {z: 2}]->(:B) | MATCH (a)-[r]->(b) RETURN startNode(r) = a AND endNode(r) = b AS y | true |
      | CREATE (:A {x: 1})-[:R {z: 2}]->(:B) | MATCH (a:A)-[r]->(b) RETURN a['x'] + r['z'] AS y | 3 |
      | CREATE (:A {x: 1})-[:R {z: 2}]->(:B) | MATCH (a:A)-[r]->(b) RETURN properties(r) AS y | {z: 2} |
      | CREATE (:A {x: 1})-[:R {z: 2}]->(:B) | MATCH (a:A)-[r]->(b) RETURN keys(a) + keys(r) + keys(b) AS y | ['x', 'z'] |
      | CREATE (:A {x: 1}) | MATCH (a) UNWIND [1, 2, null] AS z RETURN collect(a.x + z) AS y | [2, 3] |
      | CREATE (:A {x: [1, 2]}) | MATCH (a) UNWIND a.x AS z UNWIND [z, z] AS w RETURN sum(w) AS y | 6 |
      | CREATE (:A {x: 1}) | UNWIND [] AS x MATCH (a) RETURN count(*) AS y | 0 |
      | CREATE (:A {x: 1}) | UNWIND null AS x RETURN count(*) AS y | 0 |
      | CREATE (:A {x: 1}) | WITH [1, 2] AS l UNWIND l AS x WITH l, collect(x) AS c RETURN l = c AS y | true |
      | CREATE (:A {x: 1}) | MATCH (a:A) RETURN a.x AS y UNION MATCH (a) RETURN a.x AS y | 1 |
      | CREATE (:A {x: date('2018-01-01'), y: duration('P1D')}) | MATCH (a) RETURN toString(a.x + a.y) AS y | '2018-01-02' |
      | CREATE (:A {x: [date('2018-01-01'), date('2018-01-02')]}) | MATCH (a) RETURN toString(a.x[1]) AS y | '2018-01-02' |
      | CREATE (:`A b` {`x y`: 1}) | MATCH (`n m`:`A b`) RETURN `n m`.`x y` AS y | 1 |
      | CREATE (:A {x: 1}), (:A {x: 1.0}), (:A {x: '1'}) | MATCH (a:A {x: 1}) RETURN count(*) AS y | 2 |
      | CREATE (:A {x: true}) | MATCH (n) RETURN n.x AND n.z IS NULL AS y | true |
      | CREATE (:A) | MATCH (n) RETURN n.z AS y | null |
      | CREATE (:A)-[:R]->(:B), (:A) | MATCH (n:A) RETURN count { (n)-->() } + 0 AS y ORDER BY y DESC LIMIT 1 | 1 |
      | CREATE (:A) | WITH null AS a RETURN [1 IN (a + a), (a - a)[0], (a * a).x, NOT (a / a)] AS y | [null, null, null, null] |

  Scenario Outline: [2] writing
    Given an empty graph
    And having executed:
      """
      <setup>
      """
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |
    When executing control query:
      """
      MATCH (n) RETURN count(n) + 100 * COUNT { ()-->() } AS z
      """
    Then the result should be, in any order:
      | z       |
      | <total> |

    Examples:
      | setup | query | answer | total |
      | RETURN 1 | CREATE (a {x: 1})-[:R]->(b:B) RETURN a.x + size(labels(b)) AS y | 2 | 102 |
      | RETURN 1 | UNWIND [1, 2, 3] AS x CREATE (a {x: x}) RETURN sum(a.x) AS y | 6 | 3 |
      | RETURN 1 | CREATE (a)-[:R]->(b)<-[:S]-(c) RETURN 1 AS y | 1 | 203 |
      | RETURN 1 | CREATE (a {x: 1, z: null}) RETURN keys(a) AS y | ['x'] | 1 |
      | RETURN 1 | CREATE p = (a)-[:R]->() RETURN length(p) AS y | 1 | 102 |
      | CREATE (:A {x: 1}) | MATCH (a) CREATE (a)-[:R]->(b {x: a.x + 1}) RETURN b.x AS y | 2 | 102 |
      | CREATE (:A), (:A) | MATCH (a), (b) CREATE (a)-[:R]->(b) RETURN count(*) AS y | 4 | 402 |
      | CREATE (:A), (:A) | MATCH (a) CREATE (b) WITH count(*) AS x MATCH (n) WITH x, count(n) AS c RETURN x + 10 * c AS y | 42 | 4 |
      | CREATE (:A {x: 1}) | MERGE (a:A {x: 1}) ON MATCH SET a.z = 2 ON CREATE SET a.z = 3 RETURN a.z AS y | 2 | 1 |
      | CREATE (:A {x: 1}) | MERGE (a:A {x: 2}) ON MATCH SET a.z = 2 ON CREATE SET a.z = 3 RETURN a.z AS y | 3 | 2 |
      | CREATE (:A {x: 1}), (:A {x: 1}) | MERGE (a:A {x: 1}) RETURN count(a) AS y | 2 | 2 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a:A), (b:B) MERGE (a)<-[r:R]-(b) RETURN count(r) AS y | 1 | 202 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a:A), (b:B) MERGE (b)-[r:R]-(a) RETURN count(r) AS y | 1 | 102 |
      | CREATE (:A)-[:R {x: 1}]->(:B) | MATCH (a:A), (b:B) MERGE (a)-[r:R {x: 2}]->(b) RETURN count(r) AS y | 1 | 202 |
      | CREATE (:A), (:A) | MATCH (a:A) MERGE (a)-[:R]->(b:B) RETURN count(*) AS y | 2 | 204 |
      | CREATE (:A), (:A) | MATCH (a:A) MERGE (b:B {x: 1}) RETURN count(*) AS y | 2 | 3 |
      | CREATE (:A {x: 1}) | MATCH (a) MERGE (b:B {x: a.x}) MERGE (a)-[:R]->(b) MERGE (a)-[:R]->(b) RETURN b.x AS y | 1 | 102 |
      | CREATE (:A) | MATCH (a:A) MERGE p = (a)-[:R]->(:B) RETURN length(p) AS y | 1 | 102 |
      | CREATE (:A {x: 1, z: 2}) | MATCH (a) SET a = {x: 3} RETURN properties(a) AS y | {x: 3} | 1 |
      | CREATE (:A {x: 1, z: 2}) | MATCH (a) SET a += {x: null, w: 3} RETURN properties(a) AS y | {z: 2, w: 3} | 1 |
      | CREATE (:A {x: 1})-[:R {x: 5}]->(:B) | MATCH (a:A)-[r]->() SET a = r RETURN a.x AS y | 5 | 102 |
      | CREATE (:A {x: 1})-[:R {x: 5}]->(:B) | MATCH (a:A)-[r]->() SET r += a RETURN r.x AS y | 1 | 102 |
      | CREATE (:A {x: 1}) | MATCH (a) SET a:B:C, a.x = a.x + 1 RETURN size(labels(a)) + a.x AS y | 5 | 1 |
      | CREATE (:A {x: [1]}) | MATCH (a) SET a.x = a.x + [2] RETURN a.x AS y | [1, 2] | 1 |
      | CREATE (:A {x: 1}) | MATCH (a) SET (a).x = 2 RETURN a.x AS y | 2 | 1 |
      | CREATE (:A {x: 1}) | OPTIONAL MATCH (a:X) SET a.x = 2 RETURN a AS y | null | 1 |
      | CREATE (:A {x: 1}) | OPTIONAL MATCH (a:X) REMOVE a.x DELETE a RETURN a AS y | null | 1 |
      | CREATE (:A:B {x: 1}) | MATCH (a) REMOVE a:B, a.x RETURN size(labels(a)) + size(keys(a)) AS y | 1 | 1 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a:A)-[r]->(b) DELETE r, a RETURN count(*) AS y | 1 | 1 |
      | CREATE (:A)-[:R]->(:B) | MATCH p = (:A)-->() DELETE p RETURN 1 AS y | 1 | 0 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a:A) DETACH DELETE a RETURN 1 AS y | 1 | 1 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a)-[r]-(b) DELETE r RETURN count(*) AS y | 2 | 2 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a) WITH collect(a) AS l DETACH DELETE l[0] RETURN 1 AS y | 1 | 1 |
      | CREATE (:A)-[:R]->(:B) | MATCH (a:A) WITH {k: a} AS m DETACH DELETE m.k RETURN 1 AS y | 1 | 1 |
      | CREATE (:A)-[:R]->(:B) | MATCH ()-[r]->() WITH {k: [r]} AS m DELETE m.k[0] RETURN 1 AS y | 1 | 2 |
      | CREATE (:A), (:A) | MATCH (a) DELETE a RETURN count(*) AS y | 2 | 0 |
      | CREATE (:A), (:A), (:A) | MATCH (a) DELETE a WITH a LIMIT 1 RETURN 1 AS y | 1 | 0 |
      | CREATE (:A {x: 1}), (:A {x: 2}) | MATCH (a) SET a.z = 1 WITH a SKIP 1 RETURN a.z AS y | 1 | 2 |
      | CREATE (:A {x: 1}), (:A {x: 2}) | MATCH (a) WITH a ORDER BY a.x LIMIT 1 SET a.x = 9 RETURN a.x AS y | 9 | 2 |
      | CREATE (:A {x: 1}) | MATCH (a) FOREACH (i IN [1, 2] \| CREATE (:B {x: i}) SET a.x = i) RETURN a.x AS y | 2 | 3 |
      | RETURN 1 | UNWIND [1, 2, 1] AS x MERGE (n:N {x: x}) WITH n, count(*) AS c RETURN sum(c * n.x) AS y | 4 | 2 |
      | RETURN 1 | UNWIND range(1, 3) AS x MERGE (n:N) SET n.x = x WITH DISTINCT n RETURN n.x AS y | 3 | 1 |
