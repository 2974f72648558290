// One pass over the grid: the rows nearest to a set of parameters, sixteen at a time.

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

  private static func sum(
    _ bytes: UnsafeRawBufferPointer, _ shared: [(column: Int, cell: UInt8)],
    into sums: inout [UInt16]
  ) {
    let far = SIMD16<UInt8>(repeating: UInt8(ParameterGrid.cellsPerDecade))
    sums.withUnsafeMutableBytes { sums in
      for place in stride(from: 0, to: ParameterGrid.blockRows, by: 16) {
        var total = SIMD16<UInt16>(repeating: 0)
        for (column, cell) in shared {
          let theirs = bytes.loadUnaligned(
            fromByteOffset: column * ParameterGrid.blockRows + place, as: SIMD16<UInt8>.self)
          let mine = SIMD16<UInt8>(repeating: cell)
          // Both on the scale of numbers: as many cells as lie between; else equal or far.
          let above = theirs &- mine
          let below = mine &- theirs
          var apart = above.replacing(with: below, where: theirs .< mine)
          apart.replace(with: far, where: apart .> far)
          let isCoarse = (theirs .< 64) .| (mine .< 64)
          apart.replace(with: far, where: isCoarse .& (theirs .!= mine))
          total &+= SIMD16<UInt16>(truncatingIfNeeded: apart)
        }
        sums.storeBytes(of: total, toByteOffset: place * 2, as: SIMD16<UInt16>.self)
      }
    }
  }

  /// Takes what is nearer than the farthest that is kept. A block's rows are taken newest first.
  private func keep(
    _ sums: [UInt16], rows: Int, missing: Int, scale: Double, _ place: Hit, in hits: inout [Hit]
  ) {
    var bound = hits.count >= count ? hits[count - 1].distance : Int.max
    var fresh: [Hit] = []
    for row in stride(from: rows - 1, through: 0, by: -1) {
      let distance = Int((Double(Int(sums[row]) + missing) * scale).rounded())
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
    var known: [[Int64]: [UInt64]] = [:]
    var found: [(distance: Int, node: UInt64)] = []
    for hit in hits {
      let place = [hit.space, hit.block]
      if known[place] == nil {
        try file.query(
          "SELECT nodes FROM blocks WHERE space = ? AND block = ?", place.map { .integer($0) }
        ) { row in
          known[place] = ParameterGrid.nodes(row.bytes(0))
          return false
        }
      }
      guard let nodes = known[place], hit.row < nodes.count, nodes[hit.row] < limit else {
        continue
      }
      found.append((hit.distance, nodes[hit.row]))
    }
    return found.sorted { ($0.distance, $1.node) < ($1.distance, $0.node) }.map { NodeID($0.node) }
  }
}
