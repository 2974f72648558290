// Columns on disk, for operators that hold more rows than memory may. A column is put there whole
// and read back whole; numbers and identities lie in the file as in memory.

import Base
import Graph
import Store

/// A scratch file of columns. Gone with the last reference to it.
final class SpillFile {
  /// Where a column lies.
  struct Place {
    fileprivate let kind: Column.Kind
    fileprivate let rows: ScratchFile.Place
    fileprivate let nulls: ScratchFile.Place?
  }

  private var file: ScratchFile
  private var writer = SpilledValues.Writer()

  /// - Throws: `store.full`, `file.unreadable`.
  init(in folder: String) throws { file = try ScratchFile(in: folder) }

  var byteCount: Int { Int(clamping: file.byteCount) }

  func append(_ column: Column) throws -> Place {
    let rows =
      switch column.kind {
      case .integers: try file.append(column.integers)
      case .floats: try file.append(column.floats)
      case .booleans: try file.append(column.booleans)
      case .nodes: try file.append(column.nodes)
      case .edges: try file.append(column.edges)
      case .values: try file.append(writer.bytes(of: column.values))
      }
    let nulls = column.nulls.isEmpty ? nil : try file.append(column.nulls)
    return Place(kind: column.kind, rows: rows, nulls: nulls)
  }

  func read(_ place: Place, into column: inout Column) throws {
    column.reset(to: place.kind)
    switch place.kind {
    case .integers: column.integers = try file.read(place.rows, as: Int64.self)
    case .floats: column.floats = try file.read(place.rows, as: Double.self)
    case .booleans: column.booleans = try file.read(place.rows, as: Bool.self)
    case .nodes: column.nodes = try file.read(place.rows, as: NodeID.self)
    case .edges: column.edges = try file.read(place.rows, as: EdgeID.self)
    case .values:
      column.values = try SpilledValues.values(try file.read(place.rows, as: UInt8.self))
    }
    if let nulls = place.nulls { column.nulls = try file.read(nulls, as: Bool.self) }
  }
}
