// Names of a pattern looked up in the graph at hand. A name that the log never used matches
// nothing; it is looked up again by the next batch, since a writing query may have brought it in
// meanwhile.

import Base
import Graph

/// Edge types by name, resolved once per run.
struct EdgeTypes {
  private let names: [Text]
  private(set) var symbols: [Symbol] = []

  init(names: [Text]) { self.names = Self.distinct(names) }

  /// Looks the names up; `false` where types are asked for and none of them exists.
  mutating func resolve(_ graph: borrowing GraphView) throws -> Bool {
    if symbols.count < names.count {
      symbols.removeAll(keepingCapacity: true)
      for name in names {
        if let symbol = try graph.symbol(for: name) { symbols.append(symbol) }
      }
    }
    return names.isEmpty || !symbols.isEmpty
  }

  private static func distinct(_ names: [Text]) -> [Text] {
    names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
