Feature: the neighbours of what the other files test: every function, clause and refusal once more

  Scenario Outline: [1] literals
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN 0x1 AS y | 1 |
      | RETURN 0xABCDEF AS y | 11259375 |
      | RETURN 0x7FFFFFFFFFFFFFFF AS y | 9223372036854775807 |
      | RETURN -0x8000000000000000 AS y | -9223372036854775808 |
      | RETURN 0x0 AS y | 0 |
      | RETURN -0x0 AS y | 0 |
      | RETURN 0x1a2b3c AS y | 1715004 |
      | RETURN 0o0 AS y | 0 |
      | RETURN 0o777 AS y | 511 |
      | RETURN 0o2613152366 AS y | 372036854 |
      | RETURN -0o5 AS y | -5 |
      | RETURN 0o777777777777777777777 AS y | 9223372036854775807 |
      | RETURN -0o1000000000000000000000 AS y | -9223372036854775808 |
      | RETURN 1.0 AS y | 1.0 |
      | RETURN -1.0 AS y | -1.0 |
      | RETURN -.0 AS y | 0.0 |
      | RETURN 1e9 AS y | 1000000000.0 |
      | RETURN 1E9 AS y | 1000000000.0 |
      | RETURN .1e9 AS y | 100000000.0 |
      | RETURN 1e-5 AS y | 0.00001 |
      | RETURN .1e-5 AS y | 0.000001 |
      | RETURN .1E-5 AS y | 0.000001 |
      | RETURN -1E9 AS y | -1000000000.0 |
      | RETURN -1e9 AS y | -1000000000.0 |
      | RETURN -.1e9 AS y | -100000000.0 |
      | RETURN -.1E9 AS y | -100000000.0 |
      | RETURN -1e-5 AS y | -0.00001 |
      | RETURN -1E-5 AS y | -0.00001 |
      | RETURN 1e308 AS y | 1e308 |
      | RETURN 123456789e300 AS y | 1.23456789e308 |
      | RETURN 1.7976931348623157e308 AS y | 1.7976931348623157e308 |
      | RETURN 4.9e-324 > 0 AS y | true |
      | RETURN 1e-999 AS y | 0.0 |
      | RETURN '' AS y | '' |
      | RETURN 'a' AS y | 'a' |
      | RETURN '🧐🍌❖⋙⚐' AS y | '🧐🍌❖⋙⚐' |
      | RETURN "" AS y | '' |
      | RETURN 'a"b' AS y | 'a"b' |
      | RETURN "\\"" AS y | '"' |
      | RETURN size('\\t\\n\\r\\b\\f\\'\\"\\\\\\u0041') AS y | 9 |
      | RETURN '\\u01FF' AS y | 'ǿ' |
      | RETURN '\\U0001F600' AS y | '😀' |
      | RETURN "\\u0041\\u0042" AS y | 'AB' |
      | RETURN 9223372036854775807 AS y | 9223372036854775807 |
      | RETURN - 9223372036854775808 AS y | -9223372036854775808 |
      | RETURN 007 AS y | 7 |
      | RETURN TRUE AS y | true |
      | RETURN True AS y | true |
      | RETURN FALSE AS y | false |
      | RETURN NULL AS y | null |
      | RETURN Null AS y | null |
      | RETURN [ ] AS y | [] |
      | RETURN [null] AS y | [null] |
      | RETURN [-0x162CD4F6] AS y | [-372036854] |
      | RETURN [1.0, -2.5e3] AS y | [1.0, -2500.0] |
      | RETURN ['a', "b"] AS y | ['a', 'b'] |
      | RETURN [[], [[]], [[[]]]] AS y | [[], [[]], [[[]]]] |
      | RETURN [{}] AS y | [{}] |
      | RETURN [2e-01, ', as long as', [[]], {a: {b: []}}] AS y | [0.2, ', as long as', [[]], {a: {b: []}}] |
      | RETURN {abc: 1} AS y | {abc: 1} |
      | RETURN {ABC: 1} AS y | {ABC: 1} |
      | RETURN {aBCdEfG: 1} AS y | {aBCdEfG: 1} |
      | RETURN {a1B2c3e67: 1} AS y | {a1B2c3e67: 1} |
      | RETURN {k: false} AS y | {k: false} |
      | RETURN {k: -0x162CD4F6} AS y | {k: -372036854} |
      | RETURN {k: 0o5} AS y | {k: 5} |
      | RETURN {k: -.1e-5} AS y | {k: -0.000001} |
      | RETURN {k: 'ab: c, as#?lßdj '} AS y | {k: 'ab: c, as#?lßdj '} |
      | RETURN {a: {}} AS y | {a: {}} |
      | RETURN {a: {}, b: {}} AS y | {a: {}, b: {}} |
      | RETURN {a : ' { b : ' , c : { d : ' ' }, d : ' } ' } AS y | {a: ' { b : ', c: {d: ' '}, d: ' } '} |
      | RETURN {`a b`: 1} AS y | {`a b`: 1} |
      | RETURN {null: 1, true: 2, match: 3}.match AS y | 3 |

  Scenario Outline: [2] strings
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN substring('0123456789', 0, 3) AS y | '012' |
      | RETURN substring(null, 0) AS y | null |
      | RETURN reverse(null) AS y | null |
      | RETURN reverse('') AS y | '' |
      | RETURN split('one1two1three', '1') AS y | ['one', 'two', 'three'] |
      | RETURN split('a--b', '--') AS y | ['a', 'b'] |
      | RETURN toUpper(null) AS y | null |
      | RETURN toLower('ABC') AS y | 'abc' |
      | RETURN trim(null) AS y | null |
      | RETURN replace('hello', 'l', 'w') AS y | 'hewwo' |
      | RETURN replace(null, 'l', 'w') AS y | null |
      | RETURN left(null, 1) AS y | null |
      | RETURN left('hello', 0) AS y | '' |
      | RETURN right('hello', 0) AS y | '' |
      | RETURN 'abc' STARTS WITH '' AS y | true |
      | RETURN 'abc' ENDS WITH '' AS y | true |
      | RETURN 'abc' STARTS WITH 'abcd' AS y | false |
      | RETURN 'abc' STARTS WITH 'ABC' AS y | false |
      | RETURN NOT 'abc' STARTS WITH 'ab' AS y | false |
      | RETURN NOT 'abc' CONTAINS 'x' AS y | true |
      | RETURN null STARTS WITH 'a' AS y | null |
      | RETURN null STARTS WITH null AS y | null |
      | RETURN null ENDS WITH 'a' AS y | null |
      | RETURN 'a' CONTAINS null AS y | null |
      | RETURN NOT (null CONTAINS null) AS y | null |
      | RETURN 1 STARTS WITH 'a' AS y | null |
      | RETURN [] CONTAINS 'a' AS y | null |
      | RETURN 'a' CONTAINS {} AS y | null |
      | RETURN 'abc' =~ 'a.c' AS y | true |
      | RETURN 'abc' =~ 'b' AS y | false |
      | RETURN 'abc' =~ '(?i)ABC' AS y | true |
      | RETURN null =~ 'a' AS y | null |
      | RETURN 'a' =~ null AS y | null |
      | RETURN 'The ' + 'Matrix' AS y | 'The Matrix' |
      | RETURN 'a' + 1.5 AS y | 'a1.5' |
      | RETURN 1 + 'a' AS y | '1a' |
      | RETURN toString(1.5) AS y | '1.5' |
      | RETURN toString(-1) AS y | '-1' |
      | RETURN toString('a') AS y | 'a' |
      | RETURN toString(null) AS y | null |
      | RETURN toString(1 < 0) AS y | 'false' |
      | RETURN toString(date('2020-01-01')) AS y | '2020-01-01' |
      | RETURN [x IN [1, 2.3, true, 'apa', null] \| toString(x)] AS y | ['1', '2.3', 'true', 'apa', null] |
      | RETURN toInteger('foo') AS y | null |
      | RETURN toInteger('') AS y | null |
      | RETURN toInteger(' 42 ') AS y | 42 |
      | RETURN toInteger('42.9') AS y | 42 |
      | RETURN toInteger('-5') AS y | -5 |
      | RETURN toInteger('1e3') AS y | 1000 |
      | RETURN toInteger(82.9) AS y | 82 |
      | RETURN toInteger(null) AS y | null |
      | RETURN toInteger(2.9e5) AS y | 290000 |
      | RETURN [x IN ['a', '2', '1.7', 'foo', ''] \| toInteger(x)] AS y | [null, 2, 1, null, null] |
      | RETURN toFloat('5.0') AS y | 5.0 |
      | RETURN toFloat('foo') AS y | null |
      | RETURN toFloat('') AS y | null |
      | RETURN toFloat(null) AS y | null |
      | RETURN toFloat('1e-2') AS y | 0.01 |
      | RETURN toFloat(1) AS y | 1.0 |
      | RETURN toBoolean('true') AS y | true |
      | RETURN toBoolean('False') AS y | false |
      | RETURN toBoolean(null) AS y | null |
      | RETURN toBoolean('') AS y | null |
      | RETURN toBoolean(' true ') AS y | true |

  Scenario Outline: [3] lists
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN [1, 2, 3][0] AS y | 1 |
      | RETURN [[1]][0][0] AS y | 1 |
      | RETURN [1, 2][null] AS y | null |
      | RETURN null[0] AS y | null |
      | RETURN [1, 2, 3][-4] AS y | null |
      | RETURN [1, 2, 3][0..0] AS y | [] |
      | RETURN [1, 2, 3][0..100] AS y | [1, 2, 3] |
      | RETURN [1, 2, 3][-3..-1] AS y | [1, 2] |
      | RETURN [1, 2, 3][-5..2] AS y | [1, 2] |
      | RETURN [1, 2, 3][-1..] AS y | [3] |
      | RETURN [1, 2, 3][..] AS y | [1, 2, 3] |
      | RETURN [1, 2, 3][3..1] AS y | [] |
      | RETURN [1, 2, 3][-5..5] AS y | [1, 2, 3] |
      | RETURN [1, 2, 3][1..null] AS y | null |
      | RETURN [1, 2, 3][null..null] AS y | null |
      | RETURN [1, 2, 3][null..] AS y | null |
      | RETURN [1, 2, 3][..null] AS y | null |
      | WITH [1, 2, 3] AS list RETURN list[1..2] AS y | [2] |
      | RETURN null[1..2] AS y | null |
      | RETURN [1, 10, 100] + [4, 5] AS y | [1, 10, 100, 4, 5] |
      | RETURN [false, true] + false AS y | [false, true, false] |
      | RETURN [] + [] AS y | [] |
      | RETURN [1] + [[2]] AS y | [1, [2]] |
      | RETURN null + [1] AS y | null |
      | RETURN [1] + [null] AS y | [1, null] |
      | RETURN size([]) AS y | 0 |
      | RETURN size([null]) AS y | 1 |
      | RETURN size('') AS y | 0 |
      | RETURN [x IN [1, 2, 3]] AS y | [1, 2, 3] |
      | RETURN [x IN [1, 2, 3] WHERE x > 1] AS y | [2, 3] |
      | RETURN [x IN null \| x] AS y | null |
      | RETURN [x IN [1, null] WHERE x IS NULL \| 1] AS y | [1] |
      | RETURN [x IN [1, 2] \| [y IN [3] \| x + y]] AS y | [[4], [5]] |
      | WITH [1, 2] AS x RETURN [x IN x \| x + 1] AS y | [2, 3] |
      | RETURN range(0, 3) AS y | [0, 1, 2, 3] |
      | RETURN range(0, -1) AS y | [] |
      | RETURN range(0, 0) AS y | [0] |
      | RETURN range(10, 0, -3) AS y | [10, 7, 4, 1] |
      | RETURN range(0, 10, -1) AS y | [] |
      | RETURN range(10, 0, 1) AS y | [] |
      | RETURN range(2, 2, -1) AS y | [2] |
      | RETURN tail([1]) AS y | [] |
      | RETURN tail(null) AS y | null |
      | RETURN last(null) AS y | null |
      | RETURN last([null]) AS y | null |
      | RETURN reverse([]) AS y | [] |
      | RETURN 3 IN [1, 2, 3] AS y | true |
      | RETURN null IN [1] AS y | null |
      | RETURN 1 IN null AS y | null |
      | RETURN [1, 2] IN [[1, 2]] AS y | true |
      | RETURN [1, 2] IN [1, [1, '2']] AS y | false |
      | RETURN [1, [1]] IN [1, [1, [1]]] AS y | true |
      | RETURN [1, '2'] IN [1, [1, '2']] AS y | true |
      | RETURN [[1, 2], [3, 4]] IN [5, [[1, 2], [3, 4]]] AS y | true |
      | RETURN [[1, 2], 3] IN [1, [[1, 2], 3]] AS y | true |
      | RETURN [null] IN [null] AS y | null |
      | RETURN [null] IN [[null]] AS y | null |
      | RETURN [[null], 1] IN [[null], [[null], 2]] AS y | false |
      | RETURN [1, null] IN [[1, null]] AS y | null |
      | RETURN [1, null] IN [[1, 2]] AS y | null |
      | RETURN [1, 2] IN [[null, 'foo'], [1, 2]] AS y | true |
      | RETURN [1, 2] IN [[1, null, 2]] AS y | false |
      | RETURN [] IN [[]] AS y | true |
      | RETURN [] IN [] AS y | false |
      | RETURN [] IN [1, []] AS y | true |
      | RETURN [] IN [1, 2] AS y | false |
      | RETURN [[]] IN [1, [[]]] AS y | true |
      | RETURN [] IN [1, 2, null] AS y | null |
      | RETURN [[], []] IN [1, [[], []]] AS y | true |
      | RETURN 3 IN [[1, 2, 3]][0] AS y | true |
      | RETURN [1, 2] IN [1, 2] AS y | false |
      | RETURN [1] IN [1, 2] AS y | false |
      | RETURN [1, 2] = [1, 2] AS y | true |
      | RETURN [1, 2] = [2, 1] AS y | false |
      | RETURN [1] = 1 AS y | false |
      | RETURN [] = [] AS y | true |
      | RETURN [[1], [null]] = [[1], [2]] AS y | null |
      | RETURN [[1], [2, 3]] = [[1], [null]] AS y | false |
      | RETURN [1, 2] <> [1, 3] AS y | true |
      | RETURN [1, null] <> [1, 2] AS y | null |
      | RETURN [1, 'foo'] < [1, 'foo', 2] AS y | true |
      | RETURN [1, 2] > [1, null] AS y | null |
      | RETURN [1, 2] >= [3, null] AS y | false |
      | RETURN [1, 2] < [3, null] AS y | true |
      | RETURN [] < [1] AS y | true |
      | RETURN [null] < [1] AS y | null |
      | RETURN [1, 'a'] < [1, 1] AS y | null |

  Scenario Outline: [4] maps
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN {a: 1, b: 2}.b AS y | 2 |
      | RETURN {a: 1}.A AS y | null |
      | WITH {existing: 42, notMissing: null} AS m RETURN m.missing AS y | null |
      | WITH {existing: 42, notMissing: null} AS m RETURN m.notMissing AS y | null |
      | WITH {existing: 42} AS m RETURN m.existing AS y | 42 |
      | WITH null AS m RETURN m.missing AS y | null |
      | WITH [123, {a: 1}] AS l RETURN (l[1]).a AS y | 1 |
      | WITH {name: 'Mats', nome: 'Pontus'} AS m RETURN m['n' + 'ame'] AS y | 'Mats' |
      | WITH {name: 'Mats', Name: 'Pontus'} AS m RETURN m['nAMe'] AS y | null |
      | WITH {name: 'Mats'} AS m RETURN m['null'] AS y | null |
      | WITH null AS m, 'x' AS i RETURN m[i] AS y | null |
      | WITH null AS m, null AS i RETURN m[i] AS y | null |
      | RETURN keys({}) AS y | [] |
      | RETURN size(keys({k: 1, l: null})) AS y | 2 |
      | RETURN keys(null) AS y | null |
      | RETURN 'k' IN keys({k: null}) AS y | true |
      | RETURN {k: 1} = {k: 1} AS y | true |
      | RETURN {k: null} = {k: 1} AS y | null |
      | RETURN {k: 1} = {k: 1, l: null} AS y | false |
      | RETURN {k: 1, l: null} = {k: 1, l: 1} AS y | null |
      | RETURN {k: 1, l: null} = {k: 2, l: 1} AS y | false |
      | RETURN {k: 1} <> {k: 2} AS y | true |
      | RETURN {} = {} AS y | true |
      | RETURN {k: 1} = [1] AS y | false |
      | RETURN {k: 1} < {k: 2} AS y | null |

  Scenario Outline: [5] boolean
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN true XOR null AS y | null |
      | RETURN null XOR null AS y | null |
      | RETURN false AND null AS y | false |
      | RETURN true AND null AS y | null |
      | RETURN null OR null AS y | null |
      | RETURN false OR null AS y | null |
      | RETURN NOT NOT null AS y | null |
      | RETURN NOT NOT NOT true AS y | false |

  Scenario Outline: [6] comparison
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN 1 = 1.0 AS y | true |
      | RETURN 1 <> 1.0 AS y | false |
      | RETURN 'a' = 'a' AS y | true |
      | RETURN 'a' = 'A' AS y | false |
      | RETURN 1 = true AS y | false |
      | RETURN 1 < 1.5 AS y | true |
      | RETURN 1 <= 1.0 AS y | true |
      | RETURN 'a' <= 'a' AS y | true |
      | RETURN 'a' < 'aa' AS y | true |
      | RETURN '' < 'a' AS y | true |
      | RETURN 1 > 'a' AS y | null |
      | RETURN true > 1 AS y | null |
      | RETURN true > false AS y | true |
      | RETURN null < 1 AS y | null |
      | RETURN 0.0 / 0.0 = 1 AS y | false |
      | RETURN 0.0 / 0.0 <> 0.0 / 0.0 AS y | true |
      | RETURN 0.0 / 0.0 >= 1 AS y | false |
      | RETURN 0.0 / 0.0 < 1 AS y | false |
      | RETURN 0.0 / 0.0 <= 1.0 AS y | false |
      | RETURN 0.0 / 0.0 > 'a' AS y | null |
      | RETURN 1 < 2 = true AS y | false |
      | RETURN 1 <= 2 <= 3 <= 4 AS y | true |
      | RETURN 1 < 3 < 2 AS y | false |
      | RETURN 3 > 2 > 1 AS y | true |
      | RETURN 1 = 1 = 1 AS y | true |
      | RETURN 4611686018427387905 = 4611686018427387900 AS y | false |
      | RETURN 4611686018427387905 = 4611686018427387905 AS y | true |
      | RETURN 9007199254740993 = 9007199254740992.0 AS y | false |
      | RETURN 9007199254740993 > 9007199254740992.0 AS y | true |
      | UNWIND [1, 2, 3] AS x WITH x WHERE 1 <= x < 3 RETURN collect(x) AS y | [1, 2] |
      | UNWIND ['a', 'b', 'c'] AS x WITH x WHERE 'a' < x <= 'c' RETURN collect(x) AS y | ['b', 'c'] |
      | UNWIND [1, 2, 3] AS x WITH x WHERE 10 < x < 3 RETURN collect(x) AS y | [] |

  Scenario Outline: [7] case
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN CASE 0 WHEN 1 THEN 'a' WHEN 0 THEN 'b' ELSE 'c' END AS y | 'b' |
      | RETURN CASE -1 WHEN 1 THEN 'a' END AS y | null |
      | RETURN CASE WHEN 1 > 2 THEN 'a' WHEN true THEN 'b' END AS y | 'b' |
      | RETURN CASE 1 WHEN '1' THEN 1 ELSE 2 END AS y | 2 |
      | RETURN CASE 1.0 WHEN 1 THEN 1 ELSE 2 END AS y | 1 |
      | RETURN CASE null WHEN null THEN 1 ELSE 2 END AS y | 2 |
      | RETURN CASE WHEN null THEN 1 ELSE 2 END AS y | 2 |
      | RETURN CASE [1] WHEN [1] THEN 1 ELSE 2 END AS y | 1 |
      | RETURN coalesce(null, 1, 2) AS y | 1 |
      | RETURN coalesce(null, null) AS y | null |

  Scenario Outline: [8] grouping and order
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {num: 1, name: 'a'})-[:R {x: 1}]->(b:B {num: 2, name: 'b'})-[:S]->(c:C {num: 3}), (a)-[:T]->(a)
      """
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | MATCH (n) WITH n.num AS num ORDER BY n.name DESC RETURN collect(num) AS y | [3, 2, 1] |
      | MATCH (n) RETURN count(DISTINCT n.name) AS y | 2 |
      | MATCH (n) WITH n, count(*) AS c WHERE n.num > 1 RETURN sum(c) AS y | 2 |
      | MATCH (n) WITH n.num AS x WHERE n.num > 1 RETURN collect(x) AS y | [2, 3] |
      | MATCH (n) WITH DISTINCT n.num AS x WHERE n.num > 1 RETURN collect(x) AS y | [2, 3] |
      | UNWIND [1,2] AS x RETURN sum(x) AS y ORDER BY y + 1 | 3 |
      | UNWIND [1,2] AS x WITH x, sum(x) AS y ORDER BY x + sum(x) DESC RETURN collect(x) AS y | [2, 1] |
      | MATCH (me:A)--(you) WITH me.num AS age, count(you.num) AS cnt ORDER BY age, age + count(you.num) RETURN age AS y | 1 |

  Scenario Outline: [9] matching
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {num: 1, name: 'a'})-[:R {x: 1}]->(b:B {num: 2, name: 'b'})-[:S]->(c:C {num: 3}), (a)-[:T]->(a)
      """
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | MATCH (n) WITH n.num AS x WHERE n.name = 'a' RETURN x AS y | 1 |
      | MATCH (a)-[r]-(b) RETURN count(r) AS y | 5 |
      | MATCH (a:A)-[*0..]->(b) RETURN count(*) AS y | 6 |
      | MATCH (a:A)-[*0..0]->(b) RETURN b.num AS y | 1 |
      | MATCH (a:A)-[*2]-(b) RETURN count(*) AS y | 2 |
      | MATCH (a:A)-[*3..2]-(b) RETURN count(*) AS y | 0 |
      | MATCH (a:A)-[:R*1]->(b) RETURN b.num AS y | 2 |
      | MATCH (a:A)-[:R\|S*]->(b) RETURN collect(b.num) AS y | [2, 3] |
      | MATCH (a:A)-[r:R\|S\|T*2..2 {x: 1}]->(b) RETURN collect(b.num) AS y | [] |
      | MATCH (a:A)-[r:R*..]->(b) RETURN collect(b.num) AS y | [2] |
      | MATCH (a:A)<-->(b) RETURN count(*) AS y | 2 |
      | MATCH (a:A)<-[r]->(b) RETURN count(*) AS y | 2 |
      | MATCH p = (a:A) RETURN p AS y | <(:A {name: 'a', num: 1})> |
      | MATCH p = (c)<-[:S]-(b)<-[:R]-(a) RETURN p AS y | <(:C {num: 3})<-[:S]-(:B {name: 'b', num: 2})<-[:R {x: 1}]-(:A {name: 'a', num: 1})> |
      | MATCH p = (a {name: 'a'})-[:R]->(b)-[:S]-(c) RETURN p AS y | <(:A {name: 'a', num: 1})-[:R {x: 1}]->(:B {name: 'b', num: 2})-[:S]->(:C {num: 3})> |
      | MATCH (a:A), (b:B) RETURN a.num + b.num AS y | 3 |
      | MATCH (a:A)-->(a) RETURN a.num AS y | 1 |
      | MATCH (a)-->(a) RETURN a.num AS y | 1 |
      | MATCH (a:A)--(b)--(c) RETURN count(*) AS y | 2 |
      | MATCH (:A)-->(b:B) RETURN labels(b) AS y | ['B'] |
      | MATCH (n) WHERE n:A OR n:B RETURN collect(n.num) AS y | [1, 2] |
      | MATCH (n) WHERE n:A:B RETURN collect(n.num) AS y | [] |
      | MATCH ()-[r]->() WHERE r:R OR r:S RETURN count(*) AS y | 2 |
      | OPTIONAL MATCH (n:X) RETURN n:A AS y | null |
      | MATCH (n:A) OPTIONAL MATCH (n)-[r:X]->(m) RETURN [r, m, type(r), m.num, labels(m), startNode(r)] AS y | [null, null, null, null, null, null] |
      | MATCH (n:A) OPTIONAL MATCH p = (n)-[r:X]->(m) RETURN [p, nodes(p), length(p), relationships(p)] AS y | [null, null, null, null] |
      | MATCH (n:A) OPTIONAL MATCH (n)-[r:X*]->(m) RETURN r AS y | null |
      | OPTIONAL MATCH (n:A)-->(m:Z), (x:A) RETURN [n, m, x] AS y | [null, null, null] |
      | OPTIONAL MATCH (n:A) WHERE n.num = 7 RETURN n AS y | null |
      | MATCH (n:A) OPTIONAL MATCH (n)-->(m) WHERE m.num > 1 AND n.num = 1 RETURN m.num AS y | 2 |
      | MATCH (n) WHERE (n)-[:R\|S]->() RETURN collect(n.num) AS y | [1, 2] |
      | MATCH (n) WHERE (n)-[]-(:B) RETURN collect(n.num) AS y | [1, 3] |
      | MATCH (n), (m) WHERE (n)-[:R*1..2]->(m) RETURN [n.num, m.num] AS y | [1, 2] |
      | MATCH (n) WHERE NOT (n)-->() AND n.num > 0 RETURN n.num AS y | 3 |
      | MATCH (n) WHERE exists((n)-->()) RETURN collect(n.num) AS y | [1, 2] |
      | MATCH (n) WHERE exists(n.name) RETURN collect(n.num) AS y | [1, 2] |
      | MATCH (n) WHERE (n)-->({num: 2}) RETURN collect(n.num) AS y | [1] |
      | MATCH (n) WHERE ()-->() RETURN count(n) AS y | 3 |
      | MATCH (n:A) RETURN [p = (n)-[*1..2]->(m) WHERE m.num > 1 \| length(p)] AS y | [1, 2, 2] |
      | MATCH (n:A) RETURN size([(n)--(m) \| 1]) AS y | 2 |
      | MATCH (n:A) RETURN [(n)-->(n) \| 1] AS y | [1] |
      | MATCH (n:A) RETURN [(n)-[:R]->(m:B {num: 2}) \| m.name] AS y | ['b'] |
      | MATCH (n) RETURN count([(n)-->(m) \| m]) AS y | 3 |
      | MATCH (a:A) RETURN any(x IN [(a)-->(m) \| m.num] WHERE x > 1) AS y | true |
      | MATCH (n) WHERE exists { (n)-->(:B) } RETURN n.num AS y | 1 |
      | MATCH (n) WHERE exists { MATCH (n)-->(m) WHERE m.num > n.num } RETURN collect(n.num) AS y | [1, 2] |
      | MATCH (n) WHERE exists { MATCH (n)-->(m) RETURN m } RETURN collect(n.num) AS y | [1, 2] |
      | MATCH (n) WHERE exists { MATCH (n)-->(m) WITH n, count(m) AS c WHERE c = 2 RETURN true } RETURN collect(n.num) AS y | [1] |
      | MATCH (n) WHERE exists { MATCH (m) WHERE exists { (n)-->(m) WHERE n.name = 'a' AND m.name = 'b' } } RETURN n.num AS y | 1 |
      | MATCH (n) WHERE exists { (n)-[r]->(m) WHERE type(r) = 'R' } RETURN n.num AS y | 1 |
      | RETURN exists { MATCH (n:A) } AS y | true |

  Scenario Outline: [10] writing
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {num: 1, name: 'a'})-[:R {x: 1}]->(b:B {num: 2, name: 'b'})-[:S]->(c:C {num: 3}), (a)-[:T]->(a)
      """
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | MERGE (a:A {num: 1}) ON MATCH SET a.name = 'z' RETURN a.name AS y | 'z' |
      | MERGE (a:D {num: 1}) ON CREATE SET a.name = 'z', a:E RETURN a AS y | (:D:E {name: 'z', num: 1}) |
      | MERGE p = (a:A {num: 1}) RETURN p AS y | <(:A {name: 'a', num: 1})> |
      | MERGE (a:A)-[r:R]->(b:B) RETURN r AS y | [:R {x: 1}] |
      | MERGE (a:A)-[r:R]->(b:C) RETURN count(*) AS y | 1 |
      | MATCH (a:A), (b:C) MERGE (a)-[r:Z {k: 2}]-(b) RETURN startNode(r) = a AS y | true |
      | MATCH (a:A) MERGE (a)-[r:Z]->() RETURN count(r) AS y | 1 |
      | MATCH (a:A), (b:B) MERGE (a)-[r:R]->(b) ON MATCH SET r.x = 7 ON CREATE SET r.x = 8 RETURN r.x AS y | 7 |
      | MATCH (a:A), (c:C) MERGE (a)-[r:R]->(c) ON MATCH SET r.x = 7 ON CREATE SET r.x = 8 RETURN r.x AS y | 8 |
      | MATCH (a:A), (c:C) MERGE (a)-[r:R]->(c) ON CREATE SET r += {m: 1} ON CREATE SET r.n = 2 RETURN properties(r) AS y | {m: 1, n: 2} |
      | MATCH (a:A), (c:C) MERGE (a)-[r:R]->(c) ON CREATE SET r = a RETURN properties(r) AS y | {name: 'a', num: 1} |
      | MATCH (n) MERGE (m:M {of: n.num}) RETURN count(m) AS y | 3 |
      | MERGE (a)-[:R]->(b) MERGE (a)-[:R]->(b) RETURN a.num AS y | 1 |
      | CREATE (x:X) MERGE (y:X) RETURN x = y AS y | true |
      | MATCH (a:A) DETACH DELETE a MERGE (b:A) RETURN b.num AS y | null |
      | MATCH ()-[r:R]->() DELETE r MERGE (a:A)-[s:R]->(b:B) RETURN s.x AS y | null |
      | MATCH (a:A)-[r:R]->(b) DELETE r WITH a, b MERGE (a)-[r2:R]->(b) RETURN r2.x AS y | null |
      | MATCH (a:A) SET a.num = null RETURN keys(a) AS y | ['name'] |
      | MATCH (a:A) SET a.name = a.num, a.num = 5 RETURN [a.name, a.num] AS y | [1, 5] |
      | MATCH (a:A), (b:B) SET a.num = b.num, b.num = a.num RETURN [a.num, b.num] AS y | [2, 2] |
      | MATCH (a:A) SET a += {num: 5, name: null, z: 'q'} RETURN properties(a) AS y | {num: 5, z: 'q'} |
      | MATCH (a:A) SET a += {} RETURN properties(a) AS y | {name: 'a', num: 1} |
      | MATCH (a:A) SET a = {} RETURN properties(a) AS y | {} |
      | MATCH (a:A), (b:B) SET a = b RETURN properties(a) AS y | {name: 'b', num: 2} |
      | MATCH (a:A), (b:B) SET a += b RETURN properties(a) AS y | {name: 'b', num: 2} |
      | MATCH (a:A), (b:B) SET a = properties(b) RETURN properties(a) AS y | {name: 'b', num: 2} |
      | MATCH (a:A) SET a:X:Y RETURN labels(a) AS y | ['A', 'X', 'Y'] |
      | MATCH (a:A) SET a :X RETURN labels(a) AS y | ['A', 'X'] |
      | MATCH (a:A) SET a:A RETURN labels(a) AS y | ['A'] |
      | MATCH (a:A) REMOVE a:A RETURN labels(a) AS y | [] |
      | MATCH (a:A) REMOVE a:Nope RETURN labels(a) AS y | ['A'] |
      | MATCH (a:A) REMOVE a.nope RETURN keys(a) AS y | ['name', 'num'] |
      | MATCH (a:A)-[r:R]->() REMOVE r.x RETURN keys(r) AS y | [] |
      | OPTIONAL MATCH (a:Nope) SET a:X, a.x = 1, a += {y: 1}, a = {z: 1} REMOVE a.x, a:X RETURN a AS y | null |
      | MATCH (a:A) SET a.x = [1, 'a'] RETURN a.x AS y | [1, 'a'] |
      | MATCH (a:A) SET a.x = [null] RETURN a.x AS y | [null] |
      | MATCH (a:A) SET a.x = [] RETURN a.x AS y | [] |
      | MATCH (a:A) SET (CASE WHEN a.num = 1 THEN a ELSE null END).x = 3 RETURN a.x AS y | 3 |
      | MATCH (a:A)-[r:R]->() SET (CASE WHEN r.x = 1 THEN r END).x = 3 RETURN r.x AS y | 3 |
      | MATCH (n) SET n.x = 1 RETURN count(*) AS y | 3 |
      | MATCH (n) WITH collect(n) AS ns FOREACH (m IN ns \| SET m.q = 1) WITH ns UNWIND ns AS n RETURN sum(n.q) AS y | 3 |
      | MATCH (c:C) DETACH DELETE c RETURN c AS y | () |
      | MATCH (c:C) DETACH DELETE c RETURN id(c) >= 0 AS y | true |
      | MATCH (c:C) DETACH DELETE c RETURN c:C AS y | false |
      | MATCH (c:C) DETACH DELETE c DETACH DELETE c RETURN 1 AS y | 1 |
      | MATCH ()-[r:R]->() DELETE r RETURN type(r) AS y | 'R' |
      | MATCH p = (:A)-[:R]->(:B) DETACH DELETE p RETURN 1 AS y | 1 |
      | MATCH (n) DETACH DELETE n RETURN count(*) AS y | 3 |
      | MATCH (n) WITH collect(n) AS l DETACH DELETE l[0], l[1] RETURN size(l) AS y | 3 |
      | MATCH (n:A) WITH {a: {b: n}} AS m DETACH DELETE m.a.b RETURN 1 AS y | 1 |
      | MATCH p = (:A)-[:R]->() WITH {key: collect(p)} AS m DETACH DELETE m.key[0] RETURN 1 AS y | 1 |
      | CREATE (a), (b), (a)-[:R]->(b) RETURN 1 AS y | 1 |
      | CREATE (a)-[:R]->(a) RETURN a AS y | () |
      | CREATE (a:X)-[r:R {k: 1}]->(b:Y {m: 2}) RETURN [a, r, b] AS y | [(:X), [:R {k: 1}], (:Y {m: 2})] |
      | CREATE (a {x: 1}), (b {x: a.x}) RETURN b.x AS y | 1 |
      | CREATE (a:X {x: null}) RETURN a AS y | (:X) |
      | CREATE ()-[r:R {x: null}]->() RETURN r AS y | [:R] |
      | CREATE (a:X:X) RETURN labels(a) AS y | ['X'] |
      | CREATE (a :X :Y) RETURN labels(a) AS y | ['X', 'Y'] |
      | CREATE (n:X) RETURN n:X AS y | true |
      | MATCH (a:A) CREATE (a)-[:R]->(b:X), (b)-[:R]->(a) RETURN b AS y | (:X) |
      | MATCH (a:A)-[r:R]->(b) CREATE (a)-[r2:Q {x: r.x}]->(b) RETURN r2.x AS y | 1 |
      | CREATE (a) WITH a AS b CREATE (b)-[:R]->(c) RETURN 1 AS y | 1 |
      | CREATE (n {v: 1}) WITH n MATCH (m) RETURN count(*) AS y | 4 |
      | MATCH (n) CREATE (m) WITH * MATCH (o) RETURN count(*) AS y | 18 |
      | UNWIND [1,2,3] AS x CREATE (n:Q {v: x}) WITH n SKIP 1 LIMIT 1 RETURN n.v AS y | 2 |

  Scenario Outline: [11] moments
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then the result should be, in any order:
      | y |
      | <answer> |

    Examples:
      | query | answer |
      | RETURN toString(date('2015-07-21')) AS y | '2015-07-21' |
      | RETURN toString(date('20150721')) AS y | '2015-07-21' |
      | RETURN toString(date('2015-07')) AS y | '2015-07-01' |
      | RETURN toString(date('201507')) AS y | '2015-07-01' |
      | RETURN toString(date('2015-W30-2')) AS y | '2015-07-21' |
      | RETURN toString(date('2015W302')) AS y | '2015-07-21' |
      | RETURN toString(date('2015-W30')) AS y | '2015-07-20' |
      | RETURN toString(date('2015W30')) AS y | '2015-07-20' |
      | RETURN toString(date('2015-202')) AS y | '2015-07-21' |
      | RETURN toString(date('2015202')) AS y | '2015-07-21' |
      | RETURN toString(date('2015-Q2-60')) AS y | '2015-05-30' |
      | RETURN toString(date('2015Q260')) AS y | '2015-05-30' |
      | RETURN toString(date('2015-Q2')) AS y | '2015-04-01' |
      | RETURN toString(date('2015Q2')) AS y | '2015-04-01' |
      | RETURN toString(date('2015')) AS y | '2015-01-01' |
      | RETURN toString(date('+2015-07-21')) AS y | '2015-07-21' |
      | RETURN toString(date('-2015-07-21')) AS y | '-2015-07-21' |
      | RETURN toString(date('+99999-07-21')) AS y | '+99999-07-21' |
      | RETURN toString(date('2016-366')) AS y | '2016-12-31' |
      | RETURN toString(localtime('21:40:32.142')) AS y | '21:40:32.142' |
      | RETURN toString(localtime('214032.142')) AS y | '21:40:32.142' |
      | RETURN toString(localtime('21:40:32')) AS y | '21:40:32' |
      | RETURN toString(localtime('214032')) AS y | '21:40:32' |
      | RETURN toString(localtime('21:40')) AS y | '21:40' |
      | RETURN toString(localtime('2140')) AS y | '21:40' |
      | RETURN toString(localtime('21')) AS y | '21:00' |
      | RETURN toString(time('21:40:32.142+0100')) AS y | '21:40:32.142+01:00' |
      | RETURN toString(time('214032.142Z')) AS y | '21:40:32.142Z' |
      | RETURN toString(time('21:40:32+01:00')) AS y | '21:40:32+01:00' |
      | RETURN toString(time('214032-0100')) AS y | '21:40:32-01:00' |
      | RETURN toString(time('21:40-01:30')) AS y | '21:40-01:30' |
      | RETURN toString(time('2140-00:00')) AS y | '21:40Z' |
      | RETURN toString(time('2140-02')) AS y | '21:40-02:00' |
      | RETURN toString(time('22+18:00')) AS y | '22:00+18:00' |
      | RETURN toString(time('22')) AS y | '22:00Z' |
      | RETURN toString(time('21:40:32.142+01:00:30')) AS y | '21:40:32.142+01:00:30' |
      | RETURN toString(localdatetime('2015-07-21T21:40:32.142')) AS y | '2015-07-21T21:40:32.142' |
      | RETURN toString(localdatetime('2015-W30-2T214032.142')) AS y | '2015-07-21T21:40:32.142' |
      | RETURN toString(localdatetime('2015-202T21:40:32')) AS y | '2015-07-21T21:40:32' |
      | RETURN toString(localdatetime('2015T214032')) AS y | '2015-01-01T21:40:32' |
      | RETURN toString(localdatetime('20150721T21:40')) AS y | '2015-07-21T21:40' |
      | RETURN toString(localdatetime('2015-W30T2140')) AS y | '2015-07-20T21:40' |
      | RETURN toString(localdatetime('2015202T21')) AS y | '2015-07-21T21:00' |
      | RETURN toString(localdatetime('2015-07-21')) AS y | '2015-07-21T00:00' |
      | RETURN toString(datetime('2015-07-21T21:40:32.142+0100')) AS y | '2015-07-21T21:40:32.142+01:00' |
      | RETURN toString(datetime('2015-W30-2T214032.142Z')) AS y | '2015-07-21T21:40:32.142Z' |
      | RETURN toString(datetime('2015-202T21:40:32+01:00')) AS y | '2015-07-21T21:40:32+01:00' |
      | RETURN toString(datetime('2015T214032-0100')) AS y | '2015-01-01T21:40:32-01:00' |
      | RETURN toString(datetime('20150721T21:40-01:30')) AS y | '2015-07-21T21:40-01:30' |
      | RETURN toString(datetime('2015-W30T2140-00:00')) AS y | '2015-07-20T21:40Z' |
      | RETURN toString(datetime('2015202T21+18:00')) AS y | '2015-07-21T21:00+18:00' |
      | RETURN toString(datetime('2015-07-21T21:40:32.142')) AS y | '2015-07-21T21:40:32.142Z' |
      | RETURN toString(datetime('2015-07-21T21:40:32.142[Europe/London]')) AS y | '2015-07-21T21:40:32.142+01:00[Europe/London]' |
      | RETURN toString(datetime('2015-07-21T21:40:32.142+0845[Australia/Eucla]')) AS y | '2015-07-21T21:40:32.142+08:45[Australia/Eucla]' |
      | RETURN toString(datetime('2015-07-21T21:40:32.142-04[America/New_York]')) AS y | '2015-07-21T21:40:32.142-04:00[America/New_York]' |
      | RETURN toString(datetime('1818-07-21T21:40:32.142[Europe/Stockholm]')) AS y | '1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]' |
      | RETURN toString(datetime('2015-07-21')) AS y | '2015-07-21T00:00Z' |
      | RETURN toString(datetime('2018-03-25T02:30[Europe/Stockholm]')) AS y | '2018-03-25T03:30+02:00[Europe/Stockholm]' |
      | RETURN toString(datetime('2018-10-28T02:30[Europe/Stockholm]')) AS y | '2018-10-28T02:30+02:00[Europe/Stockholm]' |
      | RETURN toString(datetime('2018-10-28T02:30+01:00[Europe/Stockholm]')) AS y | '2018-10-28T02:30+01:00[Europe/Stockholm]' |
      | RETURN toString(duration('P14DT16H12M')) AS y | 'P14DT16H12M' |
      | RETURN toString(duration('P5M1.5D')) AS y | 'P5M1DT12H' |
      | RETURN toString(duration('P0.75M')) AS y | 'P22DT19H51M49.5S' |
      | RETURN toString(duration('PT0.75M')) AS y | 'PT45S' |
      | RETURN toString(duration('P2.5W')) AS y | 'P17DT12H' |
      | RETURN toString(duration('P12Y5M14DT16H12M70S')) AS y | 'P12Y5M14DT16H13M10S' |
      | RETURN toString(duration('P2012-02-02T14:37:21.545')) AS y | 'P2012Y2M2DT14H37M21.545S' |
      | RETURN toString(duration('-P1Y')) AS y | 'P-1Y' |
      | RETURN toString(duration('P-1Y2M')) AS y | 'P-10M' |
      | RETURN toString(duration('PT1,5S')) AS y | 'PT1.5S' |
      | RETURN toString(duration('PT-0.000000001S')) AS y | 'PT-0.000000001S' |
      | RETURN toString(duration({days: 14, hours: 16, minutes: 12})) AS y | 'P14DT16H12M' |
      | RETURN toString(duration({months: 5, days: 1.5})) AS y | 'P5M1DT12H' |
      | RETURN toString(duration({months: 0.75})) AS y | 'P22DT19H51M49.5S' |
      | RETURN toString(duration({weeks: 2.5})) AS y | 'P17DT12H' |
      | RETURN toString(duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70})) AS y | 'P12Y5M14DT16H13M10S' |
      | RETURN toString(duration({days: 14, seconds: 70, milliseconds: 1})) AS y | 'P14DT1M10.001S' |
      | RETURN toString(duration({days: 14, seconds: 70, microseconds: 1})) AS y | 'P14DT1M10.000001S' |
      | RETURN toString(duration({days: 14, seconds: 70, nanoseconds: 1})) AS y | 'P14DT1M10.000000001S' |
      | RETURN toString(duration({days: 14, seconds: 70, nanoseconds: 1000000001})) AS y | 'P14DT1M11.000000001S' |
      | RETURN toString(duration({minutes: 1.5, seconds: 1})) AS y | 'PT1M31S' |
      | RETURN toString(duration({hours: -1, minutes: 1})) AS y | 'PT-59M' |
      | RETURN toString(duration({quarters: 1.5})) AS y | 'P4M15DT5H14M33S' |
      | RETURN toString(duration({})) AS y | 'PT0S' |
      | RETURN toString(duration({seconds: 9223372036854775807})) AS y | 'PT2562047788015215H30M7S' |
      | RETURN toString(duration({months: 1, days: -1, hours: 1, seconds: -1})) AS y | 'P1M-1DT59M59S' |
      | RETURN toString(duration({seconds: -1, nanoseconds: 1})) AS y | 'PT-0.999999999S' |
      | RETURN toString(duration({seconds: 1, nanoseconds: -1})) AS y | 'PT0.999999999S' |
      | RETURN toString(duration({seconds: -60})) AS y | 'PT-1M' |
      | RETURN toString(duration({minutes: 1, seconds: -30})) AS y | 'PT30S' |
      | RETURN toString(duration({years: 1, months: -13})) AS y | 'P-1M' |
      | RETURN toString(duration.between(date('1984-10-11'), date('2015-06-24'))) AS y | 'P30Y8M13D' |
      | RETURN toString(duration.between(date('1984-10-11'), localdatetime('2016-07-21T21:45:22.142'))) AS y | 'P31Y9M10DT21H45M22.142S' |
      | RETURN toString(duration.between(date('1984-10-11'), datetime('2015-07-21T21:40:32.142+0100'))) AS y | 'P30Y9M10DT21H40M32.142S' |
      | RETURN toString(duration.between(date('1984-10-11'), localtime('16:30'))) AS y | 'PT16H30M' |
      | RETURN toString(duration.between(date('1984-10-11'), time('16:30+0100'))) AS y | 'PT16H30M' |
      | RETURN toString(duration.between(localtime('14:30'), date('2015-06-24'))) AS y | 'PT-14H-30M' |
      | RETURN toString(duration.between(localtime('14:30'), localdatetime('2016-07-21T21:45:22.142'))) AS y | 'PT7H15M22.142S' |
      | RETURN toString(duration.between(localtime('14:30'), datetime('2015-07-21T21:40:32.142+0100'))) AS y | 'PT7H10M32.142S' |
      | RETURN toString(duration.between(localtime('14:30'), localtime('16:30'))) AS y | 'PT2H' |
      | RETURN toString(duration.between(localtime('14:30'), time('16:30+0100'))) AS y | 'PT2H' |
      | RETURN toString(duration.between(time('14:30'), time('16:30+0100'))) AS y | 'PT1H' |
      | RETURN toString(duration.between(localdatetime('2015-07-21T21:40:32.142'), datetime('2015-07-21T21:40:32.142+0100'))) AS y | 'PT0S' |
      | RETURN toString(duration.between(datetime('2014-07-21T21:40:36.143+0200'), localdatetime('2016-07-21T21:45:22.142'))) AS y | 'P2YT4M45.999S' |
      | RETURN toString(duration.between(datetime('2014-07-21T21:40:36.143+0200'), datetime('2015-07-21T21:40:32.142+0100'))) AS y | 'P1YT59M55.999S' |
      | RETURN toString(duration.between(datetime('2014-07-21T21:40:36.143+0200'), date('2015-06-24'))) AS y | 'P11M2DT2H19M23.857S' |
      | RETURN toString(duration.between(datetime('2014-07-21T21:40:36.143+0200'), localtime('16:30'))) AS y | 'PT-5H-10M-36.143S' |
      | RETURN toString(duration.between(datetime('2014-07-21T21:40:36.143+0200'), time('16:30+0100'))) AS y | 'PT-4H-10M-36.143S' |
      | RETURN toString(duration.inMonths(datetime('2014-07-21T21:40:36.143+0200'), datetime('2015-07-21T21:40:32.142+0100'))) AS y | 'P1Y' |
      | RETURN toString(duration.inMonths(date('2015-06-24'), date('1984-10-11'))) AS y | 'P-30Y-8M' |
      | RETURN toString(duration.inMonths(localtime('14:30'), date('2015-06-24'))) AS y | 'PT0S' |
      | RETURN toString(duration.inDays(datetime('2014-07-21T21:40:36.143+0200'), datetime('2015-07-21T21:40:32.142+0100'))) AS y | 'P365D' |
      | RETURN toString(duration.inDays(localtime('14:30'), time('16:30'))) AS y | 'PT0S' |
      | RETURN toString(duration.inDays(date('2015-06-24'), date('1984-10-11'))) AS y | 'P-11213D' |
      | RETURN toString(duration.inSeconds(date('1984-10-11'), date('2015-06-24'))) AS y | 'PT269112H' |
      | RETURN toString(duration.inSeconds(datetime('2014-07-21T21:40:36.143+0200'), localdatetime('2016-07-21T21:45:22.142'))) AS y | 'PT17544H4M45.999S' |
      | RETURN toString(duration.inSeconds(localtime('14:30'), time('16:30+0100'))) AS y | 'PT2H' |
      | RETURN toString(duration.inSeconds(date('2017-10-28'), datetime({year: 2017, month: 10, day: 29, hour: 4, timezone: 'Europe/Stockholm'}))) AS y | 'PT29H' |
      | RETURN toString(duration.inSeconds(datetime({year: 2017, month: 10, day: 29, hour: 0, timezone: 'Europe/Stockholm'}), localdatetime({year: 2017, month: 10, day: 29, hour: 4}))) AS y | 'PT5H' |
      | RETURN toString(duration.inSeconds(datetime({year: 2017, month: 10, day: 29, hour: 0, timezone: 'Europe/Stockholm'}), localtime({hour: 4}))) AS y | 'PT5H' |
      | RETURN toString(duration.inSeconds(datetime({year: 2017, month: 10, day: 29, hour: 0, timezone: 'Europe/Stockholm'}), date({year: 2017, month: 10, day: 30}))) AS y | 'PT25H' |
      | RETURN toString(duration.inSeconds(localtime({hour: 4}), datetime({year: 2017, month: 10, day: 29, hour: 0, timezone: 'Europe/Stockholm'}))) AS y | 'PT-5H' |
      | RETURN toString(duration.inSeconds(localdatetime('2014-07-21T21:40:36.143'), localdatetime('2014-07-21T21:40:36.142'))) AS y | 'PT-0.001S' |
      | RETURN toString(duration.inSeconds(localdatetime('2014-07-21T21:40:36.142'), localdatetime('2014-07-21T21:40:36.143'))) AS y | 'PT0.001S' |
      | RETURN toString(duration.between(date('-999999999-01-01'), date('+999999999-12-31'))) AS y | 'P1999999998Y11M30D' |
      | RETURN toString(duration.inSeconds(localdatetime('-999999999-01-01'), localdatetime('+999999999-12-31T23:59:59'))) AS y | 'PT17531639991215H59M59S' |
      | RETURN toString(duration.between(null, date())) AS y | null |
      | RETURN toString(duration.between(date('2018-01-01'), date('2018-01-01'))) AS y | 'PT0S' |
      | RETURN toString(duration.between(localdatetime('2018-01-02T00:00'), localdatetime('2018-01-01T23:59:59.5'))) AS y | 'PT-0.5S' |
      | RETURN toString(duration.between(localdatetime('2018-01-31T00:00'), localdatetime('2018-03-01T00:00'))) AS y | 'P1M1D' |
      | RETURN toString(duration.between(localdatetime('2018-03-01T00:00'), localdatetime('2018-01-31T00:00'))) AS y | 'P-1M-1D' |
      | RETURN toString(date('2018-01-31') + duration({months: 1})) AS y | '2018-02-28' |
      | RETURN toString(date('2018-03-31') - duration({months: 1})) AS y | '2018-02-28' |
      | RETURN toString(date('2018-01-31') + duration({months: 1, days: 1})) AS y | '2018-03-01' |
      | RETURN toString(date('2016-02-29') + duration({years: 1})) AS y | '2017-02-28' |
      | RETURN toString(date('2018-01-01') + duration({hours: 23, minutes: 60})) AS y | '2018-01-02' |
      | RETURN toString(date('2018-01-01') + duration({hours: 47})) AS y | '2018-01-02' |
      | RETURN toString(localtime('12:00') + duration({days: 1, hours: 13})) AS y | '01:00' |
      | RETURN toString(time('12:31:14.000000001+01:00') - duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})) AS y | '02:33:00.499999998+01:00' |
      | RETURN toString(localdatetime('1984-10-11T12:31:14.000000001') + duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})) AS y | '1997-10-11T22:29:27.500000004' |
      | RETURN toString(localdatetime('1984-10-11T12:31:14.000000001') - duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})) AS y | '1971-10-12T02:33:00.499999998' |
      | RETURN toString(date('1984-10-11') - duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})) AS y | '1971-10-12' |
      | RETURN toString(duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3}) * 2) AS y | 'P25Y10M58DT67H56M27.000000006S' |
      | RETURN toString(duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3}) / 2) AS y | 'P6Y5M29DT34H13M39.750000001S' |
      | RETURN toString(duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70, nanoseconds: 1}) * 0.5) AS y | 'P6Y2M22DT13H21M8S' |
      | RETURN toString(duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70, nanoseconds: 1}) / 3) AS y | 'P4Y1M24DT28H23M47.333333327S' |
      | RETURN toString(2 * duration({days: 1})) AS y | 'P2D' |
      | RETURN toString(duration({years: 12, months: 5}) + duration({months: -5, days: 14})) AS y | 'P12Y14D' |
      | RETURN toString(duration({years: 12, months: 5}) - duration({months: -5, days: 14})) AS y | 'P12Y10M-14D' |
      | RETURN toString(duration({days: 1}) + date('2018-01-01')) AS y | '2018-01-02' |
      | RETURN toString(-duration({days: 1})) AS y | 'P-1D' |
      | RETURN toString(datetime('2018-03-24T12:00[Europe/Stockholm]') + duration({days: 1})) AS y | '2018-03-25T12:00+02:00[Europe/Stockholm]' |
      | RETURN toString(datetime('2018-03-24T12:00[Europe/Stockholm]') + duration({hours: 24})) AS y | '2018-03-25T13:00+02:00[Europe/Stockholm]' |
      | RETURN toString(date.truncate('millennium', datetime('2017-10-11T12:00+01:00'), {day: 2})) AS y | '2000-01-02' |
      | RETURN toString(date.truncate('century', localdatetime('1984-10-11T12:31:14'))) AS y | '1900-01-01' |
      | RETURN toString(date.truncate('decade', date('1984-10-11'), {day: 2})) AS y | '1980-01-02' |
      | RETURN toString(date.truncate('year', date('1984-10-11'), {})) AS y | '1984-01-01' |
      | RETURN toString(date.truncate('weekYear', date('1984-01-01'), {day: 5})) AS y | '1983-01-05' |
      | RETURN toString(date.truncate('weekYear', date('1984-02-01'))) AS y | '1984-01-02' |
      | RETURN toString(date.truncate('quarter', date('1984-11-11'), {day: 2})) AS y | '1984-10-02' |
      | RETURN toString(date.truncate('month', date('1984-10-11'), {day: 2})) AS y | '1984-10-02' |
      | RETURN toString(date.truncate('week', date('1984-10-11'), {dayOfWeek: 2})) AS y | '1984-10-09' |
      | RETURN toString(date.truncate('day', date('1984-10-11'))) AS y | '1984-10-11' |
      | RETURN toString(date.truncate('quarter', date('1984-11-11'), {month: 2})) AS y | '1984-02-01' |
      | RETURN toString(date.truncate('year', date('1984-11-11'), {quarter: 2})) AS y | '1984-04-01' |
      | RETURN toString(date.truncate('year', date('1984-11-11'), {ordinalDay: 32})) AS y | '1984-02-01' |
      | RETURN toString(date.truncate('year', date('1984-11-11'), {week: 2})) AS y | '1983-01-16' |
      | RETURN toString(date.truncate('day', null)) AS y | null |
      | RETURN toString(date.truncate(null, date('1984-11-11'))) AS y | null |
      | RETURN toString(datetime.truncate('millennium', datetime({year: 2017, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {day: 2})) AS y | '2000-01-02T00:00+01:00' |
      | RETURN toString(datetime.truncate('millennium', localdatetime({year: 2017, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123}), {timezone: 'Europe/Stockholm'})) AS y | '2000-01-01T00:00+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime.truncate('millennium', date({year: 2017, month: 10, day: 11}), {timezone: 'Europe/Stockholm'})) AS y | '2000-01-01T00:00+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime.truncate('millennium', datetime({year: 2017, month: 10, day: 11, hour: 12, timezone: '+03:00'}), {timezone: 'Europe/Stockholm'})) AS y | '2000-01-01T00:00+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime.truncate('weekYear', datetime({year: 1984, month: 1, day: 1, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: 'Europe/Stockholm'}), {day: 5})) AS y | '1983-01-05T00:00+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime.truncate('week', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {dayOfWeek: 2})) AS y | '1984-10-09T00:00+01:00' |
      | RETURN toString(datetime.truncate('day', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {nanosecond: 2})) AS y | '1984-10-11T00:00:00.000000002+01:00' |
      | RETURN toString(datetime.truncate('hour', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '-01:00'}), {nanosecond: 2})) AS y | '1984-10-11T12:00:00.000000002-01:00' |
      | RETURN toString(datetime.truncate('minute', localdatetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123}), {timezone: '+01:00'})) AS y | '1984-10-11T12:31+01:00' |
      | RETURN toString(datetime.truncate('second', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {nanosecond: 2})) AS y | '1984-10-11T12:31:14.000000002+01:00' |
      | RETURN toString(datetime.truncate('millisecond', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {nanosecond: 2})) AS y | '1984-10-11T12:31:14.645000002+01:00' |
      | RETURN toString(datetime.truncate('microsecond', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {nanosecond: 2})) AS y | '1984-10-11T12:31:14.645876002+01:00' |
      | RETURN toString(datetime.truncate('millisecond', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '+01:00'}), {microsecond: 2})) AS y | '1984-10-11T12:31:14.645002+01:00' |
      | RETURN toString(time.truncate('day', time({hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '-01:00'}), {nanosecond: 2})) AS y | '00:00:00.000000002-01:00' |
      | RETURN toString(time.truncate('day', localtime('12:31:14'), {nanosecond: 2})) AS y | '00:00:00.000000002Z' |
      | RETURN toString(time.truncate('day', localdatetime('1984-10-11T12:31:14'), {nanosecond: 2})) AS y | '00:00:00.000000002Z' |
      | RETURN toString(time.truncate('day', datetime('1984-10-11T12:31:14-01:00'), {timezone: '+01:00'})) AS y | '00:00+01:00' |
      | RETURN toString(time.truncate('hour', time({hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '-01:00'}), {timezone: '+01:00'})) AS y | '12:00+01:00' |
      | RETURN toString(time.truncate('minute', time({hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '-01:00'}), {})) AS y | '12:31-01:00' |
      | RETURN toString(time.truncate('second', datetime({year: 1984, month: 10, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: '-01:00'}), {nanosecond: 2})) AS y | '12:31:14.000000002-01:00' |
      | RETURN toString(time.truncate('millisecond', localdatetime('1984-10-11T12:31:14.645876123'), {nanosecond: 2})) AS y | '12:31:14.645000002Z' |
      | RETURN toString(time.truncate('microsecond', localtime('12:31:14.645876123'), {nanosecond: 2})) AS y | '12:31:14.645876002Z' |
      | RETURN toString(time.truncate('hour', datetime('1984-07-11T12:31:14[Europe/Stockholm]'))) AS y | '12:00+02:00' |
      | RETURN toString(localtime.truncate('day', datetime('1984-07-11T12:31:14[Europe/Stockholm]'))) AS y | '00:00' |
      | RETURN toString(date.truncate('day') = date()) AS y | 'true' |
      | RETURN toString(datetime({datetime: datetime('1984-10-11T12:00[Europe/Stockholm]')})) AS y | '1984-10-11T12:00+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime({datetime: datetime('1984-10-11T12:00[Europe/Stockholm]'), timezone: '+05:00'})) AS y | '1984-10-11T16:00+05:00' |
      | RETURN toString(datetime({datetime: datetime('1984-10-11T12:00[Europe/Stockholm]'), day: 28, second: 42})) AS y | '1984-10-28T12:00:42+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime({datetime: datetime('1984-10-11T12:00[Europe/Stockholm]'), day: 28, second: 42, timezone: 'Pacific/Honolulu'})) AS y | '1984-10-28T01:00:42-10:00[Pacific/Honolulu]' |
      | RETURN toString(datetime({datetime: localdatetime('1984-03-07T12:31:14.645')})) AS y | '1984-03-07T12:31:14.645Z' |
      | RETURN toString(datetime({datetime: localdatetime('1984-03-07T12:31:14.645'), timezone: '+05:00'})) AS y | '1984-03-07T12:31:14.645+05:00' |
      | RETURN toString(datetime({datetime: localdatetime('1984-03-07T12:31:14.645'), timezone: 'Pacific/Honolulu', day: 28})) AS y | '1984-03-28T12:31:14.645-10:00[Pacific/Honolulu]' |
      | RETURN toString(datetime({date: date('1984-10-11'), hour: 10, minute: 10, second: 10})) AS y | '1984-10-11T10:10:10Z' |
      | RETURN toString(datetime({date: date('1984-10-11'), hour: 10, minute: 10, second: 10, timezone: '+05:00'})) AS y | '1984-10-11T10:10:10+05:00' |
      | RETURN toString(datetime({date: localdatetime('1984-03-07T12:31:14.645'), day: 28, hour: 10, timezone: 'Pacific/Honolulu'})) AS y | '1984-03-28T10:00-10:00[Pacific/Honolulu]' |
      | RETURN toString(datetime({date: datetime('1984-10-11T12:00+01:00'), hour: 10})) AS y | '1984-10-11T10:00Z' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: localtime('12:31:14.645876123')})) AS y | '1984-10-11T12:31:14.645876123Z' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: localtime('12:31:14.645876123'), timezone: '+05:00'})) AS y | '1984-10-11T12:31:14.645876123+05:00' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: time('12:31:14.645876+01:00'), timezone: '+05:00'})) AS y | '1984-10-11T16:31:14.645876+05:00' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: time('12:31:14.645876+01:00'), second: 42, timezone: 'Pacific/Honolulu'})) AS y | '1984-10-11T01:31:42.645876-10:00[Pacific/Honolulu]' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: datetime('1984-10-11T12:00[Europe/Stockholm]')})) AS y | '1984-10-11T12:00+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: datetime('1984-10-11T12:00[Europe/Stockholm]'), timezone: '+05:00'})) AS y | '1984-10-11T16:00+05:00' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: datetime('1984-10-11T12:00[Europe/Stockholm]'), second: 42})) AS y | '1984-10-11T12:00:42+01:00[Europe/Stockholm]' |
      | RETURN toString(datetime({year: 1984, month: 10, day: 11, time: localdatetime('1984-03-07T12:31:14.645'), second: 42})) AS y | '1984-10-11T12:31:42.645Z' |
      | RETURN toString(localdatetime({datetime: datetime('1984-10-11T12:00+01:00'), day: 28, second: 42})) AS y | '1984-10-28T12:00:42' |
      | RETURN toString(localdatetime({datetime: localdatetime('1984-03-07T12:31:14.645'), day: 28, second: 42})) AS y | '1984-03-28T12:31:42.645' |
      | RETURN toString(localdatetime({date: datetime('1984-10-11T12:00+01:00'), time: time('12:31:14.645876+01:00'), day: 28, second: 42})) AS y | '1984-10-28T12:31:42.645876' |
      | RETURN toString(localdatetime({year: 1984, week: 10, dayOfWeek: 3, time: datetime('1984-10-11T12:00+01:00')})) AS y | '1984-03-07T12:00' |
      | RETURN toString(localdatetime({date: date('1984-10-11'), hour: 10})) AS y | '1984-10-11T10:00' |
      | RETURN toString(localdatetime({time: localtime('12:00'), year: 2000})) AS y | '2000-01-01T12:00' |
      | RETURN toString(time({time: datetime('1984-10-11T12:00[Europe/Stockholm]')})) AS y | '12:00+01:00' |
      | RETURN toString(time({time: datetime('1984-10-11T12:00+01:00'), timezone: '+05:00', second: 42})) AS y | '16:00:42+05:00' |
      | RETURN toString(time({time: localdatetime('1984-03-07T12:31:14.645'), second: 42})) AS y | '12:31:42.645Z' |
      | RETURN toString(time({time: localdatetime('1984-03-07T12:31:14.645'), timezone: '+05:00'})) AS y | '12:31:14.645+05:00' |
      | RETURN toString(time(datetime('1984-07-11T12:00[Europe/Stockholm]'))) AS y | '12:00+02:00' |
      | RETURN toString(localtime(datetime('1984-07-11T12:00[Europe/Stockholm]'))) AS y | '12:00' |
      | RETURN toString(date(datetime('1984-07-11T23:59-10:00'))) AS y | '1984-07-11' |
      | RETURN toString(localdatetime(datetime('1984-07-11T23:59-10:00'))) AS y | '1984-07-11T23:59' |
      | RETURN toString(localdatetime(date('1984-07-11'))) AS y | '1984-07-11T00:00' |
      | RETURN toString(datetime(date('1984-07-11'))) AS y | '1984-07-11T00:00Z' |
      | RETURN toString(datetime(localdatetime('1984-07-11T10:00'))) AS y | '1984-07-11T10:00Z' |
      | RETURN toString(time(localtime('10:00'))) AS y | '10:00Z' |
      | RETURN toString(date({date: date('1816-12-31'), week: 2})) AS y | '1817-01-07' |
      | RETURN toString(date({date: date('1816-12-31'), week: 2, dayOfWeek: 3})) AS y | '1817-01-08' |
      | RETURN toString(date({date: date('1816-12-31'), year: 1817, week: 2})) AS y | '1817-01-07' |
      | RETURN toString(date({date: localdatetime('1816-12-31T00:00'), ordinalDay: 3})) AS y | '1816-01-03' |
      | RETURN toString(date({date: date('1984-11-11'), quarter: 2})) AS y | '1984-05-11' |
      | RETURN toString(date({date: date('1984-11-11'), quarter: 2, dayOfQuarter: 3})) AS y | '1984-04-03' |
      | RETURN toString(date({year: 1984, quarter: 3})) AS y | '1984-07-01' |
      | RETURN toString(date({year: 1984, week: 10})) AS y | '1984-03-05' |
      | RETURN toString(date({year: 1984, ordinalDay: 202})) AS y | '1984-07-20' |
      | RETURN toString(date({year: 1984, month: 10})) AS y | '1984-10-01' |

  Scenario Outline: [12] literals, refused
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | SyntaxError | compile time | InvalidNumberLiteral | RETURN 0x AS y |
      | SyntaxError | compile time | InvalidNumberLiteral | RETURN 0x1A2b3j4D5E6f7 AS y |
      | SyntaxError | compile time | InvalidNumberLiteral | RETURN 0x1A2b3c4Z5E6f7 AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN 0x1A2b3c4#5E6f7 AS y |
      | SyntaxError | compile time | IntegerOverflow | RETURN -0x8000000000000001 AS y |
      | SyntaxError | compile time | IntegerOverflow | RETURN 0xFFFFFFFFFFFFFFFFFF AS y |
      | SyntaxError | compile time | IntegerOverflow | RETURN -0o1000000000000000000001 AS y |
      | SyntaxError | compile time | InvalidNumberLiteral | RETURN 0o9 AS y |
      | SyntaxError | compile time | FloatingPointOverflow | RETURN 1.8e308 AS y |
      | SyntaxError | compile time | FloatingPointOverflow | RETURN -1.34E999 AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN '\\q' AS y |
      | SyntaxError | compile time | InvalidUnicodeLiteral | RETURN '\\u12' AS y |
      | SyntaxError | compile time | InvalidUnicodeLiteral | RETURN '\\uZZZZ' AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN 'abc AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN "abc AS y |
      | SyntaxError | compile time | InvalidNumberLiteral | RETURN 12a AS y |
      | SyntaxError | compile time | IntegerOverflow | RETURN 9223372036854775808 AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [, 1] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [1, ] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [1,, 2] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [1 2] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [[[[1, 2], [1] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [1]] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN [[','[]',']] AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {1B2c3e67:1} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {k1#k: 1} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {k1.k: 1} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {, } AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {1} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {[]} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {k: {k2: {}} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {k:1, k2:} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {k:1 k2:2} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {'a': 1} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {a: 1}} AS y |
      | SyntaxError | compile time | UnexpectedSyntax | RETURN {{a: 1} AS y |

  Scenario Outline: [13] strings, refused
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | TypeError | runtime | InvalidArgumentValue | RETURN toString([]) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toString({}) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toFloat(true) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toFloat([]) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toFloat({}) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toInteger([]) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toInteger({}) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toBoolean([]) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toBoolean({}) AS y |
      | TypeError | runtime | InvalidArgumentValue | RETURN toBoolean(1.0) AS y |

  Scenario Outline: [14] lists, refused
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | TypeError | runtime | InvalidArgumentType | WITH [1] AS l, 1.0 AS i RETURN l[i] AS y |
      | TypeError | runtime | InvalidArgumentType | WITH [1] AS l, true AS i RETURN l[i] AS y |
      | TypeError | runtime | InvalidArgumentType | WITH [1] AS l, [1] AS i RETURN l[i] AS y |
      | ArgumentError | runtime | NumberOutOfRange | RETURN range(2, 8, 0) AS y |
      | ArgumentError | runtime | InvalidArgumentType | RETURN range(true, 1, 1) AS y |
      | ArgumentError | runtime | InvalidArgumentType | RETURN range(1.0, 2) AS y |
      | ArgumentError | runtime | InvalidArgumentType | RETURN range(0, 'xyz') AS y |
      | ArgumentError | runtime | InvalidArgumentType | RETURN range(0, 1, []) AS y |
      | SyntaxError | compile time | InvalidArgumentType | RETURN 1 IN true AS y |
      | SyntaxError | compile time | InvalidArgumentType | RETURN 1 IN 123.4 AS y |
      | SyntaxError | compile time | InvalidArgumentType | RETURN [] IN {x: []} AS y |

  Scenario Outline: [15] maps, refused
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | TypeError | runtime | MapElementAccessByNonString | WITH {a: 1} AS m, 1.5 AS i RETURN m[i] AS y |
      | TypeError | compile time | InvalidArgumentType | WITH 123 AS x RETURN x.num AS y |
      | TypeError | compile time | InvalidArgumentType | WITH 'a' AS x RETURN x.num AS y |
      | TypeError | compile time | InvalidArgumentType | WITH [123] AS x RETURN x.num AS y |
      | TypeError | compile time | InvalidArgumentType | WITH true AS x RETURN x.num AS y |

  Scenario Outline: [16] boolean, refused
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | SyntaxError | compile time | InvalidArgumentType | RETURN 1 XOR true |
      | SyntaxError | compile time | InvalidArgumentType | RETURN true AND 'a' |
      | SyntaxError | compile time | InvalidArgumentType | RETURN null AND 1 |
      | SyntaxError | compile time | InvalidArgumentType | RETURN false OR [] |
      | SyntaxError | compile time | InvalidArgumentType | RETURN {} AND {} |
      | SyntaxError | compile time | InvalidArgumentType | RETURN NOT 0 |
      | SyntaxError | compile time | InvalidArgumentType | RETURN NOT '' |
      | SyntaxError | compile time | InvalidArgumentType | RETURN NOT [] |
      | SyntaxError | compile time | InvalidArgumentType | RETURN NOT {} |
      | SyntaxError | compile time | InvalidArgumentType | RETURN NOT 1.0 |
      | SyntaxError | compile time | InvalidArgumentType | WITH 1 AS x RETURN NOT x |

  Scenario Outline: [17] grouping and order, refused
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {num: 1, name: 'a'})-[:R {x: 1}]->(b:B {num: 2, name: 'b'})-[:S]->(c:C {num: 3}), (a)-[:T]->(a)
      """
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) RETURN n.num + count(*) AS y |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num AS x, count(*) AS c ORDER BY n.name RETURN x |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num AS x, count(*) AS c ORDER BY count(n) RETURN x |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num AS x, count(*) AS c ORDER BY sum(n.num) RETURN x |
      | SyntaxError | compile time | InvalidAggregation | MATCH (n) WITH n.num AS x ORDER BY count(*) RETURN x |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) RETURN n.num AS x, count(*) AS c ORDER BY n.name |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) RETURN count(*) AS c ORDER BY n.num |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) RETURN n.num + 1 AS x, count(*) AS c ORDER BY n.num |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) RETURN DISTINCT n.num AS x ORDER BY n.name |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH DISTINCT n.num AS x ORDER BY n.name RETURN x |
      | TypeError | runtime | InvalidArgumentType | MATCH (n) WITH n.num AS n ORDER BY n.name RETURN n |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n)-[r]->(m) RETURN n.num + m.num AS y, count(*) + n.num + m.num AS z |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) RETURN {a: n.num, b: count(*)} AS z |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) WITH n.num AS num RETURN {a: num, b: count(*)} AS z |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) RETURN [n.num, count(*)] AS z |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) RETURN n.num + $age + count(*) AS z |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) RETURN CASE WHEN count(n) > 2 THEN 'many' ELSE n.name END AS z |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (n) RETURN [x IN collect(n.num) \| x + n.num] AS z |
      | SyntaxError | compile time | InvalidAggregation | MATCH (n) RETURN n.num AS x SKIP count(*) |
      | SyntaxError | compile time | NonConstantExpression | MATCH (n) RETURN n.num AS x LIMIT n |
      | ParameterMissing | compile time | MissingParameter | MATCH (n) RETURN n.num AS x LIMIT $foo |
      | SyntaxError | compile time | InvalidArgumentType | MATCH (n) RETURN n.num AS x LIMIT null |
      | SyntaxError | compile time | NonConstantExpression | MATCH (n) RETURN n.num AS x LIMIT size([(n)--() \| 1]) |
      | SyntaxError | compile time | NonConstantExpression | WITH 1 AS x RETURN x LIMIT x |
      | SyntaxError | compile time | UndefinedVariable | RETURN 1 AS x ORDER BY y |
      | SyntaxError | compile time | AmbiguousAggregationExpression | UNWIND [1,2] AS x RETURN x + 1 AS a, sum(x) AS y ORDER BY x + 1 + sum(x) |
      | SyntaxError | compile time | UndefinedVariable | UNWIND [1,2] AS x RETURN x AS a, x + 1 AS b, sum(x) AS y ORDER BY max(x + 1) |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (me:A)--(you) WITH me.num + you.num, count(*) AS cnt ORDER BY me.num + you.num + count(*) RETURN * |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (me:A)--(you) WITH me.num + you.num AS s, count(*) AS cnt ORDER BY me.num + you.num + count(*) RETURN * |
      | SyntaxError | compile time | UndefinedVariable | MATCH (me:A)--(you) RETURN count(you.num) AS agg ORDER BY me.num + count(you.num) |

  Scenario Outline: [18] matching, refused
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {num: 1, name: 'a'})-[:R {x: 1}]->(b:B {num: 2, name: 'b'})-[:S]->(c:C {num: 3}), (a)-[:T]->(a)
      """
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num AS x, count(*) AS c WHERE n.name = 'a' RETURN x |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH DISTINCT n.num AS x WHERE n.name = 'a' RETURN x |
      | SyntaxError | compile time | InvalidRelationshipPattern | MATCH (a:A)-[r..]->(b) RETURN b |
      | SyntaxError | compile time | InvalidRelationshipPattern | MATCH (a:A)-[r:R*-2]->(b) RETURN b |
      | SyntaxError | compile time | InvalidRelationshipPattern | MATCH (a:A)-[r:R..2]->(b) RETURN b |
      | SyntaxError | compile time | InvalidRelationshipPattern | MATCH (a:A)-[:LIKES..]->(c) RETURN c.name |
      | SyntaxError | compile time | InvalidArgumentType | MATCH (n) WHERE (n) RETURN n |
      | SyntaxError | compile time | InvalidClauseComposition | MATCH (n) WHERE exists { MATCH (n)-->(m) SET m.x = 1 } RETURN n |
      | SyntaxError | compile time | InvalidClauseComposition | MATCH (n) WHERE exists { CREATE (m) } RETURN n |

  Scenario Outline: [19] writing, refused
    Given an empty graph
    And having executed:
      """
      CREATE (a:A {num: 1, name: 'a'})-[:R {x: 1}]->(b:B {num: 2, name: 'b'})-[:S]->(c:C {num: 3}), (a)-[:T]->(a)
      """
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num AS x, count(*) AS c ORDER BY n.name RETURN x |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num % 2 AS x, min(n.num) AS c ORDER BY sum(n.num + n.num) RETURN x |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) RETURN n.num AS x, count(*) AS c ORDER BY n.name |
      | SyntaxError | compile time | UndefinedVariable | MATCH (n) WITH n.num AS x, count(*) AS c WHERE n.name = 'a' RETURN x |
      | SyntaxError | compile time | AmbiguousAggregationExpression | MATCH (me:A)--(you) RETURN me.num + you.num, count(*) AS cnt ORDER BY me.num + you.num + count(*) |
      | SyntaxError | compile time | NonConstantExpression | MATCH (n) RETURN n.num AS x LIMIT n.num |
      | SemanticError | runtime | MergeReadOwnWrites | UNWIND [1, 1, null] AS x MERGE (n:X {v: x}) RETURN n |
      | SyntaxError | compile time | InvalidParameterUse | MERGE (a:A $p) RETURN a |
      | TypeError | runtime | InvalidArgumentType | MATCH (a:A) SET a = null RETURN properties(a) AS y |
      | TypeError | runtime | InvalidPropertyType | MATCH (a:A) SET a.x = [[1]] RETURN a.x AS y |
      | TypeError | runtime | InvalidPropertyType | MATCH (a:A) SET a.x = {} RETURN a.x AS y |
      | TypeError | runtime | InvalidPropertyType | MATCH (a:A) SET a.x = [{}] RETURN a.x AS y |
      | TypeError | runtime | InvalidPropertyType | MATCH (a:A) SET a.x = a RETURN a.x AS y |
      | TypeError | runtime | InvalidPropertyType | MATCH (a:A) SET a.x = [a] RETURN a.x AS y |
      | TypeError | runtime | InvalidPropertyType | MATCH p = (a:A) SET a.x = p RETURN a.x AS y |
      | ConstraintVerificationFailed | runtime | DeleteConnectedNode | MATCH (a:A)-[r:T]->(a) DELETE r, a |
      | ConstraintVerificationFailed | runtime | DeleteConnectedNode | MATCH (a:A) DELETE a |
      | ConstraintVerificationFailed | runtime | DeleteConnectedNode | MATCH (c:C) DELETE c |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH (c:C) DETACH DELETE c RETURN c.num AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH (c:C) DETACH DELETE c RETURN labels(c) AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH (c:C) DETACH DELETE c RETURN keys(c) AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH (c:C) DETACH DELETE c RETURN properties(c) AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH (c:C) DETACH DELETE c SET c.num = 3 RETURN 1 AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH (c:C) DETACH DELETE c CREATE (c)-[:X]->() RETURN 1 AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH ()-[r:R]->() DELETE r RETURN r.x AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH ()-[r:R]->() DELETE r RETURN startNode(r).num AS y |
      | EntityNotFound | runtime | DeletedEntityAccess | MATCH ()-[r:R]->() DELETE r WITH r WHERE r.x = 1 RETURN 1 AS y |
      | ConstraintVerificationFailed | runtime | DeleteConnectedNode | MATCH p = (:A)-[:R]->(:B) DELETE p RETURN 1 AS y |
      | SyntaxError | compile time | InvalidArgumentType | MATCH (n) WITH collect(n) AS l DETACH DELETE l RETURN size(l) AS y |
      | SyntaxError | compile time | InvalidArgumentType | MATCH (n:A) WITH {a: n} AS m DETACH DELETE m RETURN 1 AS y |
      | SyntaxError | compile time | InvalidArgumentType | DELETE 1 |
      | SyntaxError | compile time | InvalidArgumentType | MATCH (n) DELETE n.num |
      | SyntaxError | compile time | InvalidDelete | MATCH (n) DELETE n:A |
      | SyntaxError | compile time | InvalidDelete | MATCH ()-[r]->() DELETE r:R |
      | SyntaxError | compile time | UndefinedVariable | MATCH (a) DELETE x |
      | SyntaxError | compile time | InvalidArgumentType | MATCH () DELETE 1 + 1 |
      | SyntaxError | compile time | InvalidArgumentType | MATCH () DELETE 'a' |
      | SyntaxError | compile time | InvalidArgumentType | MATCH () DELETE [1] |
      | SyntaxError | compile time | InvalidArgumentType | MATCH () DELETE {a: 1} |
      | SyntaxError | compile time | InvalidArgumentType | WITH 1 AS x DELETE x |
      | TypeError | runtime | InvalidPropertyType | CREATE (a {x: {}}) RETURN a |
      | SyntaxError | compile time | VariableAlreadyBound | CREATE (a), (a {x: 1}) |
      | SyntaxError | compile time | VariableAlreadyBound | CREATE (a), (a:X) |
      | SyntaxError | compile time | VariableAlreadyBound | CREATE (a)-[r:R]->(b), (a)-[r:R]->(b) |
      | SyntaxError | compile time | VariableAlreadyBound | CREATE (a)-[r:R]->(r) |
      | SyntaxError | compile time | VariableAlreadyBound | CREATE (r)-[r:R]->() |
      | SyntaxError | compile time | NoSingleRelationshipType | CREATE (a)-[:R\|S]->() |
      | SyntaxError | compile time | CreatingVarLength | CREATE (a)-[:R*1]->() |
      | SyntaxError | compile time | NoSingleRelationshipType | CREATE (a)-[]->() |
      | SyntaxError | compile time | NoSingleRelationshipType | CREATE (a)-[r]->() |
      | SyntaxError | compile time | NoSingleRelationshipType | CREATE (a)--() |
      | SyntaxError | compile time | RequiresDirectedRelationship | CREATE (a)-[:R]-() |
      | SyntaxError | compile time | RequiresDirectedRelationship | CREATE (a)<-[:R]->() |
      | SyntaxError | compile time | UndefinedVariable | CREATE (b {name: missing}) |
      | SyntaxError | compile time | UndefinedVariable | CREATE (b {name: missing.name}) RETURN b |
      | SyntaxError | compile time | VariableAlreadyBound | MATCH (a:A) CREATE (a) |
      | SyntaxError | compile time | VariableAlreadyBound | MATCH (a:A) CREATE (a {x: 1}) |
      | SyntaxError | compile time | VariableAlreadyBound | MATCH (a:A) CREATE (a:X) |
      | SyntaxError | compile time | VariableAlreadyBound | MATCH (a:A) CREATE (a:X)-[:R]->(b) |
      | SyntaxError | compile time | VariableAlreadyBound | MATCH (a:A)-[r]->(b) CREATE (a)-[r:R]->(b) |
      | SemanticError | runtime | MissingNode | WITH null AS a CREATE (a)-[:R]->() RETURN 1 AS y |
      | SemanticError | runtime | MissingNode | OPTIONAL MATCH (a:Nope) CREATE (a)-[:R]->() RETURN 1 AS y |
      | SemanticError | runtime | MissingNode | OPTIONAL MATCH (a:Nope) MERGE (a)-[:R]->() RETURN 1 AS y |
      | SyntaxError | compile time | VariableTypeConflict | WITH 1 AS a CREATE (a)-[:R]->() RETURN 1 AS y |
      | SyntaxError | compile time | UnexpectedSyntax | CREATE $props |
      | ParameterMissing | compile time | MissingParameter | CREATE ({a: 1})-[:R $props]->() RETURN 1 AS y |

  Scenario Outline: [20] moments, refused
    Given an empty graph
    When executing query:
      """
      <query>
      """
    Then a <type> should be raised at <phase>: <detail>

    Examples:
      | type | phase | detail | query |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date('2015-13-01')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date('2015-366')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date('2015-W54')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(localtime('24:00')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(localtime('21:40:32.1234567891')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(time('22+18:01')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(datetime('2015-07-21T21:40:32.142-02:00[Asia/Yekaterinburg]')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(datetime('2015-07-21T21:40[Nowhere/City]')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(datetime({year: 2015, timezone: 'Nowhere/City'})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration('PT')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration('P')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration('P1H')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration('PT1Y')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration('P1Y1Y')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration({foo: 1})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(duration({years: 'a'})) AS y |
      | ArithmeticError | runtime | NumberOutOfRange | RETURN toString(duration({seconds: 9223372036854775807, milliseconds: 1000})) AS y |
      | TypeError | runtime | InvalidArgumentType | RETURN toString(duration.between(1, date())) AS y |
      | ArithmeticError | runtime | NumberOutOfRange | RETURN toString(duration({days: 1}) / 0) AS y |
      | TypeError | runtime | InvalidArgumentType | RETURN toString(date('2018-01-01') + 1) AS y |
      | TypeError | runtime | InvalidArgumentType | RETURN toString(date('2018-01-01') - date('2017-01-01')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date.truncate('hour', date('1984-11-11'))) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date.truncate('bogus', date('1984-11-11'))) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date.truncate('day', time('12:00'))) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(datetime.truncate('hour', date('1984-10-11'))) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(time.truncate('month', time('12:00'))) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(localdatetime({time: localtime('12:00')})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(time(date('1984-07-11'))) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({year: 1984, day: 10})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({month: 10})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({year: 1984, month: 13})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({year: 1984, month: 2, day: 30})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({year: 1984, month: 2, day: 30.5})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({year: 1984, hour: 2})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date({})) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date('')) AS y |
      | ArgumentError | runtime | InvalidArgumentValue | RETURN toString(date('2015-02-30')) AS y |
