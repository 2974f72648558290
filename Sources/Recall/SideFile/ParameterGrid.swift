// Parameters of all proposals on a coarse grid, one byte per value, so that the nearest among a
// million are found by one pass over a few megabytes (an approximation file; Weber, Schek and Blott
// 1998). What is found here are candidates; their exact distance is taken from the graph.

import Base
import Glibc

/// The grid in the side file: per set of names, blocks of columns.
enum ParameterGrid {
  static let blockRows = 4_096
  /// Cells per factor of ten, which is as far apart as two numbers can be.
  static let cellsPerDecade = 12
  static let firstNumber = 64

  static let schema = """
    CREATE TABLE spaces (id INTEGER PRIMARY KEY, names TEXT UNIQUE NOT NULL);
    CREATE TABLE blocks (
      space INTEGER, block INTEGER, rows INTEGER, first INTEGER, last INTEGER,
      nodes BLOB, cells BLOB, PRIMARY KEY (space, block));
    """

  /// Positive numbers lie on a logarithmic scale from 64 on; zero, negative numbers and words are
  /// told apart only by being equal or not. Two values in one cell may differ.
  static func cell(of setting: ParameterSet.Setting) -> UInt8 {
    switch setting {
    case .number(let number) where number > 0:
      let place = (log10(number) + 7) * Double(cellsPerDecade)
      return UInt8(clamping: firstNumber + Int(max(0, min(191, place))))
    case .number(0): return 1
    case .number(let number): return other(number.bitPattern)
    case .word(let word):
      return other(
        word.string.utf8.reduce(14_695_981_039_346_656_037) {
          ($0 ^ UInt64($1)) &* 1_099_511_628_211
        })
    }
  }

  private static func other(_ hash: UInt64) -> UInt8 {
    UInt8(2 + (hash ^ hash >> 29) % UInt64(firstNumber - 2))
  }

  // MARK: Writing

  /// Gathers proposals and writes whole blocks.
  struct Writer {
    private struct Block {
      var number: Int64
      var nodes: [UInt64]
      /// Column after column, each with room for all rows.
      var cells: [UInt8]
    }

    private var spaces: [String: Int64] = [:]
    private var blocks: [Int64: Block] = [:]

    mutating func add(_ node: NodeID, _ parameters: ParameterSet, to file: SideFile) throws {
      guard !parameters.isEmpty else { return }
      let names = parameters.entries.map(\.name.string)
      let space = try self.space(names.joined(separator: "\u{1F}"), file)
      var block = try blocks.removeValue(forKey: space) ?? last(of: space, names.count, file)
      if block.nodes.count == ParameterGrid.blockRows {
        try write(block, of: space, to: file)
        block = Block(
          number: block.number + 1, nodes: [],
          cells: [UInt8](repeating: 0, count: names.count * ParameterGrid.blockRows))
      }
      for (column, entry) in parameters.entries.enumerated() {
        block.cells[column * ParameterGrid.blockRows + block.nodes.count] =
          ParameterGrid.cell(of: entry.setting)
      }
      block.nodes.append(node.rawValue)
      blocks[space] = block
    }

    private mutating func space(_ names: String, _ file: SideFile) throws -> Int64 {
      if let known = spaces[names] { return known }
      try file.run("INSERT OR IGNORE INTO spaces (names) VALUES (?)", [.text(names)])
      let space = try file.number("SELECT id FROM spaces WHERE names = ?", [.text(names)]) ?? 0
      spaces[names] = space
      return space
    }

    private func last(of space: Int64, _ columns: Int, _ file: SideFile) throws -> Block {
      var block = Block(
        number: 0, nodes: [],
        cells: [UInt8](repeating: 0, count: columns * ParameterGrid.blockRows))
      try file.query(
        "SELECT block, nodes, cells FROM blocks WHERE space = ? ORDER BY block DESC LIMIT 1",
        [.integer(space)]
      ) { row in
        block = Block(
          number: row.integer(0), nodes: ParameterGrid.nodes(row.bytes(1)), cells: row.bytes(2))
        return false
      }
      return block
    }

    private func write(_ block: Block, of space: Int64, to file: SideFile) throws {
      let nodes = block.nodes.flatMap { node in
        (0..<8).map { UInt8(truncatingIfNeeded: node >> (8 * UInt64($0))) }
      }
      try file.run(
        "INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
          .integer(space), .integer(block.number), .integer(Int64(block.nodes.count)),
          .integer(Int64(block.nodes.first ?? 0)), .integer(Int64(block.nodes.last ?? 0)),
          .bytes(nodes), .bytes(block.cells),
        ])
    }

    mutating func flush(to file: SideFile) throws {
      for (space, block) in blocks.sorted(by: { $0.key < $1.key }) {
        try write(block, of: space, to: file)
      }
      blocks.removeAll()
    }
  }

  static func nodes(_ bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count - 7, by: 8).map { place in
      (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
    }
  }
}
