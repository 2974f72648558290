// docs/functions.md is written by this test: the table of functions with what each does, and
// examples whose results are computed, so that the page cannot lie.

import Base
import Planner
import Stemma
import TestSupport
import Testing

@Suite struct FunctionPageTests {
  /// Expressions shown under each heading.
  private static let examples: [(heading: String, expressions: [String])] = [
    (
      "Values and null",
      [
        "null = null", "null IS NULL", "1 = 1.0", "9007199254740993 = 9007199254740992.0",
        "[1, null] = [1, 2]", "[1, null] = [2, 2]", "3 IN [1, null]", "'a' < 1", "1 < 2 < 3",
        "true AND null", "false AND null", "coalesce(null, 2)", "toInteger('2.9')",
        "toInteger('x')", "toFloat('1e3')", "toBoolean('TRUE')", "toString(1.0)",
        "valueType([1])", "7 / 2", "7.0 / 2", "-7 % 3", "2 ^ 10", "0.0 / 0.0",
      ]
    ),
    (
      "Lists and maps",
      [
        "[1, 2, 3][-1]", "[1, 2, 3][5]", "[1, 2, 3, 4][1..-1]", "[1, 2] + 3", "range(0, 10, 5)",
        "[x IN range(1, 5) WHERE x % 2 = 1 | x * x]", "any(x IN [1, null] WHERE x > 0)",
        "none(x IN [null] WHERE x > 0)", "reduce(sum = 0, x IN [1, 2, 3] | sum + x)",
        "head([])", "{a: 1}.a", "{a: 1}['b']", "keys({b: 1, a: 2})",
      ]
    ),
    (
      "Strings",
      [
        "size('Straße')", "reverse('abc')", "substring('abcdef', 2, 3)", "left('abc', 2)",
        "split('a,b,,c', ',')", "replace('a.b.c', '.', '/')", "trim('  a ')", "toUpper('straße')",
        "'lineage' STARTS WITH 'line'", "'lineage' =~ '.*(age|ago)'", "'é' = 'e\\u0301'",
      ]
    ),
    (
      "Dates and times",
      [
        "date('2015-W30-2')", "date({year: 2015, ordinalDay: 202})", "date('2015-07-21').week",
        "localtime('214032.142')", "time('21:40+02:00').offsetMinutes",
        "datetime('2015-07-21T21:40[Europe/Stockholm]')",
        "datetime({datetime: datetime('2015-07-21T21:40Z'), timezone: 'America/New_York'})",
        "datetime('2015-07-21T21:40Z').epochMillis", "date.truncate('week', date('2015-07-24'))",
        "datetime.truncate('hour', datetime('2015-07-21T21:40:32Z'), {minute: 30})",
        "date('2015-01-31') + duration({months: 1})", "duration('P1.5D')",
        "duration.between(date('2015-01-31'), date('2015-03-01'))",
        "duration.inDays(date('2015-01-01'), date('2016-01-01')).days",
        "duration('PT90M').hours", "duration({hours: 1}) * 1.5",
      ]
    ),
  ]

  @Test func pageIsWhatTheEngineSays() throws {
    let database = try Database.inMemory(
      surroundings: Surroundings(now: { Timestamp(rawValue: 0) }, random: { 7 }))
    var page = """
      # Functions and operators

      What every function does, and examples with the results that the engine gives. A test writes
      this page (`make bless`), so it cannot lie. `SHOW FUNCTIONS` has the same table.

      Unless a line says otherwise, null in gives null out, positions in strings count Unicode code
      points from 0, and a value of a type that a function does not take is an error. Regular
      expressions are Java's without back references, look-around and possessive quantifiers, and
      are matched in linear time.


      """
    for (heading, expressions) in Self.examples {
      page += "## \(heading)\n\n```\n"
      let width = expressions.map(\.count).max() ?? 0
      for expression in expressions {
        let result = try database.query("RETURN " + expression + " AS result")
        let value = try #require(result.rows.first?.first)
        let gap = String(repeating: " ", count: max(0, min(width, 60) - expression.count))
        page += "\(expression)\(gap)  \(value)\n"
      }
      page += "```\n\n"
    }
    page += "## All functions\n\n| function | what it does |\n|---|---|\n"
    for name in FunctionTable.names {
      guard let function = FunctionTable.resolve(name) else { continue }
      let summary =
        switch function {
        case .scalar(let scalar): scalar.signature.summary
        case .aggregate(let aggregate): aggregate.signature.summary + " (aggregate)"
        }
      page += "| `\(name)` | \(summary.replacing("|", with: "\\|")) |\n"
    }
    try Golden.expect(page, matches: "../../docs/functions.md")
  }
}
