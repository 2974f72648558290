// A receipt: one claim with everything that is needed to check it, in one C2SP tlog-proof file. The
// record of the claim is the log's entry; what the header commits to (operation, value, salt) rides
// in the extra data, and so do further records, each with its own path to the same checkpoint.

public import Base
public import Signing

/// A claim with its proof.
public struct Receipt: Sendable {
  /// One disclosed value.
  struct Disclosure: Sendable, Hashable {
    var property: UInt64
    var salt: Digest
    /// The value in CBOR.
    var value: [UInt8]
  }

  /// One operation with its path to the root that the header has.
  struct ProvenOperation: Sendable {
    var number: UInt64
    var form: [UInt8]
    var path: [Digest]
    var disclosures: [Disclosure]
  }

  struct ProvenRecord: Sendable {
    var index: UInt64
    var header: [UInt8]
    var path: [Digest]
    var operations: [ProvenOperation]
  }

  static let title = "c2sp.org/tlog-proof@v1"
  static let extraFormat: UInt64 = 1

  /// What was asked for, such as `E17` or `E17.value`; not proven, a help for readers.
  public var subject: Text
  /// The first is the entry that the file is about.
  var records: [ProvenRecord]
  public var note: SignedNote

  // MARK: Text

  public var rendered: String {
    var text = Self.title + "\nextra " + Base64.encode(extra) + "\nindex \(records[0].index)\n"
    for digest in records[0].path { text += Base64.encode(digest.bytes) + "\n" }
    return text + "\n" + note.rendered
  }

  private var extra: [UInt8] {
    var writer = CBORWriter()
    writer.array(3)
    writer.unsigned(Self.extraFormat)
    writer.text(subject)
    writer.array(records.count)
    for (number, record) in records.enumerated() {
      writer.array(4)
      writer.unsigned(record.index)
      writer.byteString(record.header)
      // The path of the first is in the lines; a second copy could only contradict it.
      writer.digests(number == 0 ? [] : record.path)
      writer.array(record.operations.count)
      for operation in record.operations {
        writer.array(4)
        writer.unsigned(operation.number)
        writer.byteString(operation.form)
        writer.digests(operation.path)
        writer.array(operation.disclosures.count)
        for disclosure in operation.disclosures {
          writer.array(3)
          writer.unsigned(disclosure.property)
          writer.digest(disclosure.salt)
          writer.byteString(disclosure.value)
        }
      }
    }
    return writer.bytes
  }

  /// Reads a file; what it says is not checked yet.
  public init(parsing text: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard let line = lines.popFirst(), line == Self.title else {
      throw Self.malformed("first line")
    }
    guard let line = lines.popFirst(), line.hasPrefix("extra "),
      let extra = Base64.decode(String(line.dropFirst(6)))
    else { throw Self.malformed("extra line: it has no data of Stemma") }
    guard let line = lines.popFirst(), line.hasPrefix("index "),
      let index = UInt64(line.dropFirst(6)), String(index) == line.dropFirst(6)
    else { throw Self.malformed("index line") }
    var path: [Digest] = []
    while let line = lines.popFirst(), !line.isEmpty {
      guard let digest = Base64.decode(String(line)).flatMap({ Digest(bytes: $0) }), path.count < 64
      else { throw Self.malformed("proof line \(path.count + 1)") }
      path.append(digest)
    }
    note = try SignedNote(parsing: lines.joined(separator: "\n"))
    var reader = CBORReader(extra)
    do {
      (subject, records) = try Self.read(&reader)
    } catch {
      throw Self.malformed("extra data: \(error)")
    }
    guard let first = records.first, first.index == index, first.path.isEmpty else {
      throw Self.malformed("extra data: its first record is not the one of the index line")
    }
    records[0].path = path
  }

  private static func read(
    _ reader: inout CBORReader
  ) throws(CBORError) -> (Text, [ProvenRecord]) {
    try reader.array(of: 3)
    guard try reader.unsigned() == extraFormat else { throw CBORError(.unexpected, at: 1) }
    let subject = try reader.text()
    var records: [ProvenRecord] = []
    for _ in 0..<(try reader.array()) {
      try reader.array(of: 4)
      var record = ProvenRecord(
        index: try reader.unsigned(), header: try reader.byteString(), path: try reader.digests(),
        operations: [])
      for _ in 0..<(try reader.array()) { record.operations.append(try operation(&reader)) }
      records.append(record)
    }
    try reader.finish()
    return (subject, records)
  }

  private static func operation(
    _ reader: inout CBORReader
  ) throws(CBORError) -> ProvenOperation {
    try reader.array(of: 4)
    var operation = ProvenOperation(
      number: try reader.unsigned(), form: try reader.byteString(), path: try reader.digests(),
      disclosures: [])
    for _ in 0..<(try reader.array()) {
      try reader.array(of: 3)
      operation.disclosures.append(
        Disclosure(
          property: try reader.unsigned(), salt: try reader.digest(),
          value: try reader.byteString()))
    }
    return operation
  }

  init(subject: Text, records: [ProvenRecord], note: SignedNote) {
    self.subject = subject
    self.records = records
    self.note = note
  }

  private static func malformed(_ what: String) -> StemmaError {
    StemmaError(
      .argumentInvalid, "this is not a receipt: wrong \(what)",
      advice: "`stemma prove KEY -o claim.tlog-proof` writes one")
  }
}

extension CBORWriter {
  fileprivate mutating func digests(_ digests: [Digest]) {
    array(digests.count)
    for digest in digests { self.digest(digest) }
  }
}

extension CBORReader {
  fileprivate mutating func digests() throws(CBORError) -> [Digest] {
    var digests: [Digest] = []
    for _ in 0..<(try array()) { digests.append(try digest()) }
    return digests
  }
}
