// `there exists a procedure name(in :: INTEGER?) :: (out :: STRING?):` with a table of what it
// answers: the rows whose inputs equal the arguments.

import Base
import Foundation
import Stemma

/// Makes procedures out of tables.
enum ProcedureTable {
  /// The procedure that a step declares.
  static func procedure(_ step: Step) throws -> Procedure {
    let declaration = step.text.dropFirst("there exists a procedure ".count)
    guard let open = declaration.firstIndex(of: "("),
      let close = declaration.firstIndex(of: ")"),
      let outputOpen = declaration[close...].firstIndex(of: "("),
      let outputClose = declaration.lastIndex(of: ")")
    else { throw CellSyntaxError(cell: step.text) }
    let inputs = fields(declaration[declaration.index(after: open)..<close])
    let outputs = fields(
      declaration[declaration.index(after: outputOpen)..<outputClose])
    let header = step.table?.first ?? []
    let rows = try (step.table ?? []).dropFirst().map { row in
      try row.map { try CellValueParser.parse($0) }
    }
    let inputColumns = inputs.compactMap { field in column(field.name, header) }
    let outputColumns = outputs.compactMap { field in column(field.name, header) }
    return Procedure(
      name: Text(declaration[..<open].trimmingCharacters(in: .whitespaces)),
      inputs: inputs, outputs: outputs
    ) { arguments in
      rows.filter { row in
        zip(inputColumns, arguments).allSatisfy { isEqual(row[$0], $1) }
      }.map { row in outputColumns.map { row[$0].parameter ?? .null } }
    }
  }

  private static func column(_ name: Text, _ header: [String]) -> Int? {
    header.firstIndex { Text($0) == name }
  }

  private static func fields(_ text: Substring) -> [Procedure.Field] {
    text.components(separatedBy: ",").compactMap { field in
      let parts = field.components(separatedBy: "::")
      guard parts.count == 2 else { return nil }
      return Procedure.Field(
        name: Text(parts[0].trimmingCharacters(in: .whitespaces)),
        type: parts[1].trimmingCharacters(in: .whitespaces))
    }
  }

  /// Numbers are equal across integers and floats; null equals null here.
  private static func isEqual(_ cell: CellValue, _ argument: Value) -> Bool {
    let value = CellValue(argument, EntityTable())
    switch (cell, value) {
    case (.integer(let left), .float(let right)): return Double(left).bitPattern == right
    case (.float(let left), .integer(let right)): return left == Double(right).bitPattern
    default: return cell == value
    }
  }
}
