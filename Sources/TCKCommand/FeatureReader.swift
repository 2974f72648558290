// Reads Gherkin: Feature, Background, Scenario, Scenario Outline with Examples, doc strings,
// tables. It must not interpret steps.

import Foundation

/// A reader of one feature file.
struct FeatureReader {
  private enum Target { case none, background, scenario, examples }

  private var lines: [String]
  private var index = 0
  private var feature: Feature
  private var hasName = false
  private var background: [Step] = []
  private var target = Target.none
  private var scenarioName = ""
  private var isOutline = false
  private var steps: [Step] = []
  private var examples: [[[String]]] = []

  /// Reads a whole file.
  static func read(_ text: String, file: String) -> Feature {
    var reader = FeatureReader(text, file: file)
    reader.run()
    return reader.feature
  }

  private init(_ text: String, file: String) {
    lines = text.replacingOccurrences(of: "\r\n", with: "\n")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    feature = Feature(file: file, name: file, scenarios: [])
  }

  private mutating func run() {
    while index < lines.count {
      let line = lines[index].trimmingCharacters(in: .whitespaces)
      index += 1
      readLine(line)
    }
    finishScenario()
    if !hasName { note("there is no line 'Feature: ...'", line: 1) }
  }

  /// The first fault counts.
  private mutating func note(_ fault: String, line: Int) {
    if feature.fault == nil { feature.fault = "line \(line): \(fault)" }
  }

  private mutating func readLine(_ line: String) {
    if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("@") { return }
    if let name = Self.after("Feature:", line) {
      feature.name = name
      hasName = true
    } else if Self.after("Background:", line) != nil {
      target = .background
    } else if let name = Self.after("Scenario Outline:", line) {
      startScenario(name, outline: true)
    } else if let name = Self.after("Scenario:", line) ?? Self.after("Example:", line) {
      startScenario(name, outline: false)
    } else if Self.after("Examples:", line) != nil || Self.after("Scenarios:", line) != nil {
      target = .examples
      examples.append([])
    } else if line.hasPrefix("\"\"\"") {
      attachDocumentString()
    } else if line.hasPrefix("|") {
      attachRow(Self.cells(line))
    } else if let text = Self.stepText(line) {
      if target == .background {
        background.append(Step(text: text))
      } else if target == .scenario {
        steps.append(Step(text: text))
      }
    }
  }

  private mutating func startScenario(_ name: String, outline: Bool) {
    finishScenario()
    target = .scenario
    scenarioName = name
    isOutline = outline
  }

  private mutating func finishScenario() {
    defer {
      steps = []
      examples = []
      scenarioName = ""
    }
    guard !steps.isEmpty else { return }
    let all = background + steps
    guard isOutline else {
      feature.scenarios.append(Scenario(name: scenarioName, example: nil, steps: all))
      return
    }
    var number = 0
    if examples.allSatisfy({ $0.count < 2 }) {
      note("the outline '\(scenarioName)' before it has no examples", line: index)
    }
    for table in examples {
      guard let header = table.first else { continue }
      for row in table.dropFirst() {
        number += 1
        if row.count != header.count {
          note("an example of '\(scenarioName)' has \(row.count) cells", line: index)
        }
        let replacements = zip(header, row).map { (name: $0, value: $1) }
        feature.scenarios.append(
          Scenario(
            name: scenarioName, example: number,
            steps: all.map { $0.substituting(replacements) }))
      }
    }
  }

  /// Reads up to the closing quotes; the indentation of the opening quotes is removed.
  private mutating func attachDocumentString() {
    let opening = index
    var isClosed = false
    defer { if !isClosed { note("the text between \"\"\" is not closed", line: opening) } }
    let indentation = lines[index - 1].prefix { $0 == " " || $0 == "\t" }.count
    var content: [String] = []
    while index < lines.count {
      let line = lines[index]
      index += 1
      if line.trimmingCharacters(in: .whitespaces).hasPrefix("\"\"\"") {
        isClosed = true
        break
      }
      let blank = line.prefix { $0 == " " || $0 == "\t" }.count
      content.append(String(line.dropFirst(min(indentation, blank))))
    }
    let text = content.joined(separator: "\n")
    if target == .background, !background.isEmpty {
      background[background.count - 1].documentString = text
    } else if !steps.isEmpty {
      steps[steps.count - 1].documentString = text
    }
  }

  private mutating func attachRow(_ row: [String]) {
    switch target {
    case .examples: examples[examples.count - 1].append(row)
    case .background where !background.isEmpty:
      background[background.count - 1].table = (background.last?.table ?? []) + [row]
    case .scenario where !steps.isEmpty:
      steps[steps.count - 1].table = (steps.last?.table ?? []) + [row]
    default: break
    }
  }

  private static func after(_ keyword: String, _ line: String) -> String? {
    guard line.hasPrefix(keyword) else { return nil }
    return line.dropFirst(keyword.count).trimmingCharacters(in: .whitespaces)
  }

  private static func stepText(_ line: String) -> String? {
    for keyword in ["Given ", "When ", "Then ", "And ", "But ", "* "] {
      if let text = after(keyword, line) { return text }
    }
    return nil
  }

  /// The cells between bars, with `\|`, `\n` and `\\` resolved.
  static func cells(_ line: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isFirst = true
    var escaped = false
    for scalar in line.unicodeScalars {
      if escaped {
        switch scalar {
        case "n": cell += "\n"
        case "|", "\\": cell.unicodeScalars.append(scalar)
        default:
          cell += "\\"
          cell.unicodeScalars.append(scalar)
        }
        escaped = false
      } else if scalar == "\\" {
        escaped = true
      } else if scalar == "|" {
        if !isFirst { cells.append(cell.trimmingCharacters(in: .whitespaces)) }
        isFirst = false
        cell = ""
      } else {
        cell.unicodeScalars.append(scalar)
      }
    }
    return cells
  }
}
