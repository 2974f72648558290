// Making and opening graphs. What a store is kept in is the store's affair; here it gets its first
// transaction, the schema.

package import Base
package import Store

extension Graph {
  /// A new graph in memory.
  package static func inMemory(
    schema: GraphType?, surroundings: Surroundings, layout: GraphLayout = .standard,
    rule: WriteRule? = nil
  ) throws -> Graph {
    let store = try Store.inMemory(header: header(surroundings))
    return try Graph(store, surroundings: surroundings, layout: layout, rule: rule)
      .defining(schema)
  }

  /// Creates a store in the folder `path` with its schema; where that fails, nothing is left.
  package static func create(
    at path: String, schema: GraphType?, surroundings: Surroundings,
    options: StoreOptions = StoreOptions(), layout: GraphLayout = .standard
  ) throws -> Graph {
    let store = try Store.create(at: path, header: header(surroundings), options: options) {
      _ = try Graph($0, surroundings: surroundings, layout: layout).defining(schema)
    }
    return Graph(store, surroundings: surroundings, layout: layout)
  }

  /// Opens the store in the folder `path`.
  package static func open(
    at path: String, surroundings: Surroundings, options: StoreOptions = StoreOptions(),
    rule: WriteRule? = nil
  ) throws -> Graph {
    Graph(try Store.open(at: path, options: options), surroundings: surroundings, rule: rule)
  }

  /// The name under which new stores say who wrote them.
  static let writer = "stemma 0.1"

  private static func header(_ surroundings: Surroundings) -> FormatHeader {
    var uuid: [UInt8] = []
    uuid.appendBig64(surroundings.random())
    uuid.appendBig64(surroundings.random())
    return FormatHeader(uuid: uuid, writer: writer)
  }

  private func defining(_ schema: GraphType?) throws -> Graph {
    guard let schema else { return self }
    let request = TransactionRequest(
      requestID: RequestID(high: surroundings.random(), low: surroundings.random()),
      actor: "stemma", reason: "define the schema of a new store",
      operations: [.defineSchema(schema)])
    _ = try append(request)
    return self
  }
}
