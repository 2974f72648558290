// Divides a file into pieces of whole rows, without reading it row by row: a place lies within
// quotes where the number of quotes before it is odd, since fields without quotes around them have
// none. Pieces can then be read beside each other.

import Base
import Graph

/// Some rows of a file.
struct CSVPiece: Sendable {
  /// Whole rows, to the end of the last.
  var bytes: Range<Int>
  /// The line at which the first begins, from 1.
  var line: Int
}

/// What a first look at some bytes of a file finds.
private struct CSVGlance: Sendable {
  var quotes = 0
  var lines = 0
  /// The first beginning of a row, and how many lines end before it, if the bytes begin outside of
  /// quotes, and if they begin within.
  var starts: [(offset: Int, lines: Int)?] = [nil, nil]
  var digest = Digest(hex: String(repeating: "0", count: 64))!

  init(_ bytes: [UInt8]) {
    digest = SHA256.hash(bytes)
    (quotes, lines) = Self.counts(bytes)
    var isQuoted = false
    var before = 0
    let span = bytes.span
    for index in span.indices {
      if span[index] == 34 {
        isQuoted.toggle()
      } else if span[index] == 10 {
        before += 1
        let start = isQuoted ? 1 : 0
        if starts[start] == nil { starts[start] = (index + 1, before) }
        if quotes == 0 || starts[1 - start] != nil { break }
      }
    }
  }

  /// A look at lines in which quotes mean nothing.
  init(lines bytes: [UInt8]) {
    digest = SHA256.hash(bytes)
    lines = Self.counts(bytes).lines
    starts[0] = bytes.firstIndex(of: 10).map { ($0 + 1, 1) }
  }

  /// Quotes and line ends, eight bytes at a time.
  private static func counts(_ bytes: [UInt8]) -> (quotes: Int, lines: Int) {
    let span = bytes.span.bytes
    var (quotes, lines) = (0, 0)
    var offset = 0
    while offset + 8 <= span.byteCount {
      let word = span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      quotes &+= zeros(word ^ 0x2222_2222_2222_2222)
      lines &+= zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A)
      offset += 8
    }
    for byte in bytes[offset...] {
      quotes += byte == 34 ? 1 : 0
      lines += byte == 10 ? 1 : 0
    }
    return (quotes, lines)
  }

  /// How many bytes of a word are zero.
  @inline(__always)
  private static func zeros(_ word: UInt64) -> Int {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return (~(((word & low) &+ low) | word | low)).nonzeroBitCount
  }
}

/// A file divided.
struct CSVDivision: Sendable {
  private(set) var pieces: [CSVPiece] = []
  /// Of the contents.
  private(set) var digest: Digest

  /// Pieces have about so many bytes.
  private static let pieceBytes = 1 << 20

  /// Divides each file after its heading, which ends at an offset and a line.
  static func of(
    _ files: [(file: any CSVFile, heading: Int, line: Int)]
  ) throws -> [CSVDivision] {
    let parts = files.enumerated().flatMap { number, entry in
      stride(from: 0, to: entry.file.byteCount, by: pieceBytes).map { (number, $0) }
    }
    let glances = LoadWork.map(parts.count) { index in
      Result {
        let (number, start) = parts[index]
        let file = files[number].file
        let bytes = try file.bytes(start..<min(file.byteCount, start + pieceBytes))
        return CSVGlance(bytes)
      }
    }
    var found = [[CSVGlance]](repeating: [], count: files.count)
    for (part, glance) in zip(parts, glances) { found[part.0].append(try glance.get()) }
    return zip(files, found).map { entry, glances in
      CSVDivision(glances, entry.file.byteCount, after: entry.heading, line: entry.line)
    }
  }

  /// Divides a file of lines in which quotes mean nothing.
  static func ofLines(_ file: any CSVFile) throws -> CSVDivision {
    let count = (file.byteCount + linesBytes - 1) / linesBytes
    let glances = LoadWork.map(count) { index in
      Result {
        let start = index * linesBytes
        return CSVGlance(
          lines: try file.bytes(start..<min(file.byteCount, start + linesBytes)))
      }
    }
    return CSVDivision(
      try glances.map { try $0.get() }, file.byteCount, after: 0, line: 1, pieceBytes: linesBytes)
  }

  /// Pieces of lines are smaller: they are read whole for some of them.
  private static let linesBytes = 1 << 18

  private init(
    _ glances: [CSVGlance], _ byteCount: Int, after heading: Int, line: Int,
    pieceBytes: Int = Self.pieceBytes
  ) {
    var contents = SHA256()
    var (quotes, lines) = (0, 0)
    var starts: [(offset: Int, line: Int)] = [(heading, line)]
    for (index, glance) in glances.enumerated() {
      contents.update(glance.digest.bytes)
      if index > 0, let start = glance.starts[quotes & 1] {
        let offset = index * pieceBytes + start.offset
        if offset > heading, offset < byteCount {
          starts.append((offset, lines + start.lines + 1))
        }
      }
      quotes += glance.quotes
      lines += glance.lines
    }
    digest = contents.digest()
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1].offset : byteCount
      if start.offset < end {
        pieces.append(CSVPiece(bytes: start.offset..<end, line: start.line))
      }
    }
  }
}
