// One CSV file under its mapping: rows as operations. Every field is read by the type that the
// mapping gives it; an empty field is no property.

import Base
import Graph

/// A file with the columns that its mapping wants.
struct CSVTable: Sendable {
  let name: String
  private let bytes: [UInt8]
  private let columns: [(index: Int, column: CSVMapping.Column)]
  private let places: [Text: Int]
  private let width: Int

  /// Reads the heading, and checks that it has the wanted columns.
  init(
    _ name: String, _ bytes: [UInt8], _ wanted: [CSVMapping.Column], others: [Text]
  ) throws(StemmaError) {
    self.name = name
    self.bytes = bytes
    var reader = CSVReader(bytes)
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
    columns = wanted.map { (places[$0.column]!, $0) }.sorted { $0.0 < $1.0 }
  }

  static func fault(_ fault: CSVFault, _ name: String) -> StemmaError {
    StemmaError(
      .fileUnreadable, fault.message,
      at: .file(path: name, line: fault.line, column: fault.column),
      advice: "nothing was imported; correct the file, or the type in the mapping")
  }

  /// The place of a column that the heading has.
  func place(of column: Text) -> Int { places[column]! }

  /// Calls `body` for each row after the heading.
  func forEachRow(
    _ body: (borrowing CSVReader) throws(CSVFault) -> Void
  ) throws(StemmaError) {
    var reader = CSVReader(bytes)
    do throws(CSVFault) {
      _ = try reader.next()
      while try reader.next() {
        guard reader.fields.count == width else {
          throw CSVFault(
            "the row has \(reader.fields.count) fields, the heading \(width)", reader.line, 1)
        }
        try body(reader)
      }
    } catch {
      throw Self.fault(error, name)
    }
  }

  /// The properties of a row.
  func properties(_ row: borrowing CSVReader) throws(CSVFault) -> [Property] {
    var result: [Property] = []
    result.reserveCapacity(columns.count)
    for (index, column) in columns where !row.fields[index].range.isEmpty {
      guard let value = value(row, index, column.type) else {
        throw CSVFault(
          "the column `\(column.column)` is no \(column.type.rawValue) here", row.line,
          row.column(of: index))
      }
      result.append(Property(column.property, value))
    }
    return result
  }

  private func value(
    _ row: borrowing CSVReader, _ field: Int, _ type: PropertyType.ValueType
  ) -> Value? {
    switch type {
    case .integer: return row.integer(field).map { .integer($0) }
    case .float: return row.float(field).map { .float($0) }
    case .string: return row.text(field).map { .string($0) }
    case .boolean:
      switch row.text(field) {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      default: return nil
      }
    case .date: return row.text(field).flatMap { try? .date(CalendarDate(parsing: $0)) }
    case .dateTime: return row.text(field).flatMap { try? .dateTime(ZonedDateTime(parsing: $0)) }
    default: return nil
    }
  }

  /// A field that names a node; throws where it is empty or not UTF-8.
  func name(_ row: borrowing CSVReader, _ field: Int) throws(CSVFault) -> CSVNodeName {
    if let number = row.integer(field) { return .number(number) }
    guard let text = row.text(field), !text.isEmpty else {
      throw CSVFault("a node is named here", row.line, row.column(of: field))
    }
    return .text(text)
  }
}

/// What a file calls a node.
enum CSVNodeName: Hashable, Sendable {
  case number(Int64)
  case text(Text)
}

/// The nodes of a label by their names in the files, numbered from 0 over all node files. Names
/// that count up from 0, as many files have them, take no memory.
struct CSVNames: Sendable {
  private var first = 0
  private var counted = 0
  private var others: [CSVNodeName: Int] = [:]

  /// Adds a name; false where it is there already.
  mutating func add(_ name: CSVNodeName, _ node: Int) -> Bool {
    if self[name] != nil { return false }
    if counted == 0 { first = node }
    if others.isEmpty, name == .number(Int64(counted)), node == first + counted {
      counted += 1
    } else {
      others[name] = node
    }
    return true
  }

  subscript(name: CSVNodeName) -> Int? {
    if case .number(let number) = name, number >= 0, number < Int64(counted) {
      return first + Int(number)
    }
    return others.isEmpty ? nil : others[name]
  }
}
