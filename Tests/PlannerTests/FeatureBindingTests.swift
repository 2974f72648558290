// Every query of the openCypher TCK must bind, or be refused at compile time as the scenario says.

import Base
import Cypher
import Planner
import TestSupport
import Testing

@Suite struct FeatureBindingTests {
  static let isPresent = SharedFolder.url("tck/features") != nil

  @Test(.enabled(if: isPresent, "needs ../shared/tck")) func everyQueryBinds() throws {
    let folder = try #require(SharedFolder.url("tck/features"))
    let queries = FeatureQueries.load(folder)
    #expect(queries.count > 2000)
    var wrong: [String] = []
    for query in queries {
      if let reason = judge(query) {
        wrong.append("\(query.feature) \(query.scenario)\n\(query.query)\n  \(reason)")
      }
    }
    for text in wrong.prefix(60) { Issue.record(Comment(rawValue: text)) }
    #expect(wrong.count == 0)
  }

  /// Why the binder's answer is not what the scenario wants; `nil` where it is.
  private func judge(_ query: FeatureQuery) -> String? {
    let environment = BindingEnvironment(
      procedures: FeatureProcedures(query.procedures), parameterNames: nil)
    let expected = query.expectedError
    let isCompileTime = expected?.phase == "compile time"
    do {
      _ = try Binder.bind(Text(query.query), environment: environment)
      // A parameter that is missing is found where parameters are known.
      if isCompileTime, let expected, expected.detail != "MissingParameter" {
        return "bound, but expected \(expected)"
      }
      return nil
    } catch let error as StemmaError {
      let found = error.classification
      guard let expected, expected.phase != "runtime" else {
        return "refused: \(error.message) (\(found?.detail ?? ""))"
      }
      if expected.detail != "*", expected.detail != found?.detail || expected.type != found?.type {
        return "\(error.message): \(found!), but expected \(expected)"
      }
      return nil
    } catch {
      return "\(error)"
    }
  }
}

/// Procedures from the TCK's own notation: `a.b(x :: INTEGER?) :: (y :: STRING?):`.
struct FeatureProcedures: ProcedureRegistry {
  let procedures: [ProcedureSignature]

  init(_ texts: [String]) {
    procedures = texts.compactMap(Self.parse)
  }

  func procedure(named name: Text) -> ProcedureSignature? {
    procedures.first { $0.name == name }
  }

  private static func parse(_ text: String) -> ProcedureSignature? {
    guard let open = text.firstIndex(of: "("), let close = text.firstIndex(of: ")") else {
      return nil
    }
    let inputs = fields(text[text.index(after: open)..<close])
    let rest = text[text.index(after: close)...]
    var outputs: [ProcedureSignature.Field] = []
    if let open = rest.firstIndex(of: "("), let close = rest.lastIndex(of: ")") {
      outputs = fields(rest[rest.index(after: open)..<close])
    }
    return ProcedureSignature(name: Text(String(text[..<open])), inputs: inputs, outputs: outputs)
  }

  private static func fields(_ text: Substring) -> [ProcedureSignature.Field] {
    text.split(separator: ",").compactMap { part in
      let words = part.split(whereSeparator: { $0 == " " || $0 == ":" })
      guard words.count >= 2 else { return nil }
      let type =
        words[1].hasPrefix("INTEGER")
        ? StaticType.integer
        : words[1].hasPrefix("FLOAT")
          ? .float
          : words[1].hasPrefix("NUMBER")
            ? .number
            : words[1].hasPrefix("STRING") ? .string : .any
      return ProcedureSignature.Field(
        name: Text(String(words[0])), type: type, typeName: Text(String(words[1])))
    }
  }
}
