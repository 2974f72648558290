// A record, and the keys of a log, as lines of JSON: what readable copies in a bundle say, and what
// a verifier makes again from the exact bytes to compare.

import Base
import Graph
import Signing

extension PlainJSON {
  /// A record as one line, from the header's bytes and the record's plain form, which are
  /// well-formed: the header by names, the operations with the kind in words. `hashes` takes in
  /// what can be the names of contents.
  mutating func record(header: [UInt8], plain: [UInt8], hashes: inout Set<Digest>) {
    raw("{\"header\":")
    self.header(header)
    raw(",\"operations\":[")
    var offset = 0
    _ = Self.argument(plain, &offset)
    Self.skip(plain, &offset)
    Self.skip(plain, &offset)
    for index in 0..<Self.argument(plain, &offset) {
      if index > 0 { raw(",") }
      operation(plain, &offset, hashes: &hashes)
    }
    raw("]}\n")
  }

  /// The operation at `offset`, which moves behind it.
  mutating func operation(_ plain: [UInt8], _ offset: inout Int, hashes: inout Set<Digest>) {
    let start = bytes.count
    let count = Self.argument(plain, &offset)
    let code = Int(clamping: Self.argument(plain, &offset))
    raw("[\"")
    raw(Self.kinds[min(code, Self.kinds.count - 1)])
    raw("\"")
    for _ in 1..<max(1, count) {
      raw(",")
      item(plain, at: &offset)
    }
    raw("]")
    if code < 5 { collectHashes(from: start, into: &hashes) }
  }

  /// The fields by name, in the order of the names; bytes are hexadecimal.
  mutating func header(_ source: [UInt8]) {
    var offset = 0
    var fields = [ArraySlice<UInt8>](repeating: [], count: Self.fields.count)
    for _ in 0..<Self.argument(source, &offset) {
      let field = Int(clamping: Self.argument(source, &offset))
      let start = offset
      Self.skip(source, &offset)
      if fields.indices.contains(field) { fields[field] = source[start..<offset] }
    }
    raw("{")
    var isFirst = true
    for field in Self.fieldOrder where !fields[field].isEmpty {
      if !isFirst { raw(",") }
      isFirst = false
      raw("\"")
      raw(Self.fields[field])
      raw("\":")
      offset = fields[field].startIndex
      if source[offset] >> 5 == 2 {
        _ = Self.argument(source, &offset)
        raw("\"")
        raw(HexText.encode(source[offset..<fields[field].endIndex]))
        raw("\"")
      } else {
        item(source, at: &offset)
      }
    }
    raw("}")
  }

  /// Moves behind one item of well-formed CBOR.
  static func skip(_ source: [UInt8], _ offset: inout Int) {
    var waiting: UInt64 = 1
    while waiting > 0, offset < source.count {
      waiting -= 1
      let major = source[offset] >> 5
      let argument = argument(source, &offset)
      switch major {
      case 2, 3: offset = min(source.count, offset + Int(clamping: argument))
      case 4: waiting += min(argument, UInt64(source.count))
      case 5: waiting += 2 * min(argument, UInt64(source.count))
      case 6: waiting += 1
      default: break
      }
    }
  }

  /// Every key that the log ever had, a line each.
  mutating func keys(_ history: KeyHistory) {
    raw("[\n")
    for (index, entry) in history.entries.enumerated() {
      if index > 0 { raw(",\n") }
      raw("{\"added\":\(entry.addedBy.rawValue),\"key\":")
      string(entry.key.text)
      raw(",\"revoked\":\(entry.revokedBy.map { "\($0.rawValue)" } ?? "null")")
      raw(",\"role\":\"\(entry.role.rawValue)\",\"vouchers\":")
      list(entry.vouchers.map { Text($0.text) })
      raw("}")
    }
    raw("\n]\n")
  }

  /// Takes in every string of 64 hexadecimal digits: it can be the name of contents.
  func collectHashes(from begin: Int, into found: inout Set<Digest>) {
    var start: Int?
    for index in begin..<bytes.count {
      switch bytes[index] {
      case 0x30...0x39, 0x61...0x66: continue
      case 0x22:
        if let first = start, index - first == 65 {
          let hex = String(decoding: bytes[first + 1..<index], as: UTF8.self)
          if let digest = Digest(hex: hex) { found.insert(digest) }
        }
        start = index
      default: start = nil
      }
    }
  }

  static let fields = [
    "format", "store", "transaction", "committedAt", "actor", "onBehalfOf", "reason", "requestID",
    "toolVersion", "queryHash", "parametersHash", "schemaHash", "operationCount",
    "operationsRoot",
  ]
  private static let fieldOrder = fields.indices.sorted { Text(fields[$0]) < Text(fields[$1]) }
  static let kinds = [
    "", "createNode", "createEdge", "setNodeProperty", "setEdgeProperty", "addLabel",
    "removeLabel", "deleteNode", "deleteEdge", "defineSchema", "createIndex", "dropIndex", "trail",
  ]
}
