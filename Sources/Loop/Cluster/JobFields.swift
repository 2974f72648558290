// Typed, strict access to the JSON of packages: what is missing or of another kind is one error.

import Base
import Models

/// One object of a package's JSON.
struct JobFields {
  private let map: ValueMap

  init(_ value: Value) throws {
    guard case .map(let map) = value else { throw Self.damaged("an object") }
    self.map = map
  }

  static func damaged(_ what: String) -> StemmaError {
    StemmaError(
      .sandboxFailed, "a package of a job is damaged: \(what) is missing",
      advice: "Remove the package's folder; the same `stemma loop run` submits it again.")
  }

  subscript(_ name: Text) -> Value { map[name] ?? .null }

  func text(_ name: Text) -> String? { map[name]?.string }

  func string(_ name: Text) throws -> String {
    guard let text = text(name) else { throw Self.damaged(name.string) }
    return text
  }

  func number(_ name: Text) -> Int? { map[name]?.int }

  func integer(_ name: Text) throws -> Int {
    guard let number = number(name) else { throw Self.damaged(name.string) }
    return number
  }

  func isTrue(_ name: Text) -> Bool { map[name] == .boolean(true) }

  func fields(_ name: Text) throws -> JobFields { try JobFields(self[name]) }

  func list(_ name: Text) throws -> [Value] {
    guard case .list(let elements)? = map[name] else { throw Self.damaged(name.string) }
    return elements
  }

  func strings(_ name: Text) throws -> [String] { try list(name).map { try Self.string($0, name) } }

  /// Pairs of texts, as `pairs(_:)` writes them.
  func pairs(_ name: Text) throws -> [(String, String)] {
    try list(name).map { element in
      guard case .list(let both) = element, both.count == 2 else {
        throw Self.damaged(name.string)
      }
      return (try Self.string(both[0], name), try Self.string(both[1], name))
    }
  }

  private static func string(_ value: Value, _ name: Text) throws -> String {
    guard let text = value.string else { throw damaged(name.string) }
    return text
  }
}

extension Value {
  static func pairs(_ pairs: [(String, String)]) -> Value {
    .list(pairs.map { .strings([$0.0, $0.1]) })
  }
}
