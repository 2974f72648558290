// Samples of nodes, and the histograms made of them.

package import Base
import Store

extension GraphView {
  /// How the values of a property are spread over the nodes that have a label at the snapshot. The
  /// same in every run. It walks over the label's bitmaps (about a tenth of a millisecond per
  /// million nodes) and reads `ValueHistogram.sampleSize` values.
  package func histogram(of property: Symbol, label: Symbol) throws -> ValueHistogram {
    let nodes = try sample(label, ValueHistogram.sampleSize)
    var values: [Value] = []
    try gather(property, of: nodes, into: &values)
    return ValueHistogram(asked: nodes.count, values: values)
  }

  /// The properties that nodes had while they had a label, in the order of their symbols.
  package func countedProperties(label: Symbol) throws -> [Symbol] {
    try countedProperties(StatisticKind.nodeValues, label)
  }

  /// The properties that edges of a type had.
  package func countedProperties(type: Symbol) throws -> [Symbol] {
    try countedProperties(StatisticKind.edgeValues, type)
  }

  private func countedProperties(_ kind: UInt8, _ name: Symbol) throws -> [Symbol] {
    let first = StatisticKind.key(kind, name, Symbol(0))
    var found: [Symbol] = []
    var cursor = try reading.cursor(.statistics)
    var isThere = try cursor.seek(first.bytes)
    while isThere, cursor.keyStarts(with: first.prefix(StatisticKind.namePrefixBytes)) {
      guard cursor.key.byteCount == 9 else {
        throw StemmaError.damaged("statistics", "a key has the wrong length")
      }
      found.append(Symbol(cursor.key.big32(5)))
      isThere = try cursor.next()
    }
    return found
  }

  /// One node with a label from each of `parts` equal parts of them, chosen by a generator that
  /// always begins alike, so that nothing regular in the order of nodes is met with again; all
  /// nodes where they are no more than that.
  private func sample(_ label: Symbol, _ parts: Int) throws -> [NodeID] {
    let step = max(1, UInt64(try nodeCount(label: label)) / UInt64(parts))
    var random = SplitMix64(seed: 0)
    var found: [NodeID] = []
    /// How many members come before the part of the bitmap at hand, and which is wanted next.
    var before: UInt64 = 0
    var part: UInt64 = 0
    var wanted = random.next() % step
    var cursor = try reading.cursor(.labels)
    let first = MemberBitmap.key(MemberBitmap.label, label, range: 0)
    var isThere = try cursor.seek(first.bytes)
    while isThere, cursor.keyStarts(with: first.prefix(MemberBitmap.prefixBytes)) {
      let bitmap = cursor.value
      try MemberBitmap.check(bitmap)
      let base = UInt64(cursor.key.big32(5)) << MemberBitmap.rangeShift
      if base >= nodeLimit || found.count >= 2 * parts { break }
      for offset in stride(from: 0, to: MemberBitmap.bytes, by: 8) {
        var word = bitmap.little64(offset)
        let members = UInt64(word.nonzeroBitCount)
        while wanted < before + members {
          for _ in before..<wanted { word &= word - 1 }
          let node = NodeID(base + UInt64(offset * 8 + word.trailingZeroBitCount))
          if node.rawValue < nodeLimit, try hasLabel(label, node) { found.append(node) }
          word = bitmap.little64(offset)
          part += 1
          wanted = part * step + random.next() % step
        }
        before += members
      }
      isThere = try cursor.next()
    }
    return found
  }
}
