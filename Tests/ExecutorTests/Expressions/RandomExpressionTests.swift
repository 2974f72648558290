// Random expressions over random batches: whole columns, filters and single rows must tell the
// same, errors included, whatever the selection and the kinds of the columns.

import Base
import Cypher
import Executor
import Graph
import Planner
import Testing

@Suite struct RandomExpressionTests {
  /// Slots 0 to 4 are columns: integers, floats, booleans, values, values; 5 and 6 are elements.
  struct Generator {
    var random: SplitMix64

    mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    mutating func scalar() -> Value {
      switch below(8) {
      case 0: .null
      case 1: .boolean(below(2) == 0)
      case 2: .float(pick([0.5, -1, .nan, 0, 2]))
      case 3: .text(pick(["a", "b", ""]))
      case 4: .integer(pick([Int64.max, Int64.min, 0]))
      default: .integer(Int64(below(5)) - 2)
      }
    }

    mutating func expression(_ depth: Int) -> BoundExpression {
      if depth == 0 || below(6) == 0 {
        return below(3) == 0 ? .literal(scalar()) : .of(.slot(Slot(below(5))))
      }
      let (left, right) = (expression(depth - 1), expression(depth - 1))
      switch below(15) {
      case 0, 1, 2:
        let comparisons: [ComparisonOperator] = [
          .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
        ]
        return .of(.comparison(pick(comparisons), left, right))
      case 3, 4:
        let operations: [ArithmeticOperator] = [
          .add, .subtract, .multiply, .divide, .modulo, .power,
        ]
        return .of(.arithmetic(pick(operations), left, right))
      case 5: return .of(.and([left, right, condition(depth - 1)]))
      case 6: return .of(.or([left, right]))
      case 7: return .of(.xor(condition(depth - 1), condition(depth - 1)))
      case 8: return .of(.not(condition(depth - 1)))
      case 9: return .of(.isNull(left))
      case 10: return .of(.isIn(left, list: .of(.list([right, .literal(.null)]))))
      case 14:
        // Long and constant: taken as a set.
        let elements = (0..<20).map { _ in scalar() }
        return .of(.isIn(left, list: .literal(.list(elements))))
      case 11: return .of(.call(pick([.coalesce, .nullIf]), [left, right]))
      case 12:
        return .of(
          .listComprehension(
            element: Slot(5), list: .of(.list([left, right])), predicate: nil,
            result: .of(.isNotNull(.of(.slot(Slot(5)))))))
      default:
        return .of(
          .caseOf(
            subject: nil,
            branches: [BoundCaseBranch(condition: condition(depth - 1), result: left)],
            otherwise: right))
      }
    }

    mutating func condition(_ depth: Int) -> BoundExpression {
      .of(.comparison(.less, expression(max(depth, 0)), expression(max(depth, 0))))
    }

    mutating func batch() -> Batch {
      var batch = Batch(slotCount: 5)
      let kinds: [Column.Kind] = [.integers, .floats, .booleans, .values, .values]
      batch.rowCount = below(5) == 0 ? 40 : below(12)
      for (slot, kind) in kinds.enumerated() {
        var column = Column(kind)
        for _ in 0..<batch.rowCount {
          switch kind {
          case _ where below(5) == 0: column.append(.null)
          case .integers: column.append(.integer(Int64(below(7)) - 3))
          case .floats: column.append(.float(pick([0.5, -1, .nan, 0, 2])))
          case .booleans: column.append(.boolean(below(2) == 0))
          default: column.append(scalar())
          }
        }
        batch.columns[slot] = column
      }
      if below(2) == 0 {
        batch.selection = (0..<Int32(batch.rowCount)).filter { _ in random.next() % 2 == 0 }
      }
      return batch
    }
  }

  /// A value for comparison, or the error's message.
  enum Outcome: Equatable {
    case values([String])
    case failure
  }

  @Test func columnsFiltersAndRowsAgree() throws {
    let double = try EvaluationDouble()
    var generator = Generator(random: SplitMix64(seed: 41))
    for _ in 0..<8_000 {
      let expression = generator.expression(3)
      let batch = generator.batch()
      let compiled = try CompiledExpression(expression)
      try double.graph.read { graph in
        let byRow = Self.outcome {
          try Self.rows(batch).map {
            try compiled.value(batch, row: $0, graph, double.context).description
          }
        }
        let byColumn = Self.outcome {
          let column = try compiled.column(batch, graph, double.context)
          return Self.rows(batch).map { column[$0].description }
        }
        #expect(byRow == byColumn, "\(expression.kind)")
        guard case .values(let values) = byRow,
          values.allSatisfy({ $0 == "true" || $0 == "false" || $0 == "null" })
        else { return }
        var filtered = batch
        try compiled.filter(&filtered, graph, double.context)
        let kept = zip(Self.rows(batch), values).filter { $0.1 == "true" }.map(\.0)
        #expect(Self.rows(filtered) == kept, "\(expression.kind)")
      }
    }
  }

  private static func rows(_ batch: Batch) -> [Int] {
    batch.selection?.map { Int($0) } ?? Array(0..<batch.rowCount)
  }

  private static func outcome(_ body: () throws -> [String]) -> Outcome {
    do { return .values(try body()) } catch { return .failure }
  }
}
