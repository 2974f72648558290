// Values of any type as bytes, for scratch files only: what a property can hold is CBOR, as in the
// log; nodes, edges and paths, which mean something only in the store at hand, are identities.

import Base
import Graph

enum SpilledValues {
  private enum Mark: UInt8 {
    case plain, node, edge, path, list, map
  }

  struct Writer {
    private var cbor = CBORWriter()
    private var buffer: [UInt8] = []

    mutating func bytes(of values: [Value]) -> [UInt8] {
      buffer.removeAll(keepingCapacity: true)
      number(UInt64(values.count))
      for value in values { write(value) }
      return buffer
    }

    private mutating func write(_ value: Value) {
      switch value {
      case .node(let node):
        mark(.node)
        number(node.rawValue)
      case .edge(let edge):
        mark(.edge)
        number(edge.rawValue)
      case .path(let path):
        mark(.path)
        number(UInt64(path.edges.count))
        for node in path.nodes { number(node.rawValue) }
        for edge in path.edges { number(edge.rawValue) }
      case .list(let elements):
        mark(.list)
        number(UInt64(elements.count))
        for element in elements { write(element) }
      case .map(let map):
        mark(.map)
        number(UInt64(map.count))
        for entry in map.entries {
          write(.string(entry.key))
          write(entry.value)
        }
      default:
        mark(.plain)
        cbor.clear()
        _ = cbor.value(value)
        number(UInt64(cbor.bytes.count))
        buffer.append(contentsOf: cbor.bytes)
      }
    }

    private mutating func mark(_ mark: Mark) { buffer.append(mark.rawValue) }

    /// Seven bits a byte, the lowest first.
    private mutating func number(_ value: UInt64) {
      var rest = value
      while rest > 0x7F {
        buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      buffer.append(UInt8(rest))
    }
  }

  static func values(_ bytes: [UInt8]) throws -> [Value] {
    var reader = Reader(bytes: bytes)
    return try reader.values()
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    mutating func values() throws -> [Value] {
      let count = try count()
      var values: [Value] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try value()) }
      return values
    }

    private mutating func value() throws -> Value {
      guard place < bytes.count, let mark = Mark(rawValue: bytes[place]) else { throw damaged }
      place += 1
      switch mark {
      case .node: return .node(NodeID(try number()))
      case .edge: return .edge(EdgeID(try number()))
      case .path:
        let steps = try count()
        let nodes = try (0...steps).map { _ in NodeID(try number()) }
        return .path(Path(nodes: nodes, edges: try (0..<steps).map { _ in EdgeID(try number()) }))
      case .list: return .list(try values())
      case .map:
        let entries = try (0..<(try count())).map { _ in
          guard case .string(let key) = try value() else { throw damaged }
          return (key, try value())
        }
        return .map(ValueMap(entries))
      case .plain:
        let size = try count()
        guard size <= bytes.count - place else { throw damaged }
        var reader = CBORReader(Array(bytes[place..<place + size]))
        place += size
        return try reader.value()
      }
    }

    /// Nothing has fewer bytes than elements, so no number makes us reserve more than is there.
    private mutating func count() throws -> Int {
      guard let count = Int(exactly: try number()), count <= bytes.count else { throw damaged }
      return count
    }

    private mutating func number() throws -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: 0, through: 63, by: 7) {
        guard place < bytes.count else { throw damaged }
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 0x7F) << UInt64(shift)
        if byte < 0x80 { return value }
      }
      throw damaged
    }

    private var damaged: StemmaError {
      StemmaError(
        .fileUnreadable, "a scratch file of the query has other bytes than were written",
        advice: "run the query again; if this comes back, check the disk under STEMMA_TMPDIR")
    }
  }
}
