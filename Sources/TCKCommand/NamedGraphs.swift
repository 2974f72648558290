// The graphs that scenarios name: a folder `graphs/NAME` with a NAME.json that lists the scripts.

import Foundation

/// The named graphs beside the features.
struct NamedGraphs: Sendable {
  private struct Description: Decodable {
    var scripts: [String]
  }

  /// A named graph that is not there.
  struct Missing: Error {
    var name: String
  }

  private let folder: URL

  init(folder: URL) { self.folder = folder }

  /// The statements that make a graph, in order.
  func scripts(of name: String) throws -> [String] {
    let home = folder.appendingPathComponent(name)
    guard let data = try? Data(contentsOf: home.appendingPathComponent(name + ".json")) else {
      throw Missing(name: name)
    }
    let description = try JSONDecoder().decode(Description.self, from: data)
    return try description.scripts.flatMap { script in
      let file = home.appendingPathComponent(script + ".cypher")
      return try String(contentsOf: file, encoding: .utf8).split(separator: ";")
        .map(String.init)
        .filter { !$0.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty }
    }
  }
}
