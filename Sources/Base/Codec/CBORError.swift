// What the CBOR reader refuses, and where.

/// Why bytes are not the deterministic CBOR that was expected.
package struct CBORError: Error, BitwiseCopyable, Hashable, Sendable {
  package enum Reason: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// The bytes end inside an item.
    case truncated
    /// Bytes follow the item.
    case trailing
    /// A valid item in another than the one deterministic form.
    case notDeterministic
    /// An item of another kind was expected here.
    case unexpected
    /// Nested deeper than `CBORReader.depthLimit`.
    case tooDeep
    /// Text that is not UTF-8.
    case notUTF8
    /// A number outside what its place allows.
    case outOfRange
  }

  package var reason: Reason
  /// The offset of the item in bytes.
  package var offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
