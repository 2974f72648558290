// What a tool is: a name, schemas of what goes in and comes out, and a function.

import Base
import Recall
import Stemma

/// A question that a model can ask.
protocol ContextTool: Sendable {
  var name: String { get }
  var title: String { get }
  /// When to use it, for the model.
  var description: String { get }
  /// JSON Schema of the arguments, with `"type": "object"` and `properties`.
  var input: StaticString { get }
  /// JSON Schema of the structured answer.
  var output: StaticString { get }
  /// Whether it has an effect.
  var writes: Bool { get }

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer
}

extension ContextTool {
  var writes: Bool { false }
}

/// What a tool says: for programs, and as text for the model.
struct ToolAnswer {
  var structure: Value
  var text: String

  init(structure: Value, text: String) {
    self.structure = structure
    self.text = text
  }

  /// The same as text and structure.
  init(_ structure: Value) { self.init(structure: structure, text: JSON.line(structure)) }
}

/// The tools in their fixed order, which prompt caches rely on.
enum ContextTools {
  static func all(_ index: RecallIndex) -> [any ContextTool] {
    [
      TriedBeforeTool(index: index), BriefTool(index: index), LineageTool(), WhyTool(),
      QueryTool(), BestTool(), SchemaTool(),
    ]
  }
}

/// The arguments of a call, read strictly: an unknown name is an error with the names there are.
struct ToolArguments {
  let values: ValueMap

  init(_ value: Value, for tool: any ContextTool) throws {
    guard case .map(let map) = value else {
      throw Self.fault("the arguments of \(tool.name) are an object")
    }
    guard case .map(let known)? = JSON.literal(tool.input).member("properties") else {
      throw Self.fault("\(tool.name) takes no arguments")
    }
    for entry in map.entries where known[entry.key] == nil {
      let names = known.entries.map(\.key.string)
      let nearest = Suggestion.nearest(to: entry.key.string, among: names)
      throw Self.fault(
        "\(tool.name) has no argument \(entry.key)",
        advice: nearest.map { "did you mean \($0)?" }
          ?? "it takes \(names.joined(separator: ", "))")
    }
    values = map
  }

  private static func fault(_ message: String, advice: String? = nil) -> StemmaError {
    StemmaError(.argumentInvalid, message, advice: advice)
  }

  func value(_ name: Text) -> Value? {
    guard let value = values[name], value != .null else { return nil }
    return value
  }

  func string(_ name: Text) throws -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw Self.fault("\(name) is a string") }
    return text
  }

  /// A string that has to be given.
  func required(_ name: Text) throws -> String {
    guard let text = try string(name), !text.isEmpty else {
      throw Self.fault("\(name) is needed")
    }
    return text
  }

  func integer(_ name: Text, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
    guard let value = value(name) else { return standard }
    guard let number = value.int, range.contains(number) else {
      throw Self.fault(
        "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func strings(_ name: Text) throws -> [String] {
    guard let value = value(name) else { return [] }
    guard case .list(let elements) = value else { throw Self.fault("\(name) is a list of strings") }
    return try elements.map { element in
      guard let text = element.string else { throw Self.fault("\(name) is a list of strings") }
      return text
    }
  }

  func map(_ name: Text) throws -> ValueMap {
    guard let value = value(name) else { return ValueMap() }
    guard case .map(let map) = value else { throw Self.fault("\(name) is an object") }
    return map
  }
}
