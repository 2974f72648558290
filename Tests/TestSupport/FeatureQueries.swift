// Reads the queries out of the openCypher TCK's feature files, where `../shared/tck` is present.

public import Foundation

/// A query of a scenario, with the outline's example filled in.
public struct FeatureQuery {
  public var feature: String
  public var scenario: String
  public var query: String
  /// `SyntaxError compile time UndefinedVariable`, where the scenario expects an error.
  public var expectedError: (type: String, phase: String, detail: String)?
  /// The signatures of `there exists a procedure`.
  public var procedures: [String]
}

/// Reads feature files, as far as their queries go.
public enum FeatureQueries {
  /// Every query under a folder, setup queries included.
  public static func load(_ folder: URL) -> [FeatureQuery] {
    var result: [FeatureQuery] = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "feature",
        let text = try? String(contentsOf: file, encoding: .utf8)
      else { continue }
      var reader = Reader(feature: file.deletingPathExtension().lastPathComponent)
      result += reader.read(text)
    }
    return result
  }

  private struct Reader {
    let feature: String
    var scenario = ""
    var queries: [String] = []
    var error: (type: String, phase: String, detail: String)?
    var procedures: [String] = []
    var isOutline = false
    var tables: [[[String]]] = []

    init(feature: String) { self.feature = feature }

    mutating func read(_ text: String) -> [FeatureQuery] {
      var result: [FeatureQuery] = []
      let lines = text.components(separatedBy: "\n")
      var index = 0
      while index < lines.count {
        let line = lines[index].trimmingCharacters(in: .whitespaces)
        index += 1
        if line.hasPrefix("Scenario") {
          result += finish()
          scenario = line
          isOutline = line.hasPrefix("Scenario Outline")
        } else if line == "\"\"\"" {
          var body: [String] = []
          while index < lines.count,
            lines[index].trimmingCharacters(in: .whitespaces) != "\"\"\""
          {
            body.append(lines[index])
            index += 1
          }
          index += 1
          queries.append(body.joined(separator: "\n"))
        } else if let range = line.range(of: "there exists a procedure ") {
          procedures.append(String(line[range.upperBound...]))
        } else if line.contains("should be raised at") {
          let words = line.components(separatedBy: " ")
          let type = words.first { $0.hasSuffix("Error") } ?? "?"
          let phase = line.components(separatedBy: "raised at ")[1]
            .components(separatedBy: ":")[0]
          let detail = line.components(separatedBy: ": ").last ?? "?"
          error = (type, phase, detail)
        } else if line.hasPrefix("Examples:") {
          tables.append([])
        } else if line.hasPrefix("|"), !tables.isEmpty {
          tables[tables.count - 1].append(cells(line))
        }
      }
      return result + finish()
    }

    private func cells(_ line: String) -> [String] {
      let escaped = line.replacingOccurrences(of: "\\|", with: "\u{1}")
      return escaped.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map {
          $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\u{1}", with: "|")
        }
    }

    private mutating func finish() -> [FeatureQuery] {
      defer {
        queries = []
        error = nil
        procedures = []
        tables = []
      }
      guard !scenario.isEmpty else { return [] }
      var result: [FeatureQuery] = []
      var substitutions: [[(String, String)]] = []
      for table in tables {
        for row in table.dropFirst() {
          substitutions.append(Array(zip(table[0], row)))
        }
      }
      if !isOutline { substitutions = [[]] }
      for pairs in substitutions {
        for (position, query) in queries.enumerated() {
          var text = query
          for (name, value) in pairs {
            text = text.replacingOccurrences(of: "<\(name)>", with: value)
          }
          let isLast = position == queries.count - 1
          result.append(
            FeatureQuery(
              feature: feature, scenario: scenario, query: text,
              expectedError: isLast ? error : nil, procedures: procedures))
        }
      }
      return result
    }
  }
}
