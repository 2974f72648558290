// Keys of records: what people type and read. A key names one node of one store.

/// A key such as `P42`: the kind's prefix and a number.
public struct RecordKey: Sendable, Hashable, CustomStringConvertible {
  public let kind: RecordKind
  public let number: Int

  /// Reads a key; small letters are accepted. `nil` where the prefix is unknown or the rest is no
  /// number from 1.
  public init?(_ text: String) {
    let capitals = text.uppercased()
    let prefix = String(capitals.prefix { $0.isASCII && $0.isLetter })
    let digits = capitals.dropFirst(prefix.count)
    guard let kind = RecordKind.allCases.first(where: { $0.keyPrefix == prefix }),
      !digits.isEmpty, digits.first != "0", digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(digits)
    else { return nil }
    self.kind = kind
    self.number = number
  }

  public var description: String { kind.keyPrefix + String(number) }
}
