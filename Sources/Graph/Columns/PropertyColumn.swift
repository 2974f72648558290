// One property of many nodes as a typed array: what loops over numbers want. Values of several
// types, and types that no loop is written for, end up as general values.

package import Base

/// The values of one property, one row per node that was asked for.
package struct PropertyColumn: Sendable {
  /// Which of the arrays has the rows.
  package enum Kind: Sendable { case integers, floats, booleans, values }

  /// What the rows are; `values` where there are none, or nulls only.
  package var kind: Kind { known ?? .values }
  package private(set) var integers: [Int64] = []
  package private(set) var floats: [Double] = []
  package private(set) var booleans: [Bool] = []
  package private(set) var values: [Value] = []
  /// Whether each row is null; empty where none is, and for `values`, which says so itself.
  package private(set) var nulls: [Bool] = []
  package private(set) var count = 0
  private var known: Kind?

  package init() {}

  /// Forgets the rows; the memory is kept.
  package mutating func clear() {
    integers.removeAll(keepingCapacity: true)
    floats.removeAll(keepingCapacity: true)
    booleans.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    nulls.removeAll(keepingCapacity: true)
    count = 0
    known = nil
  }

  /// A row as a general value.
  package subscript(row: Int) -> Value {
    if kind == .values { return values[row] }
    if !nulls.isEmpty, nulls[row] { return .null }
    switch kind {
    case .integers: return .integer(integers[row])
    case .floats: return .float(floats[row])
    case .booleans: return .boolean(booleans[row])
    case .values: return values[row]
    }
  }

  mutating func append(_ value: Value) {
    switch value {
    case .null: appendNull()
    case .integer(let number): append(number)
    case .float(let number): append(number)
    case .boolean(let flag): append(flag)
    default:
      become(.values)
      values.append(value)
      count += 1
    }
  }

  @inline(__always)
  mutating func append(_ number: Int64) {
    if known != .integers { become(.integers) }
    if known == .integers { integers.append(number) } else { values.append(.integer(number)) }
    close(isNull: false)
  }

  @inline(__always)
  mutating func append(_ number: Double) {
    if known != .floats { become(.floats) }
    if known == .floats { floats.append(number) } else { values.append(.float(number)) }
    close(isNull: false)
  }

  mutating func append(_ flag: Bool) {
    if known != .booleans { become(.booleans) }
    if known == .booleans { booleans.append(flag) } else { values.append(.boolean(flag)) }
    close(isNull: false)
  }

  mutating func appendNull() {
    switch known {
    case .integers: integers.append(0)
    case .floats: floats.append(0)
    case .booleans: booleans.append(false)
    case .values, nil: values.append(.null)
    }
    if nulls.isEmpty, known != .values, known != nil {
      nulls.append(contentsOf: repeatElement(false, count: count))
    }
    close(isNull: true)
  }

  @inline(__always)
  private mutating func close(isNull: Bool) {
    if !nulls.isEmpty || isNull, known != .values, known != nil { nulls.append(isNull) }
    count += 1
  }

  /// Makes the rows so far rows of a kind, or general values where they cannot be.
  private mutating func become(_ wanted: Kind) {
    if known == .values || known == wanted { return }
    guard known == nil, wanted != .values else {
      let general = (0..<count).map { self[$0] }
      let rows = count
      clear()
      (values, count, known) = (general, rows, .values)
      return
    }
    // Only nulls so far.
    known = wanted
    values.removeAll(keepingCapacity: true)
    guard count > 0 else { return }
    nulls.append(contentsOf: repeatElement(true, count: count))
    switch wanted {
    case .integers: integers.append(contentsOf: repeatElement(0, count: count))
    case .floats: floats.append(contentsOf: repeatElement(0, count: count))
    case .booleans: booleans.append(contentsOf: repeatElement(false, count: count))
    case .values: break
    }
  }
}
