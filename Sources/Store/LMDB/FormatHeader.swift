// The first row of `meta`: what says that this is a Stemma store, of which format, which engine
// keeps it, and which store it is. Its bytes are in docs/store-format.md and never change meaning.

internal import Base

/// Format, engine and identity of a store.
package struct FormatHeader: Sendable, Hashable {
  /// "STEMMA\r\n": a text transfer that changes line ends is noticed.
  static let magic: [UInt8] = [0x53, 0x54, 0x45, 0x4D, 0x4D, 0x41, 0x0D, 0x0A]
  /// The key of the header in `meta`, below every other key.
  package static let key: [UInt8] = [0x00]
  /// The newest format that this program knows.
  package static let newestFormat: UInt16 = 4
  /// Formats before this one were never released.
  private static let oldestFormat: UInt16 = 2
  /// From this format on a store may have a journal, without which its tables are not whole.
  static let firstJournalFormat: UInt16 = 3
  /// From this format on small objects are rows of a table.
  private static let firstObjectRowsFormat: UInt16 = 4
  /// LMDB 0.9 files.
  static let engineLMDB: UInt8 = 1

  /// The format of the tables.
  package var format: UInt16
  /// The store's identity, random at creation, sixteen bytes.
  package var uuid: [UInt8]
  /// The program that created it, for people.
  package var writer: String

  package init(uuid: [UInt8], writer: String) {
    precondition(uuid.count == 16, "a store's identity has sixteen bytes")
    format = Self.newestFormat
    self.uuid = uuid
    self.writer = writer
  }

  /// The same store, written anew by this program.
  package var inNewestFormat: FormatHeader {
    var header = self
    header.format = Self.newestFormat
    return header
  }

  /// Whether stores of this format have a table.
  package func has(_ table: Table) -> Bool {
    table != .objects || format >= Self.firstObjectRowsFormat
  }

  /// magic, format (2 bytes, big-endian), engine (1), identity (16), checksum (8), writer (UTF-8 to
  /// the end).
  package var bytes: [UInt8] {
    let start = Self.magic + [UInt8(format >> 8), UInt8(format & 0xFF), Self.engineLMDB] + uuid
    let end = Array(writer.utf8)
    return start + Self.checksum(start, end) + end
  }

  /// Nothing else in a store says what its first writer was, so a wrong bit would go unnoticed.
  private static func checksum(_ start: [UInt8], _ end: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(start + end).bytes.prefix(8))
  }

  /// Reads a header; refuses other files, newer formats and other engines.
  package init(bytes: [UInt8]) throws(StoreError) {
    guard bytes.count >= 35, Array(bytes[0..<8]) == Self.magic else {
      throw StoreError(.notAStore)
    }
    // The checksum is where it is in every format, so that damage is not taken for the future.
    let (start, end) = (Array(bytes[..<27]), Array(bytes[35...]))
    guard Self.checksum(start, end) == Array(bytes[27..<35]) else {
      throw StoreError(.damaged, table: .meta)
    }
    format = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
    guard format > 0 else { throw StoreError(.damaged, table: .meta) }
    if format > Self.newestFormat || bytes[10] != Self.engineLMDB {
      throw StoreError(.newerFormat)
    }
    if format < Self.oldestFormat { throw StoreError(.olderFormat) }
    uuid = Array(bytes[11..<27])
    writer = String(decoding: end, as: UTF8.self)
  }
}
