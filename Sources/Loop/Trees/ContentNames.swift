// Which records need some contents: those that name one with a whole value, and those that name a
// list in which it is. A hash inside of a longer text mentions a content; nobody needs it for that.
//
// The log is read, not the graph: a record needs what it names for ever, unless that is withheld.

package import Base
import Graph
package import Stemma

/// The records that need some contents.
package struct ContentNames {
  /// One name of a content.
  package struct Name {
    /// The key of the node that has it.
    package var bearer: String
    package var property: Text
    /// Whether it is the name of a list, in which the content is.
    package var isListed: Bool
    /// Whether our loop wrote it, which names nothing that was never here.
    package var isOfLoop: Bool

    package var words: String {
      "\(bearer) needs it as \(property.string)" + (isListed ? " (a file of that)" : "")
    }
  }

  /// The first name of each content that is needed, and how many it has.
  package private(set) var needed: [Digest: (first: Name, count: Int)] = [:]
  package private(set) var mentioned: Set<Digest> = []

  /// Properties whose contents name others.
  static let listing: Set<Text> = ["tree", "baseTree", "contentHash", "exchanges"]

  private let candidates: Set<Digest>
  private let database: Database
  /// Lists by the nodes that name them; those that a node says are removed need nothing.
  private var lists: [(hash: Digest, node: NodeID, name: Name)] = []
  private var removed: Set<NodeID> = []

  /// Looks for the names of `candidates`, but for those that a node's property has.
  package init(
    of candidates: Set<Digest>, in database: Database,
    without gone: (property: Text, key: Text)? = nil
  ) throws {
    self.candidates = candidates
    self.database = database
    if candidates.isEmpty { return }
    try database.readLog { graph in
      let node = try gone.flatMap { try graph.node(key: $0.key) }
      for number in 1...max(1, graph.snapshot.rawValue) {
        guard let record = try graph.record(of: TransactionNumber(number)) else { continue }
        for operation in record.operations {
          for property in operation.properties {
            if let node, let gone, operation.node == node,
              property.name == gone.property || property.name == "statement"
            {
              continue
            }
            try add(property, operation.node, record.header.actor == "loop", graph)
          }
        }
      }
    }
    try addLists()
  }

  private mutating func add(
    _ property: Property, _ node: NodeID?, _ isOfLoop: Bool, _ graph: borrowing GraphView
  ) throws {
    if property.name == "removedAt", let node, !property.value.isNull { removed.insert(node) }
    for text in Self.texts(in: property.value) where text.utf8Count >= Digest.byteCount * 2 {
      let isWhole = text.utf8Count == Digest.byteCount * 2
      guard isWhole, let digest = Digest(hex: text.string) else {
        let hashes = ObjectUse.hashes(in: Array(text.string.utf8)).compactMap { Digest(hex: $0) }
        mentioned.formUnion(hashes.filter(candidates.contains))
        continue
      }
      let isList = Self.listing.contains(property.name)
      guard isList || candidates.contains(digest) else { continue }
      var bearer = "a relationship"
      if let node { bearer = try graph.key(of: node)?.string ?? "node \(node.rawValue)" }
      let name = Name(
        bearer: bearer, property: property.name, isListed: false, isOfLoop: isOfLoop)
      if candidates.contains(digest) { need(digest, name) }
      if isList, let node { lists.append((digest, node, name)) }
    }
  }

  private mutating func addLists() throws {
    var seen: Set<Digest> = []
    for (hash, node, name) in lists where !removed.contains(node) && seen.insert(hash).inserted {
      guard try database.holdsObject(hash), let bytes = try? database.object(hash) else { continue }
      var inner = name
      inner.isListed = true
      for file in ObjectUse.hashes(in: bytes).compactMap({ Digest(hex: $0) })
      where candidates.contains(file) && file != hash { need(file, inner) }
    }
    lists = []
  }

  private mutating func need(_ digest: Digest, _ name: Name) {
    needed[digest, default: (name, 0)].count += 1
  }

  private static func texts(in value: Value) -> [Text] {
    switch value {
    case .string(let text): [text]
    case .list(let values): values.flatMap(texts)
    default: []
    }
  }
}

extension LoggedOperation {
  /// The node of which it sets properties.
  fileprivate var node: NodeID? {
    switch self {
    case .createNode(let node, _, _, _), .setNodeProperty(let node, _): node
    default: nil
    }
  }
}
