// The graphs that scenarios name: a folder `graphs/NAME` with a NAME.json that lists the scripts.
// It stands in the folder that was given or in one above it, since the TCK keeps `features` and
// `graphs` side by side and a part of it may be run alone.

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

  /// The folders that may hold graphs, the nearest first.
  private let folders: [URL]

  /// The graphs beside the features of `folder`.
  init(near folder: URL) {
    let parts = folder.standardizedFileURL.pathComponents
    folders = (1...max(parts.count, 1)).reversed().map { count in
      URL(fileURLWithPath: NSString.path(withComponents: Array(parts.prefix(count))))
        .appendingPathComponent("graphs")
    }
  }

  /// The statements that make a graph, in order.
  func scripts(of name: String) throws -> [String] {
    let homes = folders.map { $0.appendingPathComponent(name) }
    func description(in home: URL) -> Data? {
      try? Data(contentsOf: home.appendingPathComponent(name + ".json"))
    }
    guard let home = homes.first(where: { description(in: $0) != nil }),
      let data = description(in: home)
    else { throw Missing(name: name) }
    let description = try JSONDecoder().decode(Description.self, from: data)
    return try description.scripts.flatMap { script in
      let file = home.appendingPathComponent(script + ".cypher")
      return try String(contentsOf: file, encoding: .utf8).split(separator: ";")
        .map(String.init)
        .filter { !$0.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty }
    }
  }
}
