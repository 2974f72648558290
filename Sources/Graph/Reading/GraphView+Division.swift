// A scan in parts: which identities each part has. The parts follow from the graph alone, so that
// what is put together from them is the same however many threads there are.

package import Base
import Store

extension GraphView {
  /// At most so many parts: enough for the threads of a machine, few enough to put together.
  private static let mostParts: UInt64 = 64
  /// Fewer ranges than this are not worth a thread.
  private static let leastRanges: UInt64 = 4

  /// Runs of whole ranges that together have every node with a label (every node for `nil`), in
  /// order; one run where the nodes are too few to be divided.
  package func division(label: Symbol?) throws -> [Range<UInt64>] {
    let size = UInt64(head.layout.rangeSize)
    let ranges = (nodeLimit + size - 1) / size
    let whole = [0..<nodeLimit]
    guard ranges >= Self.leastRanges else { return whole }
    let step = (ranges + Self.mostParts - 1) / Self.mostParts * size
    var parts: [Range<UInt64>] = []
    var start: UInt64 = 0
    while start < nodeLimit {
      let part = start..<min(nodeLimit, start + step)
      if try label.map({ try hasMembers(of: $0, in: part) }) ?? true { parts.append(part) }
      start += step
    }
    return UInt64(parts.count) * step / size >= Self.leastRanges ? parts : whole
  }

  /// Whether some node of a run of ranges has, or had, a label.
  private func hasMembers(of label: Symbol, in nodes: Range<UInt64>) throws -> Bool {
    let first = MemberBitmap.key(
      MemberBitmap.label, label, range: nodes.lowerBound >> MemberBitmap.rangeShift)
    var cursor = try reading.cursor(.labels)
    guard try cursor.seek(first.bytes),
      cursor.keyStarts(with: first.prefix(MemberBitmap.prefixBytes))
    else { return false }
    return UInt64(cursor.key.big32(5)) << MemberBitmap.rangeShift < nodes.upperBound
  }
}
