// One CSV file under its mapping: rows as rows of a load. Every field is read by the type that the
// mapping gives it; an empty field is no property.

import Base
import Graph

/// A file with the columns that its mapping wants.
struct CSVTable: Sendable {
  /// A column that becomes a property.
  private struct Column: Sendable {
    var index: Int
    var name: Text
    var property: Text
    var type: PropertyType.ValueType
  }

  let name: String
  let file: any CSVFile
  /// Where the heading ends, and at which line.
  let headingEnd: (offset: Int, line: Int)
  private let columns: [Column]
  private let places: [Text: Int]
  private let width: Int

  /// A heading is no longer than this.
  private static let headingBytes = 1 << 20
  /// Nor is a row than this.
  private static let rowBytes = 256 << 20

  /// Reads the heading, and checks that it has the wanted columns.
  init(
    _ name: String, _ file: any CSVFile, _ wanted: [CSVMapping.Column], others: [Text]
  ) throws {
    self.name = name
    self.file = file
    var reader = CSVReader(
      try file.bytes(0..<min(file.byteCount, Self.headingBytes)), isWholeFile: true)
    var places: [Text: Int] = [:]
    do throws(CSVFault) {
      guard try reader.next() else { throw CSVFault("the file has no heading", 1, 1) }
      for field in reader.fields.indices {
        guard let text = reader.text(field) else {
          throw CSVFault("the heading is not UTF-8", 1, reader.column(of: field))
        }
        places[text] = field
      }
      for column in wanted.map(\.column) + others where places[column] == nil {
        throw CSVFault("there is no column `\(column)`", 1, 1)
      }
    } catch {
      throw Self.fault(error, name)
    }
    self.places = places
    width = reader.fields.count
    // In the order of the file, so that one mapping gives one record.
    columns = wanted.map {
      Column(index: places[$0.column]!, name: $0.column, property: $0.property, type: $0.type)
    }.sorted { $0.index < $1.index }
    headingEnd = (reader.end, reader.endLine)
  }

  static func fault(_ fault: CSVFault, _ name: String) -> StemmaError {
    StemmaError(
      .fileUnreadable, fault.message,
      at: .file(path: name, line: fault.line, column: fault.column),
      advice: "nothing was imported; correct the file, or the type in the mapping")
  }

  /// The fault of a file that is not what was checked.
  static func changed(_ name: String) -> StemmaError {
    StemmaError(
      .fileUnreadable, "the file changed while it was imported",
      at: .file(path: name, line: nil, column: nil), advice: "nothing was imported; try again")
  }

  /// The place of a column that the heading has.
  func place(of column: Text) -> Int { places[column]! }

  /// The place of the column that becomes a property; `nil` where none does.
  func place(ofProperty name: Text) -> Int? { columns.first { $0.property == name }?.index }

  /// The names of the properties that are `present`, in their order.
  func names(_ present: [Bool]) -> [Text] {
    columns.indices.filter { present[$0] }.map { columns[$0].property }
  }

  var columnCount: Int { columns.count }

  // MARK: Rows

  /// Calls `body` for each row of a piece, with where it begins in the file.
  func forEachRow(
    _ piece: CSVPiece, _ body: (borrowing CSVReader, _ offset: Int) throws -> Void
  ) throws {
    let (range, line) = (piece.bytes, piece.line)
    guard range.count <= Self.rowBytes else {
      throw Self.fault(
        CSVFault("a row has more than \(Self.rowBytes >> 20) MiB: a quote may be missing", line, 1),
        name)
    }
    var reader = CSVReader(try file.bytes(range), line: line)
    do {
      while try reader.next() {
        guard reader.fields.count == width else {
          throw CSVFault(
            "the row has \(reader.fields.count) fields, the heading \(width)", reader.line, 1)
        }
        try body(reader, range.lowerBound + reader.start)
      }
    } catch let fault as CSVFault {
      throw Self.fault(fault, name)
    }
  }

  /// Checks the properties of a row.
  func check(_ row: borrowing CSVReader) throws(CSVFault) {
    for column in columns where !row.fields[column.index].range.isEmpty {
      let isFitting =
        switch column.type {
        case .integer: row.integer(column.index) != nil
        case .float: row.float(column.index) != nil
        case .string: row.isUTF8 || row.text(column.index) != nil
        default: value(row, column) != nil
        }
      guard isFitting else { throw unfitting(row, column) }
    }
  }

  /// Appends the properties of a row, and says which there are.
  func append(
    _ row: borrowing CSVReader, to part: inout LoadRows, present: inout [Bool]
  ) throws {
    for (place, column) in columns.enumerated() {
      let field = column.index
      present[place] = !row.fields[field].range.isEmpty
      if !present[place] { continue }
      switch column.type {
      case .integer:
        guard let number = row.integer(field) else { throw unfitting(row, column) }
        part.append(number)
      case .float:
        guard let number = row.float(field) else { throw unfitting(row, column) }
        part.append(number)
      case .string:
        guard row.isUTF8 || row.text(field) != nil else { throw unfitting(row, column) }
        if column.property == ImportedStanding.property,
          ImportedStanding.isForeign(row.text(field))
        {
          try part.append(.string(ImportedStanding.claimed))
        } else {
          row.appendText(field, to: &part)
        }
      default:
        guard let value = value(row, column) else { throw unfitting(row, column) }
        try part.append(value)
      }
    }
  }

  private func unfitting(_ row: borrowing CSVReader, _ column: Column) -> CSVFault {
    CSVFault(
      "the column `\(column.name)` is no \(column.type.rawValue) here", row.line,
      row.column(of: column.index))
  }

  private func value(_ row: borrowing CSVReader, _ column: Column) -> Value? {
    guard let text = row.text(column.index) else { return nil }
    switch column.type {
    case .boolean:
      switch text {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      default: return nil
      }
    case .date: return try? .date(CalendarDate(parsing: text))
    case .dateTime: return try? .dateTime(ZonedDateTime(parsing: text))
    default: return nil
    }
  }

  /// A field that names a node; throws where it is empty.
  func nodeName(_ row: borrowing CSVReader, _ field: Int) throws(CSVFault) -> CSVNodeName {
    if let number = row.integer(field) { return .number(number) }
    guard let text = row.text(field), !text.isEmpty else {
      throw CSVFault("a node is named here", row.line, row.column(of: field))
    }
    return .text(text)
  }
}
