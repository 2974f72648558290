Feature: what a query writes, clause after clause: later clauses see it, earlier ones do not

  Scenario Outline: [1] answers and side effects
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
    And the side effects should be:
      | +nodes         | <n+> |
      | -nodes         | <n-> |
      | +relationships | <r+> |
      | -relationships | <r-> |
      | +labels        | <l+> |
      | -labels        | <l-> |
      | +properties    | <p+> |
      | -properties    | <p-> |

    Examples:
      | setup | query | answer | n+ | n- | r+ | r- | l+ | l- | p+ | p- |
      | CREATE () | UNWIND [1, 2] AS x MATCH (n) CREATE (m) RETURN count(*) AS y | 2 | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) SET n:B WITH n MATCH (m:B) RETURN count(*) AS y | 4 | 0 | 0 | 0 | 0 | 1 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) DELETE n WITH 1 AS x MATCH (m) RETURN count(m) AS y | 0 | 0 | 2 | 0 | 0 | 0 | 1 | 0 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) SET n.i = n.i + 1 WITH n MATCH (m) WHERE m.i = n.i RETURN sum(m.i) AS y | 5 | 0 | 0 | 0 | 0 | 0 | 0 | 2 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) MERGE (m:A {i: n.i + 1}) RETURN sum(m.i) AS y | 5 | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) REMOVE n:A WITH n MATCH (m:A) RETURN count(m) AS y | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) CREATE (m:A {i: n.i + 10}) WITH n MATCH (x:A) RETURN count(*) AS y | 8 | 2 | 0 | 0 | 0 | 0 | 0 | 2 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) WHERE n.i = 1 SET n.i = 2 WITH n MATCH (m {i: 2}) RETURN count(m) AS y | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) WITH n ORDER BY n.i DESC LIMIT 1 DELETE n RETURN count(*) AS y | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n), (m) DELETE n RETURN count(*) AS y | 4 | 0 | 2 | 0 | 0 | 0 | 1 | 0 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) WITH n, n.i AS i DELETE n CREATE (b:B {i: i}) RETURN sum(b.i) AS y | 3 | 2 | 2 | 0 | 0 | 1 | 1 | 2 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) DETACH DELETE n CREATE (:A {i: 1}) RETURN count(*) AS y | 2 | 2 | 2 | 0 | 0 | 0 | 0 | 2 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) REMOVE n.i SET n.i = 1 RETURN sum(n.i) AS y | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n {i: 1}) SET n.i = 1.0 RETURN n.i AS y | 1.0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) SET n = properties(n) RETURN count(n) AS y | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) SET n = n, n += n RETURN sum(n.i) AS y | 3 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (a {i: 1}), (b {i: 2}) SET a += b, b = a RETURN [a.i, b.i] AS y | [2, 2] | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) SET n.j = n.i, n.i = null RETURN sum(n.j) AS y | 3 | 0 | 0 | 0 | 0 | 0 | 0 | 2 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n) WITH collect(n) AS l FOREACH (n IN l \| SET n.z = size(l)) RETURN size(l) AS y | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 2 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) MERGE (b:B) ON CREATE SET b.n = 1 ON MATCH SET b.n = b.n + 1 RETURN max(b.n) AS y | 2 | 1 | 0 | 0 | 0 | 1 | 0 | 1 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (a), (b) WHERE a.i < b.i MERGE (a)-[:T]-(b) MERGE (b)-[:T]-(a) RETURN count(*) AS y | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (a {i: 1}) MERGE (a)-[:T]->(b:A {i: 2}) RETURN b.i AS y | 2 | 1 | 0 | 1 | 0 | 0 | 0 | 1 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MERGE (a:A)-[:T]->(b:A) RETURN count(a.i) AS y | 0 | 2 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (a) MERGE (a)-[:T]->(a) RETURN count(*) AS y | 2 | 0 | 0 | 2 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | OPTIONAL MATCH (z:Z) MERGE (b:B {i: coalesce(z.i, 7)}) RETURN b.i AS y | 7 | 1 | 0 | 0 | 0 | 1 | 0 | 1 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | OPTIONAL MATCH (z:Z) SET z.i = 1, z:B REMOVE z.i DELETE z RETURN z AS y | null | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A), (:A) | MERGE (a:A) MERGE (b:A) MERGE (a)-[:T]->(b) RETURN count(*) AS y | 4 | 0 | 0 | 4 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A)-[:T]->(:B) | MERGE (:A)-[:T]->(:B)-[:U]->(:C) RETURN count(*) AS y | 1 | 3 | 0 | 2 | 0 | 1 | 0 | 0 | 0 |
      | CREATE (:A)-[:T]->(:B) | MATCH (b:B) MERGE (:A)-[:T]->(b)-[:U]->(:C) RETURN count(*) AS y | 1 | 2 | 0 | 2 | 0 | 1 | 0 | 0 | 0 |
      | CREATE (a:A)-[:T]->(b:B), (a)-[:T {x: 1}]->(b) | MERGE p = (:A)-[:T]->(:B) RETURN count(p) AS y | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (:A)<-[:T]-(:B) | MERGE (a:A)-[:T]-(b:B) RETURN count(*) AS y | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE (a {id: 2}), (b {id: 1}), (a)-[:T]->(b), (b)-[:T]->(a) | MATCH (a {id: 2})--(b {id: 1}) MERGE (a)-[r:T]-(b) RETURN count(r) AS y | 4 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->() | MERGE (a)-[:T]->(a) RETURN count(*) AS y | 1 | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->() | MATCH (a)-[r]->(b) DELETE a, b, r RETURN count(*) AS y | 1 | 0 | 2 | 0 | 1 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->() | MATCH (a)-[r]->(b) DETACH DELETE a DETACH DELETE b DELETE r RETURN count(*) AS y | 1 | 0 | 2 | 0 | 1 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->() | MATCH (a)-[r]-(b) DETACH DELETE a, b RETURN count(*) AS y | 2 | 0 | 2 | 0 | 1 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->() | MATCH (a)-[r:T]->(b) CREATE (b)-[:T]->(a) RETURN count(*) AS y | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->()-[:T]->() | MATCH (a)-[:T*]->(b) CREATE (a)-[:T]->(b) RETURN count(*) AS y | 3 | 0 | 0 | 3 | 0 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->()-[:T]->() | MATCH (a)-[*]-(b) DETACH DELETE a, b RETURN count(*) AS y | 6 | 0 | 3 | 0 | 2 | 0 | 0 | 0 | 0 |
      | CREATE ()-[:T]->()-[:T]->() | MATCH p = ()-[*2]->() DELETE p RETURN length(p) AS y | 2 | 0 | 3 | 0 | 2 | 0 | 0 | 0 | 0 |
      | RETURN 1 | UNWIND [1, 2, 3] AS i MERGE (a:X {k: i % 2}) MERGE (b:Y {k: i}) MERGE (a)-[:T]->(b) RETURN count(*) AS y | 3 | 5 | 0 | 3 | 0 | 2 | 0 | 5 | 0 |
      | RETURN 1 | UNWIND ['a', 'b', 'a'] AS i MERGE (x:X {k: i}) ON CREATE SET x.c = 1 ON MATCH SET x.c = x.c + 1 RETURN sum(x.c) AS y | 5 | 2 | 0 | 0 | 0 | 1 | 0 | 4 | 0 |
      | RETURN 1 | UNWIND [1, 2] AS x CREATE (n {x: x}) WITH collect(n) AS ns UNWIND ns AS n SET n.x = n.x * 10 RETURN sum(n.x) AS y | 30 | 2 | 0 | 0 | 0 | 0 | 0 | 2 | 0 |
      | RETURN 1 | UNWIND [1, 2] AS x CREATE (n {x: x}) WITH n DELETE n RETURN count(*) AS y | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | RETURN 1 | CREATE (a:A {x: 1}) WITH a SET a.x = null, a:B REMOVE a:A RETURN labels(a) AS y | ['B'] | 1 | 0 | 0 | 0 | 1 | 0 | 0 | 0 |
      | RETURN 1 | CREATE (a {x: 1})-[:T]->() DETACH DELETE a RETURN 1 AS y | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |
      | RETURN 1 | CREATE (a:A)-[r:T]->(b:B) SET r.y = type(r), a.l = labels(b) RETURN [r.y] + a.l AS y | ['T', 'B'] | 2 | 0 | 1 | 0 | 2 | 0 | 2 | 0 |
      | RETURN 1 | MERGE (n:A) ON CREATE SET n.c = 1 ON MATCH SET n.m = 1 ON CREATE SET n.d = 2 RETURN size(keys(n)) AS y | 2 | 1 | 0 | 0 | 0 | 1 | 0 | 2 | 0 |
      | RETURN 1 | CREATE (a) WITH a UNWIND [0] AS i CREATE (b) CREATE (a)<-[:T]-(b) RETURN 1 AS y | 1 | 2 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
      | RETURN 1 | CREATE (a {i: 1})-[r:T {i: 2}]->(b) CREATE (c {i: a.i + r.i}) RETURN c.i AS y | 3 | 3 | 0 | 1 | 0 | 0 | 0 | 3 | 0 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) SET n.i = n.i * 10 CREATE (m:B {i: n.i}) RETURN sum(m.i) AS y | 30 | 2 | 0 | 0 | 0 | 1 | 0 | 4 | 2 |
      | CREATE (:A {i: 1}), (:A {i: 2}) | MATCH (n:A) REMOVE n.i CREATE (m:B {i: n.i}) RETURN count(m.i) AS y | 0 | 2 | 0 | 0 | 0 | 1 | 0 | 0 | 2 |
      | RETURN 1 | CREATE (a:A)-[:T]->(:B) CREATE (c {i: COUNT { (a)--() }}) RETURN c.i AS y | 1 | 3 | 0 | 1 | 0 | 2 | 0 | 1 | 0 |
      | RETURN 1 | CREATE (:A), (:A) CREATE (c {i: COUNT { (:A) }}) RETURN c.i AS y | 2 | 3 | 0 | 0 | 0 | 1 | 0 | 1 | 0 |

  Scenario Outline: [2] a node keeps its relationships until a clause names them
    Given an empty graph
    And having executed:
      """
      CREATE (:A)-[:T]->(:B)
      """
    When executing query:
      """
      <query>
      """
    Then a ConstraintVerificationFailed should be raised at runtime: DeleteConnectedNode

    Examples:
      | query                             |
      | MATCH (a:A) DELETE a              |
      | MATCH (a)-[r]->(b) DELETE a, b    |
      | MATCH (a)-[r]->() DELETE a DELETE r |
      | MATCH (a)-[r]-(b) DELETE a RETURN 1 AS y |
