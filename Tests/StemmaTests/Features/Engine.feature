Feature: clauses that write, paths and nulls together

  Scenario: [1] merge sees own
    Given an empty graph
    When executing query:
      """
      UNWIND [1,1,2] AS x MERGE (n {v:x}) RETURN count(*) AS c, count(DISTINCT n) AS d
      """
    Then the result should be, in any order:
      | c | d |
      | 3 | 2 |
    And the side effects should be:
      | +nodes      | 2 |
      | +properties | 2 |

  Scenario: [2] merge rel undirected
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)<-[:R {x: 1}]-(b:B)
      """
    When executing query:
      """
      MATCH (a:A), (b:B) MERGE (a)-[r:R]-(b) RETURN r.x AS x
      """
    Then the result should be, in any order:
      | x |
      | 1 |
    And no side effects

  Scenario: [3] delete and type
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)-[:R {x: 1}]->(b:B)
      """
    When executing query:
      """
      MATCH (a)-[r]->(b) DELETE r RETURN type(r) AS t
      """
    Then the result should be, in any order:
      | t   |
      | 'R' |
    And the side effects should be:
      | -relationships | 1 |
      | -properties    | 1 |

  Scenario: [4] deleted property
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {x: 1})
      """
    When executing query:
      """
      MATCH (a) DELETE a RETURN a.x
      """
    Then a EntityNotFound should be raised at runtime: DeletedEntityAccess

  Scenario: [5] optional then match null
    Given an empty graph
    When executing query:
      """
      OPTIONAL MATCH (a:Missing) WITH a MATCH (a)-->(b) RETURN b
      """
    Then the result should be, in any order:
      | b |

  Scenario: [6] bound list
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)-[:X]->(b:B)-[:Y]->(c:C)
      """
    When executing query:
      """
      MATCH (a)-[r1]->()-[r2]->(b) WITH [r1, r2] AS rs, a AS first, b AS second LIMIT 1
      MATCH (first)-[rs*]->(second) RETURN first, second
      """
    Then the result should be, in any order:
      | first | second |
      | (:A)  | (:C)   |

  Scenario: [7] bound list other direction
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)-[:X]->(b:B)-[:Y]->(c:C)
      """
    When executing query:
      """
      MATCH (a)-[r1]->()-[r2]->(b) WITH [r1, r2] AS rs, a AS second, b AS first LIMIT 1
      MATCH (first)-[rs*]->(second) RETURN first, second
      """
    Then the result should be, in any order:
      | first | second |

  Scenario: [8] self loops
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)-[:L]->(a), (a)-[:R]->(:B)
      """
    When executing query:
      """
      MATCH (x)-[r]-(y) RETURN type(r) AS t, count(*) AS c
      """
    Then the result should be, in any order:
      | t   | c |
      | 'L' | 1 |
      | 'R' | 2 |

  Scenario: [9] path with self loop and reverse
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)-[:L]->(a), (b:B)-[:R]->(a)
      """
    When executing query:
      """
      MATCH p = (:A)-[*2]-(x) RETURN p
      """
    Then the result should be, in any order:
      | p                                  |
      | <(:A)-[:L]->(:A)<-[:R]-(:B)> |

  Scenario: [10] foreach
    Given an empty graph
    When executing query:
      """
      WITH [1,2,3] AS xs FOREACH (x IN xs | CREATE (n:N {v: x}) SET n.w = x + 1 FOREACH (y IN [x] | MERGE (:M {v: y % 2})))
      """
    Then the result should be empty
    And the side effects should be:
      | +nodes      | 5 |
      | +properties | 8 |
      | +labels     | 2 |

  Scenario: [11] exists with aggregation
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {n: 1})-[:R]->(), (a)-[:R]->(), (b:A {n: 2})-[:R]->()
      """
    When executing query:
      """
      MATCH (n:A) WHERE exists { MATCH (n)-->(m) WITH n, count(*) AS c WHERE c > 1 RETURN n } RETURN n.n AS n
      """
    Then the result should be, in any order:
      | n |
      | 1 |

  Scenario: [12] set replace with null, add
    Given an empty graph
    And having executed:
      """
      CREATE (:A {a: 1, b: 2})
      """
    When executing query:
      """
      MATCH (n:A) SET n = {b: 3, c: null} SET n += {d: 4, b: null} RETURN n
      """
    Then the result should be, in any order:
      | n           |
      | (:A {d: 4}) |
    And the side effects should be:
      | +properties | 1 |
      | -properties | 2 |

  Scenario: [13] delete from list and map
    Given an empty graph
    And having executed:
      """
      CREATE (:U), (:U), (:U), (:U)
      """
    And parameters are:
      | i | 1 |
    When executing query:
      """
      MATCH (u:U) WITH {key: collect(u)} AS m DETACH DELETE m.key[$i]
      """
    Then the result should be empty
    And the side effects should be:
      | -nodes  | 1 |

  Scenario: [14] detach delete path
    Given an empty graph
    And having executed:
      """
      CREATE (:A)-[:R]->(:B)-[:R]->(:C)
      """
    When executing query:
      """
      MATCH p = (:A)-->() DETACH DELETE p
      """
    Then the result should be empty
    And the side effects should be:
      | -nodes         | 2 |
      | -relationships | 2 |
      | -labels        | 2 |

  Scenario: [15] optional pattern two parts
    Given an empty graph
    And having executed:
      """
      CREATE (:A {n: 1})-[:R]->(:B {n: 2}), (:A {n: 3})
      """
    When executing query:
      """
      MATCH (a:A) OPTIONAL MATCH (a)-[r]->(b) WHERE b.n > 5 RETURN a.n AS a, r, b
      """
    Then the result should be, in any order:
      | a | r    | b    |
      | 1 | null | null |
      | 3 | null | null |

  Scenario: [16] aggregates over empty and nested
    Given an empty graph
    When executing query:
      """
      MATCH (n) RETURN count(n) AS c, collect(n) AS l, sum(n.x) AS s, avg(n.x) AS a, min(n.x) AS mi, max(n.x) AS ma
      """
    Then the result should be, in any order:
      | c | l  | s | a    | mi   | ma   |
      | 0 | [] | 0 | null | null | null |

  Scenario: [17] with limit create
    Given an empty graph
    And having executed:
      """
      CREATE (:A {n: 1}), (:A {n: 2}), (:A {n: 3})
      """
    When executing query:
      """
      MATCH (a:A) WITH a ORDER BY a.n DESC LIMIT 2 CREATE (a)-[:R]->(:B {n: a.n}) RETURN a.n AS n LIMIT 0
      """
    Then the result should be, in any order:
      | n |
    And the side effects should be:
      | +nodes         | 2 |
      | +relationships | 2 |
      | +properties    | 2 |
      | +labels        | 1 |

  Scenario: [18] create on null
    Given an empty graph
    When executing query:
      """
      OPTIONAL MATCH (a:X) SET a.n = 1 REMOVE a.x, a:L DELETE a RETURN a
      """
    Then the result should be, in any order:
      | a    |
      | null |
    And no side effects

  Scenario: [19] merge path with bound and on create, on match
    Given an empty graph
    And having executed:
      """
      CREATE (:A {n: 1})-[:R]->(:B {n: 1}), (:A {n: 2})
      """
    When executing query:
      """
      MATCH (a:A) MERGE (a)-[r:R]->(b:B) ON CREATE SET b.n = 10, r.k = 'c' ON MATCH SET r.k = 'm' RETURN a.n AS a, b.n AS b, r.k AS k
      """
    Then the result should be, in any order:
      | a | b  | k   |
      | 1 | 1  | 'm' |
      | 2 | 10 | 'c' |

  Scenario: [20] shortestPath undirected and none
    Given an empty graph
    And having executed:
      """
      CREATE (a:A), (b:B), (c:C), (d:D), (a)-[:R]->(b), (b)<-[:R]-(c), (a)-[:R]->(x), (x)-[:R]->(c)
      """
    When executing query:
      """
      MATCH (a:A), (c:C), (d:D) OPTIONAL MATCH p = shortestPath((a)-[:R*..5]-(d))
      RETURN p, size([q IN [1] WHERE true]) AS s
      """
    Then the result should be, in any order:
      | p    | s |
      | null | 1 |

  Scenario: [21] allShortestPaths
    Given an empty graph
    And having executed:
      """
      CREATE (a:A), (b:B), (c:C), (a)-[:R]->(b), (b)<-[:R]-(c), (a)-[:R]->(x), (x)-[:R]->(c)
      """
    When executing query:
      """
      MATCH p = allShortestPaths((a:A)-[:R*]-(c:C)) RETURN length(p) AS l, [n IN nodes(p) | labels(n)] AS ns
      """
    Then the result should be, in any order:
      | l | ns                     |
      | 2 | [['A'], ['B'], ['C']]  |
      | 2 | [['A'], [], ['C']]     |

  Scenario: [22] var length zero with labels
    Given an empty graph
    And having executed:
      """
      CREATE (:A)-[:R]->(:B)-[:R]->(:A)
      """
    When executing query:
      """
      MATCH (a:A)-[*0..]->(b:A) RETURN a, b
      """
    Then the result should be, in any order:
      | a    | b    |
      | (:A) | (:A) |
      | (:A) | (:A) |
      | (:A) | (:A) |

  Scenario: [23] union and writes
    Given an empty graph
    When executing query:
      """
      CREATE (a:A) RETURN 1 AS x UNION ALL CREATE (b:B) RETURN 1 AS x
      """
    Then the result should be, in any order:
      | x |
      | 1 |
      | 1 |
    And the side effects should be:
      | +nodes  | 2 |
      | +labels | 2 |

  Scenario: [24] match after create same query
    Given an empty graph
    When executing query:
      """
      CREATE (a:A)-[:R]->(b:B) WITH a MATCH (a)-->(x) CREATE (x)-[:S]->(:C) WITH x MATCH (x)-[:S]->(y) RETURN labels(y) AS l
      """
    Then the result should be, in any order:
      | l     |
      | ['C'] |

  Scenario: [25] pattern comprehension in aggregation
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {n: 1})-[:R]->(:B {n: 2}), (a)-[:R]->(:B {n: 3})
      """
    When executing query:
      """
      MATCH (a:A) RETURN count([p = (a)-->(b) WHERE b.n > 2 | p]) AS c, collect([(a)-->(b:B) | b.n + a.n][0] > 0) AS l
      """
    Then the result should be, in any order:
      | c | l      |
      | 1 | [true] |

  Scenario: [26] cyclic multi patterns
    Given an empty graph
    And having executed:
      """
      CREATE (a:A)-[:R]->(b:B)-[:R]->(c:C)-[:R]->(a), (a)-[:S]->(c)
      """
    When executing query:
      """
      MATCH (x)-[:R]->(y)-[:R]->(z), (z)-[:R]->(x), (x)-[:S]->(z) RETURN x, y, z
      """
    Then the result should be, in any order:
      | x    | y    | z    |
      | (:A) | (:B) | (:C) |

  Scenario: [27] connected delete fails
    Given an empty graph
    And having executed:
      """
      CREATE (:A)-[:R]->(:B)
      """
    When executing query:
      """
      MATCH (n:A) DELETE n
      """
    Then a ConstraintVerificationFailed should be raised at runtime: DeleteConnectedNode

  Scenario: [28] call procedures in query
    Given an empty graph
    And there exists a procedure test.p(a :: INTEGER?, b :: STRING?) :: (x :: INTEGER?, y :: STRING?):
      | a | b   | x | y   |
      | 1 | 'q' | 7 | 'z' |
      | 1 | 'q' | 8 | 'w' |
      | 2 | 'q' | 9 | 'v' |
    When executing query:
      """
      UNWIND [1, 2] AS a CALL test.p(a, 'q') YIELD y, x AS k WITH a, k, y WHERE k > 7 RETURN a, k, y
      """
    Then the result should be, in any order:
      | a | k | y   |
      | 1 | 8 | 'w' |
      | 2 | 9 | 'v' |

  Scenario: [29] property on path of nested lists
    Given an empty graph
    When executing query:
      """
      CREATE (n {l: [1, 2], e: []}) RETURN n.l + n.e + 3 AS l
      """
    Then the result should be, in any order:
      | l         |
      | [1, 2, 3] |

  Scenario: [30] invalid property type
    Given an empty graph
    When executing query:
      """
      CREATE (n) SET n.x = [{a: 1}]
      """
    Then a TypeError should be raised at runtime: InvalidPropertyType

  Scenario: [31] merge null
    Given an empty graph
    When executing query:
      """
      MERGE ({num: null})
      """
    Then a SemanticError should be raised at runtime: MergeReadOwnWrites

  Scenario: [32] distinct on mixed
    Given an empty graph
    When executing query:
      """
      UNWIND [1, 1.0, null, null, 'a', [1], [1.0], {a: null}, {a: null}] AS x RETURN count(DISTINCT x) AS c, count(x) AS d
      """
    Then the result should be, in any order:
      | c | d |
      | 4 | 7 |

  Scenario: [33] order by mixed
    Given an empty graph
    When executing query:
      """
      UNWIND [1, 'a', null, true, [1], {k: 1}, 1.5] AS x RETURN x ORDER BY x DESC
      """
    Then the result should be, in order:
      | x      |
      | null   |
      | 1.5    |
      | 1      |
      | true   |
      | 'a'    |
      | [1]    |
      | {k: 1} |

  Scenario: [34] a condition fails only for rows that the whole pattern matches
    Given an empty graph
    And having executed:
      """
      CREATE (:A {s: 'x'})-[:R]->(:B {v: 1}), (:A {s: 1}), (:A {s: 2})-[:R]->(:C)
      """
    When executing query:
      """
      MATCH (a:A)-[:R]->(b:B) WHERE toUpper(a.s) = 'X' AND NOT (a)-->(:C) RETURN b.v AS v
      """
    Then the result should be, in any order:
      | v |
      | 1 |
