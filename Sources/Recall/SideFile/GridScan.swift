// One pass over the grid: the rows nearest to a set of parameters.

import Base

/// Finds the rows of the grid that are nearest to a question.
struct GridScan {
  /// Sums of cells and where they stand. Distances are scaled so that spaces with different numbers
  /// of names compare: the mean over the names of either, times 4,096.
  private struct Hit {
    var distance: Int
    var space: Int64
    var block: Int64
    var row: Int
  }

  let question: ParameterSet
  /// Only nodes below it.
  let limit: UInt64
  let count: Int

  /// Candidates, nearest first; among equals the newest.
  func nodes(_ file: SideFile) throws -> [NodeID] {
    guard !question.isEmpty else { return [] }
    var hits: [Hit] = []
    var spaces: [(id: Int64, names: [String])] = []
    try file.query("SELECT id, names FROM spaces ORDER BY id") { row in
      let names = row.text(1).utf8.split(separator: 0x1F).map { String(Substring($0)) }
      spaces.append((row.integer(0), names))
      return true
    }
    for (space, names) in spaces { try scan(space, names, into: &hits, file) }
    return try resolve(hits, file)
  }

  private func scan(
    _ space: Int64, _ names: [String], into hits: inout [Hit], _ file: SideFile
  ) throws {
    let cells = Dictionary(
      uniqueKeysWithValues: question.entries.map { ($0.name.string, $0.setting) })
    let shared = names.enumerated().compactMap { column, name in
      cells[name].map { (column: column, cell: ParameterGrid.cell(of: $0)) }
    }
    guard !shared.isEmpty else { return }
    let either = names.count + question.entries.count - shared.count
    let missing = (either - shared.count) * ParameterGrid.cellsPerDecade
    let scale = 4_096 / Double(either * ParameterGrid.cellsPerDecade)
    var sums = [UInt16](repeating: 0, count: ParameterGrid.blockRows)
    try file.query(
      """
      SELECT block, rows, cells, last, nodes FROM blocks
      WHERE space = ? AND first < ? ORDER BY block DESC
      """,
      [.integer(space), .integer(Int64(clamping: limit))]
    ) { row in
      // The block that a past snapshot ends in counts only so far.
      let isCut = row.integer(3) >= Int64(clamping: limit)
      let rows =
        isCut
        ? ParameterGrid.nodes(row.bytes(4)).prefix { $0 < limit }.count : Int(row.integer(1))
      try row.withBytes(2) { bytes in
        guard bytes.count >= names.count * ParameterGrid.blockRows else {
          throw SideFileFault(code: 11, message: "a block is too short")
        }
        Self.sum(bytes, shared, into: &sums)
      }
      keep(
        sums, rows: rows, missing: missing, scale: scale,
        Hit(distance: 0, space: space, block: row.integer(0), row: 0), in: &hits)
      return true
    }
  }

  /// Adds up the columns, several rows at a time: plain loops over bytes, which a compiler turns
  /// into vectors. Both are numbers: as many cells as lie between, at most a decade; otherwise they
  /// are equal or far.
  private static func sum(
    _ bytes: UnsafeRawBufferPointer, _ columns: [(column: Int, cell: UInt8)],
    into sums: inout [UInt16]
  ) {
    let far = UInt8(ParameterGrid.cellsPerDecade)
    let first = UInt8(ParameterGrid.firstNumber)
    sums.withUnsafeMutableBufferPointer { sums in
      for place in sums.indices { sums[place] = 0 }
      for (column, mine) in columns {
        let start = column * ParameterGrid.blockRows
        if mine < first {
          for place in 0..<ParameterGrid.blockRows {
            sums[place] &+= UInt16(bytes[start &+ place] == mine ? 0 : far)
          }
        } else {
          for place in 0..<ParameterGrid.blockRows {
            let other = bytes[start &+ place]
            let between = max(other, mine) &- min(other, mine)
            sums[place] &+= UInt16(other < first ? far : min(between, far))
          }
        }
      }
    }
  }

  /// Takes what is nearer than the farthest that is kept. A block's rows are taken newest first.
  private func keep(
    _ sums: [UInt16], rows: Int, missing: Int, scale: Double, _ place: Hit, in hits: inout [Hit]
  ) {
    var bound = hits.count >= count ? hits[count - 1].distance : Int.max
    var fresh: [Hit] = []
    // Sums are small, so each is turned into a distance once.
    let largest = Int(sums.max() ?? 0)
    let distances = (0...largest).map { Int((Double($0 + missing) * scale).rounded()) }
    for row in stride(from: rows - 1, through: 0, by: -1) {
      let distance = distances[Int(sums[row])]
      guard distance < bound else { continue }
      var hit = place
      hit.distance = distance
      hit.row = row
      fresh.append(hit)
      if fresh.count == 4 * count {
        merge(&fresh, into: &hits)
        bound = hits.count >= count ? hits[count - 1].distance : Int.max
      }
    }
    merge(&fresh, into: &hits)
  }

  private func merge(_ fresh: inout [Hit], into hits: inout [Hit]) {
    guard !fresh.isEmpty else { return }
    // Both are in the order in which newer ones come first, and sorting keeps it among equals.
    hits = Array(
      (hits + fresh).enumerated().sorted {
        ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
      }.map(\.element).prefix(count))
    fresh.removeAll(keepingCapacity: true)
  }

  private func resolve(_ hits: [Hit], _ file: SideFile) throws -> [NodeID] {
    var found: [(distance: Int, node: UInt64)] = []
    for hit in hits {
      try file.query(
        "SELECT nodes FROM blocks WHERE space = ? AND block = ?",
        [.integer(hit.space), .integer(hit.block)]
      ) { row in
        row.withBytes(0) { bytes in
          guard bytes.count >= (hit.row + 1) * 8 else { return }
          let node = UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: hit.row * 8, as: UInt64.self))
          if node < limit { found.append((hit.distance, node)) }
        }
        return false
      }
    }
    return found.sorted { ($0.distance, $1.node) < ($1.distance, $0.node) }.map { NodeID($0.node) }
  }
}
