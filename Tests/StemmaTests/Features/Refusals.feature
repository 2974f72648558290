Feature: what is refused, when, and under which name

  Scenario Outline: [1] while the text is compiled
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a SyntaxError should be raised at compile time: <detail>

    Examples:
      | query                                                      | detail                       |
      | MATCH (a) RETURN b                                         | UndefinedVariable            |
      | MATCH (a) WHERE b.x = 1 RETURN a                           | UndefinedVariable            |
      | MATCH (a) WITH a.x AS x RETURN a                           | UndefinedVariable            |
      | MATCH (a {x: b.y}) RETURN a                                | UndefinedVariable            |
      | CREATE (a {x: b.y})                                        | UndefinedVariable            |
      | CREATE ()-[:R {x: b}]->()                                  | UndefinedVariable            |
      | MERGE (a {x: b.y})                                         | UndefinedVariable            |
      | MERGE (a) ON CREATE SET b.x = 1                            | UndefinedVariable            |
      | MATCH (a) SET b.x = 1                                      | UndefinedVariable            |
      | MATCH (a) SET a.x = b                                      | UndefinedVariable            |
      | MATCH (a) DELETE b                                         | UndefinedVariable            |
      | MATCH (a) REMOVE b.x                                       | UndefinedVariable            |
      | UNWIND b AS x RETURN x                                     | UndefinedVariable            |
      | MATCH (a) RETURN a ORDER BY b                              | UndefinedVariable            |
      | MATCH (a) RETURN DISTINCT a.x ORDER BY a.y                 | UndefinedVariable            |
      | RETURN [x IN [1] \| y] AS z                                | UndefinedVariable            |
      | RETURN all(x IN [1] WHERE y)                               | UndefinedVariable            |
      | MATCH (n) RETURN [(n)-->(b) WHERE c.x \| b] AS z           | UndefinedVariable            |
      | MATCH (a) WHERE (a)-->(b) RETURN a                         | UndefinedVariable            |
      | MATCH (a) RETURN a LIMIT a.x                               | NonConstantExpression        |
      | MATCH (a) RETURN a SKIP a.x                                | NonConstantExpression        |
      | MATCH (a) RETURN a LIMIT -1                                | NegativeIntegerArgument      |
      | MATCH (a) RETURN a SKIP -1                                 | NegativeIntegerArgument      |
      | MATCH (a) RETURN a LIMIT 1.7                               | InvalidArgumentType          |
      | MATCH (a) RETURN a SKIP 'x'                                | InvalidArgumentType          |
      | MATCH (a) RETURN count(rand())                             | NonConstantExpression        |
      | MATCH (a) CREATE (a)                                       | VariableAlreadyBound         |
      | MATCH (a) CREATE (a:B)                                     | VariableAlreadyBound         |
      | MATCH (a) CREATE (a {x: 1})-[:R]->()                       | VariableAlreadyBound         |
      | MATCH (a)-[r]->(b) CREATE (a)-[r:R]->(b)                   | VariableAlreadyBound         |
      | CREATE (a), (a)                                            | VariableAlreadyBound         |
      | CREATE (n:Foo)-[:T1]->(), (n:Bar)-[:T2]->()                | VariableAlreadyBound         |
      | CREATE ()<-[:T2]-(n:Foo), (n:Bar)<-[:T1]-()                | VariableAlreadyBound         |
      | MATCH (a) MERGE (a)                                        | VariableAlreadyBound         |
      | MATCH (a) MERGE (a:B)-[:R]->()                             | VariableAlreadyBound         |
      | MATCH (a)-[r]->(b) MERGE (a)-[r:R]->(b)                    | VariableAlreadyBound         |
      | MATCH p = (a) MATCH p = (b) RETURN p                       | VariableAlreadyBound         |
      | MATCH p = (a), p = (b) RETURN p                            | VariableAlreadyBound         |
      | MATCH (p) MATCH p = (b) RETURN p                           | VariableAlreadyBound         |
      | MATCH p = ()-[p]-() RETURN p                               | VariableAlreadyBound         |
      | UNWIND [1] AS x UNWIND [2] AS x RETURN x                   | VariableAlreadyBound         |
      | MATCH (a)-[a]->() RETURN a                                 | VariableTypeConflict         |
      | MATCH ()-[r]->(r) RETURN r                                 | VariableTypeConflict         |
      | MATCH ()-[r]->() MATCH (r) RETURN r                        | VariableTypeConflict         |
      | MATCH p = () MATCH (p) RETURN p                            | VariableTypeConflict         |
      | WITH 1 AS n MATCH (n) RETURN n                             | VariableTypeConflict         |
      | WITH [1] AS r MATCH ()-[r]->() RETURN r                    | VariableTypeConflict         |
      | WITH {a: 1} AS n CREATE (n)-[:R]->()                       | VariableTypeConflict         |
      | WITH 1 AS n MATCH (n)-->() RETURN n                        | VariableTypeConflict         |
      | MATCH ()-[r*]->() MATCH (r) RETURN r                       | VariableTypeConflict         |
      | MATCH ()-[r]-()-[r]-() RETURN r                            | RelationshipUniquenessViolation |
      | CREATE (a)-[]->(b)                                         | NoSingleRelationshipType     |
      | CREATE (a)-->(b)                                           | NoSingleRelationshipType     |
      | CREATE (a)-[:A\|B]->(b)                                    | NoSingleRelationshipType     |
      | MERGE (a)-[]->(b)                                          | NoSingleRelationshipType     |
      | MERGE (a)-[:A\|B]->(b)                                     | NoSingleRelationshipType     |
      | CREATE (a)-[:R]-(b)                                        | RequiresDirectedRelationship |
      | CREATE (a)<-[:R]->(b)                                      | RequiresDirectedRelationship |
      | CREATE (a)-[:R*2]->(b)                                     | CreatingVarLength            |
      | MERGE (a)-[:R*2]->(b)                                      | CreatingVarLength            |
      | MATCH (n $p) RETURN n                                      | InvalidParameterUse          |
      | MATCH ()-[r:R $p]->() RETURN r                             | InvalidParameterUse          |
      | MERGE (n $p) RETURN n                                      | InvalidParameterUse          |
      | MATCH (n) DELETE n:A                                       | InvalidDelete                |
      | MATCH ()-[r:R]->() DELETE r:R                              | InvalidDelete                |
      | MATCH () DELETE 1 + 1                                      | InvalidArgumentType          |
      | RETURN count(count(*))                                     | NestedAggregation            |
      | UNWIND [1] AS x RETURN sum(count(x))                       | NestedAggregation            |
      | MATCH (a) WHERE count(a) > 1 RETURN a                      | InvalidAggregation           |
      | RETURN [x IN [1] \| count(*)]                              | InvalidAggregation           |
      | RETURN [x IN [1] WHERE count(*) > 0 \| x]                  | InvalidAggregation           |
      | MATCH (n) RETURN n.x ORDER BY max(n.y)                     | InvalidAggregation           |
      | MATCH (n) WITH n.x AS x ORDER BY count(1) RETURN x         | InvalidAggregation           |
      | MATCH (a) RETURN a.x + count(*)                            | AmbiguousAggregationExpression |
      | MATCH (a) RETURN a.x, a.x + a.y + count(*)                 | AmbiguousAggregationExpression |
      | MATCH (a) WITH a.x + count(*) AS y RETURN y                | AmbiguousAggregationExpression |
      | MATCH (a)--(b) RETURN a.x + b.x AS y, a.x + b.x + count(*) ORDER BY a.x + b.x + count(*) + a.z | AmbiguousAggregationExpression |
      | MATCH (a) RETURN a AS x, a AS x                            | ColumnNameConflict           |
      | WITH 1 AS x, 2 AS x RETURN x                               | ColumnNameConflict           |
      | RETURN 1 AS a UNION RETURN 1 AS b                          | DifferentColumnsInUnion      |
      | RETURN 1 AS a UNION ALL RETURN 1 AS b                      | DifferentColumnsInUnion      |
      | RETURN 1 AS a UNION RETURN 1 AS a UNION ALL RETURN 1 AS a  | InvalidClauseComposition     |
      | RETURN 1 AS a UNION ALL RETURN 1 AS a UNION RETURN 1 AS a  | InvalidClauseComposition     |
      | MATCH () RETURN *                                          | NoVariablesInScope           |
      | MATCH (a) WITH a, count(*) RETURN a                        | NoExpressionAlias            |
      | MATCH (a) WITH a.x RETURN 1                                | NoExpressionAlias            |
      | RETURN foo(1)                                              | UnknownFunction              |
      | RETURN type(1)                                             | InvalidArgumentType          |
      | MATCH (n) RETURN type(n)                                   | InvalidArgumentType          |
      | MATCH p = (n) RETURN labels(p)                             | InvalidArgumentType          |
      | MATCH (n) RETURN length(n)                                 | InvalidArgumentType          |
      | MATCH ()-[r]->() RETURN length(r)                          | InvalidArgumentType          |
      | MATCH p = (n) RETURN size(p)                               | InvalidArgumentType          |
      | MATCH (n) RETURN nodes(n)                                  | InvalidArgumentType          |
      | RETURN NOT 1                                               | InvalidArgumentType          |
      | RETURN 1 AND true                                          | InvalidArgumentType          |
      | RETURN true OR 'a'                                         | InvalidArgumentType          |
      | RETURN [] XOR true                                         | InvalidArgumentType          |
      | RETURN 1 IN 'a'                                            | InvalidArgumentType          |
      | RETURN 1 IN {x: []}                                        | InvalidArgumentType          |
      | RETURN all(x IN ['a'] WHERE x % 2 = 0)                     | InvalidArgumentType          |
      | RETURN 9223372036854775808                                 | IntegerOverflow              |
      | RETURN -9223372036854775809                                | IntegerOverflow              |
      | RETURN 0x8000000000000000                                  | IntegerOverflow              |
      | RETURN 0o1000000000000000000000                            | IntegerOverflow              |
      | RETURN 1.34E999                                            | FloatingPointOverflow        |
      | RETURN 9223372h54775808                                    | InvalidNumberLiteral         |
      | RETURN 0x1A2B3J4D5E6F7                                     | InvalidNumberLiteral         |
      | RETURN 0o18                                                | InvalidNumberLiteral         |
      | RETURN '\uH'                                               | InvalidUnicodeLiteral        |
      | RETURN 42 — 41                                             | InvalidUnicodeCharacter      |
      | MATCH (n) WHERE n.x = RETURN n                             | UnexpectedSyntax             |
      | RETURN [1, 2                                               | UnexpectedSyntax             |
      | RETURN {1: 2}                                              | UnexpectedSyntax             |
      | RETURN {a}                                                 | UnexpectedSyntax             |
      | MATCH (n) SET (n)-->() = 1                                 | UnexpectedSyntax             |
      | MATCH (n) RETURN (n)-->()                                  | UnexpectedSyntax             |
      | MATCH (n) WITH (n)-->() AS x RETURN x                      | UnexpectedSyntax             |
      | MATCH (n) SET n.x = (n)-->()                               | UnexpectedSyntax             |
      | MATCH (n) RETURN size((n)-->())                            | UnexpectedSyntax             |
      | MATCH (n)-[:A\|:B\|:C]->() RETURN n.x AS                   | UnexpectedSyntax             |
      | MATCH (n)-[r:R*1..2..3]->() RETURN r                       | InvalidRelationshipPattern   |
      | MATCH (n)-[r:R*-1]->() RETURN r                            | InvalidRelationshipPattern   |
      | RETURN exists { MATCH (n) SET n.x = 1 }                    | InvalidClauseComposition     |
      | MATCH (n) WHERE exists { MATCH (n) SET n.x = 1 } RETURN n  | InvalidClauseComposition     |
      | RETURN size(1)                                             | InvalidArgumentType          |
      | RETURN substring('a')                                      | InvalidNumberOfArguments     |

  Scenario Outline: [2] while the query runs
    Given an empty graph
    And having executed:
      """
      CREATE (:A {x: 1})-[:R]->(:B {list: [1, 'a']})
      """
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at runtime: <detail>
    And no side effects

    Examples:
      | query                                             | type           | detail                    |
      | MATCH (a:A) SET a.y = {z: 1}                      | TypeError      | InvalidPropertyType       |
      | MATCH (a:A) SET a.y = [{z: 1}]                    | TypeError      | InvalidPropertyType       |
      | MATCH (a:A), (b:B) SET a.y = b                    | TypeError      | InvalidPropertyType       |
      | CREATE (a {x: [[{y: 1}]]})                        | TypeError      | InvalidPropertyType       |
      | MATCH (a:A) DELETE a                              | ConstraintVerificationFailed | DeleteConnectedNode |
      | MERGE (a {x: null})                               | SemanticError  | MergeReadOwnWrites        |
      | MATCH (a:A), (b:B) MERGE (a)-[r:R {x: null}]->(b) | SemanticError  | MergeReadOwnWrites        |
      | WITH [1, 2] AS l, 'a' AS i RETURN l[i]            | TypeError      | InvalidArgumentType       |
      | WITH {a: 1} AS m, 1 AS i RETURN m[i]              | TypeError      | MapElementAccessByNonString |
      | UNWIND [[1], 1] AS x RETURN toInteger(x)          | TypeError      | InvalidArgumentValue      |
      | UNWIND [1, {a: 1}] AS x RETURN toBoolean(x)       | TypeError      | InvalidArgumentValue      |
      | UNWIND [true, []] AS x RETURN toFloat(x)          | TypeError      | InvalidArgumentValue      |
      | UNWIND [1, []] AS x RETURN toString(x)            | TypeError      | InvalidArgumentValue      |
      | MATCH (a:A) RETURN range(1, 5, 0)                 | ArgumentError  | NumberOutOfRange          |
      | UNWIND [1] AS x RETURN percentileCont(x, 1.1)     | ArgumentError  | NumberOutOfRange          |
      | UNWIND [1] AS x RETURN percentileDisc(x, -1)      | ArgumentError  | NumberOutOfRange          |
      | MATCH (a:A) DETACH DELETE a RETURN a.x            | EntityNotFound | DeletedEntityAccess       |
      | MATCH (a:A) DETACH DELETE a RETURN labels(a)      | EntityNotFound | DeletedEntityAccess       |
      | MATCH ()-[r:R]->() DELETE r RETURN r.x            | EntityNotFound | DeletedEntityAccess       |
      | MATCH (b:B) UNWIND b.list AS x RETURN type(x)     | TypeError      | InvalidArgumentValue      |
      | MATCH (a:A) UNWIND [1, a] AS x RETURN labels(x)   | TypeError      | InvalidArgumentValue      |
      | MATCH (a:A) UNWIND [1, a] AS x RETURN x.y         | TypeError      | InvalidArgumentType       |
