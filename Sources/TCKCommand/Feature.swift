// Feature files as data: scenarios with their steps, outlines already expanded. It knows nothing of
// Cypher and nothing of what a step means.

import Foundation

/// A feature file.
struct Feature: Sendable {
  /// The path relative to the folder that was given.
  var file: String
  var name: String
  var scenarios: [Scenario]
  /// What is wrong with the file as Gherkin, with its line; its scenarios are not trusted then.
  var fault: String?
}

/// A scenario, or one example of an outline.
struct Scenario: Sendable {
  var name: String
  /// The number of the example, from 1, over all tables of the outline; `nil` for a plain scenario.
  var example: Int?
  var steps: [Step]
}

/// One step with what hangs below it.
struct Step: Sendable {
  /// The text after `Given`, `When`, `Then`, `And` or `But`.
  var text: String
  var documentString: String?
  /// Rows of cells, the header first, escapes of Gherkin resolved.
  var table: [[String]]?

  /// The step with `<name>` replaced by the values of an example.
  func substituting(_ replacements: [(name: String, value: String)]) -> Step {
    func replace(_ text: String) -> String {
      var result = text
      for (name, value) in replacements {
        result = result.replacingOccurrences(of: "<\(name)>", with: value)
      }
      return result
    }
    return Step(
      text: replace(text), documentString: documentString.map(replace),
      table: table?.map { $0.map(replace) })
  }
}
