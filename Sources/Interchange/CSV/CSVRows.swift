// Where the rows of files are, once these were read and checked: any rows can then be read again
// from a place close before them.

import Base
import Graph

/// What checking a piece of a file found.
struct CSVCheckedPiece: Sendable {
  /// Where a row begins in the file, and at which line.
  struct Mark: Sendable {
    var offset: Int
    var line: Int
  }

  /// Every so many rows have a mark.
  static let markedRows = 512

  private(set) var rowCount = 0
  private(set) var marks: [Mark] = []
  /// What the file calls the nodes, where edges need it.
  var names = CSVNameList()

  /// Notes a row; `start` is where the bytes of its piece begin in the file.
  mutating func note(offset: Int, line: Int) {
    if rowCount % Self.markedRows == 0 { marks.append(Mark(offset: offset, line: line)) }
    rowCount += 1
  }
}

/// The rows of all tables of nodes, or of edges, one after another.
struct CSVRows: Sendable {
  struct Piece: Sendable {
    var table: Int
    /// The number of the first row.
    var first: Int
    var rowCount: Int
    var marks: [CSVCheckedPiece.Mark]
    /// Where the piece ends in the file.
    var end: Int
  }

  private(set) var pieces: [Piece] = []
  private(set) var count = 0

  mutating func append(_ piece: CSVCheckedPiece, table: Int, end: Int) {
    if piece.rowCount == 0 { return }
    pieces.append(
      Piece(
        table: table, first: count, rowCount: piece.rowCount, marks: piece.marks, end: end))
    count += piece.rowCount
  }

  /// The piece that has a row.
  func piece(with row: Int) -> Int {
    var (low, high) = (0, pieces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].first <= row { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of a piece with some of its rows, from the mark before them: where they begin and at
  /// which line, and how many rows come before those.
  func extent(
    of rows: Range<Int>, in piece: Int
  ) -> (bytes: Range<Int>, line: Int, skipped: Int) {
    let piece = pieces[piece]
    let from = max(rows.lowerBound - piece.first, 0)
    let to = min(rows.upperBound - piece.first, piece.rowCount)
    let first = from / CSVCheckedPiece.markedRows
    let last = (to + CSVCheckedPiece.markedRows - 1) / CSVCheckedPiece.markedRows
    let end = last < piece.marks.count ? piece.marks[last].offset : piece.end
    return (
      piece.marks[first].offset..<end, piece.marks[first].line,
      from - first * CSVCheckedPiece.markedRows
    )
  }

  /// The bytes that some rows take, to the next mark.
  func byteCount(of rows: Range<Int>) -> Int {
    if rows.isEmpty { return 0 }
    var total = 0
    for piece in piece(with: rows.lowerBound)...piece(with: rows.upperBound - 1) {
      total += extent(of: rows, in: piece).bytes.count
    }
    return total
  }

  /// Where a row is, and in which column a field of its table.
  func place(
    of row: Int, in tables: [CSVTable], _ field: (_ table: Int) -> Int?
  ) throws -> StemmaError.Place? {
    let number = piece(with: row)
    let table = pieces[number].table
    let extent = extent(of: row..<row + 1, in: number)
    var skipped = extent.skipped
    var found: StemmaError.Place?
    try tables[table].forEachRow(CSVPiece(bytes: extent.bytes, line: extent.line)) { reader, _ in
      if skipped == 0 {
        let column = field(table).map { reader.column(of: $0) } ?? 1
        found = .file(path: tables[table].name, line: reader.line, column: column)
      }
      skipped -= 1
    }
    return found
  }

  /// Reads some rows again; `taker` gives who takes the rows of a table.
  func read<Taker: CSVTaker>(
    _ rows: Range<Int>, from tables: [CSVTable], into part: inout LoadRows,
    _ taker: (_ table: Int) -> Taker
  ) throws {
    if rows.isEmpty { return }
    var left = rows.count
    var current: (table: Int, taker: Taker)?
    for number in piece(with: rows.lowerBound)...piece(with: rows.upperBound - 1) {
      let table = pieces[number].table
      if current?.table != table { current = (table, taker(table)) }
      let extent = extent(of: rows, in: number)
      let end = min(rows.upperBound, pieces[number].first + pieces[number].rowCount)
      var wanted = end - max(rows.lowerBound, pieces[number].first)
      var skipped = extent.skipped
      left -= wanted
      try tables[table].forEachRow(CSVPiece(bytes: extent.bytes, line: extent.line)) { row, _ in
        if skipped > 0 {
          skipped -= 1
        } else if wanted > 0 {
          wanted -= 1
          try current!.taker.take(row, into: &part)
        }
      }
      guard wanted == 0 else { throw CSVTable.changed(tables[table].name) }
    }
  }
}
