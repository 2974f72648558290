// Comma-separated values as RFC 4180 has them: quoted fields may hold commas, line ends and doubled
// quotes, and other fields have none; lines end in LF or CR LF. It works on bytes and makes no
// string until one is asked for.

import Base
import Graph

/// Reads a file's rows one after another.
struct CSVReader: Sendable {
  /// Where a field lies in the file's bytes.
  struct Field {
    var range: Range<Int>
    /// Whether doubled quotes are to be made single.
    var hasQuotes = false
  }

  let bytes: [UInt8]
  /// Whether all of the bytes are UTF-8: checked at once, which is faster than field by field.
  let isUTF8: Bool
  /// The line at which the current row begins, from 1.
  private(set) var line = 0
  private(set) var fields: [Field] = []
  private var offset = 0
  /// Where the current row begins.
  private(set) var start = 0
  private var nextLine = 1

  /// The byte order mark that spreadsheets put before a text; no part of it.
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Reads whole rows; the first begins at a line. A file may begin with a byte order mark.
  init(_ bytes: [UInt8], line: Int = 1, isWholeFile: Bool = false) {
    self.bytes = bytes
    if isWholeFile, bytes.starts(with: Self.mark) { offset = Self.mark.count }
    isUTF8 = (try? UTF8Span(validating: bytes.span)) != nil
    nextLine = line
  }

  /// Where the next row begins, after a row.
  var end: Int { offset }
  /// The line at which it begins.
  var endLine: Int { nextLine }

  /// Moves to the next row that is not empty; false at the end. A quote that is not closed throws
  /// its line and column.
  mutating func next() throws(CSVFault) -> Bool {
    while offset < bytes.count, bytes[offset] == 10 || bytes[offset] == 13 {
      if bytes[offset] == 10 { nextLine += 1 }
      offset += 1
    }
    guard offset < bytes.count else { return false }
    line = nextLine
    fields.removeAll(keepingCapacity: true)
    let rowStart = offset
    start = offset
    while true {
      try field(rowStart)
      guard offset < bytes.count, bytes[offset] == 44 else { break }
      offset += 1
    }
    if offset < bytes.count, bytes[offset] == 13 { offset += 1 }
    if offset < bytes.count {
      guard bytes[offset] == 10 else {
        throw CSVFault("a quoted field goes on after its quote", line, offset - rowStart + 1)
      }
      offset += 1
      nextLine += 1
    }
    return true
  }

  private mutating func field(_ rowStart: Int) throws(CSVFault) {
    guard offset < bytes.count, bytes[offset] == 34 else {
      let start = offset
      while offset < bytes.count {
        let byte = bytes[offset]
        if byte == 44 || byte == 10 || byte == 13 { break }
        if byte == 34 {
          throw CSVFault(
            "a quote stands in a field that does not begin with one", line, offset - rowStart + 1)
        }
        offset += 1
      }
      fields.append(Field(range: start..<offset))
      return
    }
    let start = offset + 1
    var hasQuotes = false
    offset = start
    while offset < bytes.count {
      if bytes[offset] == 34 {
        guard offset + 1 < bytes.count, bytes[offset + 1] == 34 else {
          fields.append(Field(range: start..<offset, hasQuotes: hasQuotes))
          offset += 1
          return
        }
        hasQuotes = true
        offset += 1
      } else if bytes[offset] == 10 {
        nextLine += 1
      }
      offset += 1
    }
    throw CSVFault("a quote is not closed", line, start - rowStart)
  }

  /// The column, in bytes from 1, at which a field begins.
  func column(of field: Int) -> Int {
    fields[field].range.lowerBound - fields[0].range.lowerBound + 1
  }

  // MARK: Values

  /// Appends a field, which is UTF-8, as the value of a property.
  func appendText(_ field: Int, to part: inout LoadRows) {
    let range = fields[field].range
    part.append(utf8: fields[field].hasQuotes ? unquoted(range)[...] : bytes[range])
  }

  private func unquoted(_ range: Range<Int>) -> [UInt8] {
    var unquoted: [UInt8] = []
    unquoted.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      unquoted.append(bytes[index])
      index += bytes[index] == 34 ? 2 : 1
    }
    return unquoted
  }

  /// A field as text; `nil` where it is not UTF-8.
  func text(_ field: Int) -> Text? {
    let range = fields[field].range
    guard fields[field].hasQuotes else { return Text(validatingUTF8: bytes[range]) }
    return Text(validatingUTF8: unquoted(range))
  }

  /// A field as an integer; `nil` where it is none or does not fit.
  func integer(_ field: Int) -> Int64? {
    var range = fields[field].range
    let isNegative = !range.isEmpty && bytes[range.lowerBound] == 45
    if isNegative { range = range.dropFirst() }
    guard !range.isEmpty, range.count <= 19 else { return nil }
    var number: Int64 = 0
    for index in range {
      let digit = Int64(bytes[index]) - 48
      guard (0...9).contains(digit) else { return nil }
      // Counted down, so that the least integer is one too.
      let (product, overflows) = number.multipliedReportingOverflow(by: 10)
      let (difference, fallsBelow) = product.subtractingReportingOverflow(digit)
      if overflows || fallsBelow { return nil }
      number = difference
    }
    if isNegative { return number }
    return number == .min ? nil : -number
  }

  /// A field as a float, correctly rounded; `nil` where it is none. A number that no float can be
  /// near to is none; `inf` and `nan` are what they say.
  func float(_ field: Int) -> Double? {
    let range = fields[field].range
    if let number = shortFloat(range) { return number }
    let number = Double(String(decoding: bytes[range], as: UTF8.self))
    let hasDigits = bytes[range].contains { (48...57).contains($0) }
    return number?.isFinite == false && hasDigits ? nil : number
  }

  /// Digits with a point and an exponent, where both the digits and the power of ten are exact
  /// floats, so that one division or product is rounded correctly.
  private func shortFloat(_ range: Range<Int>) -> Double? {
    var index = range.lowerBound
    let isNegative = index < range.upperBound && bytes[index] == 45
    if isNegative { index += 1 }
    var digits: UInt64 = 0
    var count = 0
    var scale = 0
    var hasPoint = false
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == 46, !hasPoint {
        hasPoint = true
      } else if (48...57).contains(byte) {
        digits = digits * 10 + UInt64(byte - 48)
        count += 1
        if hasPoint { scale -= 1 }
        if count > 15 { return nil }
      } else {
        break
      }
      index += 1
    }
    guard count > 0 else { return nil }
    if index < range.upperBound {
      guard bytes[index] | 32 == 101, let exponent = smallInteger(index + 1..<range.upperBound)
      else { return nil }
      scale += exponent
    }
    guard (-22...22).contains(scale) else { return nil }
    let magnitude =
      scale < 0 ? Double(digits) / Self.powers[-scale] : Double(digits) * Self.powers[scale]
    return isNegative ? -magnitude : magnitude
  }

  private func smallInteger(_ range: Range<Int>) -> Int? {
    guard let first = range.first else { return nil }
    let hasSign = bytes[first] == 43 || bytes[first] == 45
    let digits = hasSign ? range.dropFirst() : range
    guard (1...3).contains(digits.count) else { return nil }
    var number = 0
    for index in digits {
      guard (48...57).contains(bytes[index]) else { return nil }
      number = number * 10 + Int(bytes[index] - 48)
    }
    return bytes[first] == 45 ? -number : number
  }

  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}

/// What is wrong with a file, and where.
struct CSVFault: Error {
  var message: String
  var line: Int
  var column: Int

  init(_ message: String, _ line: Int, _ column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }
}
