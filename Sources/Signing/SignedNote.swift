// Notes signed by one or more keys, after C2SP signed-note v1: a text, an empty line, a line per
// signature. Reading is strict in form and indifferent to signatures it does not know.

import Base

/// A text with its signatures.
public struct SignedNote: Sendable, Hashable {
  /// Ends with a line break; the signatures are over exactly these bytes.
  public let text: String
  public private(set) var signatures: [NoteSignature]

  /// More than C2SP asks of a verifier, and enough for sixteen post-quantum signatures.
  static let signatureLimit = 64
  static let sizeLimitBytes = 1 << 20

  /// A note without signatures yet. Throws `argument.invalid` for a text that a note cannot have.
  public init(text: String) throws {
    guard text.hasSuffix("\n"), Self.isPlain(text) else { throw Self.malformed("its text") }
    self.text = text
    signatures = []
  }

  /// Reads a note.
  public init(parsing note: String) throws {
    guard note.utf8.count <= Self.sizeLimitBytes, Self.isPlain(note), note.hasSuffix("\n") else {
      throw Self.malformed("its form")
    }
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard let blank = lines.lastIndex(where: \.isEmpty), blank > lines.startIndex,
      blank < lines.index(before: lines.endIndex)
    else { throw Self.malformed("the empty line before its signatures") }
    text = lines[..<blank].map { $0 + "\n" }.joined()
    let found = lines[(blank + 1)...]
    guard found.count <= Self.signatureLimit else { throw Self.malformed("too many signatures") }
    signatures = try found.map { line in
      guard let signature = NoteSignature(line: String(line)) else {
        throw Self.malformed("a signature line")
      }
      return signature
    }
  }

  /// The note as it is written down.
  public var rendered: String {
    text + "\n" + signatures.map { $0.line + "\n" }.joined()
  }

  /// Adds a signature; a line that is there already is not repeated.
  public mutating func add(_ signature: NoteSignature) {
    if !signatures.contains(signature) { signatures.append(signature) }
  }

  /// Adds the signature of an Ed25519 key.
  public mutating func sign(with key: SigningKey) throws {
    add(
      NoteSignature(
        name: key.publicKey.name, keyHash: key.publicKey.keyHash,
        bytes: try key.sign(Array(text.utf8))))
  }

  /// What the signatures of known keys say. Signatures of others are ignored, as C2SP demands.
  public func check(by keys: [NoteKey]) -> [(key: NoteKey, outcome: NoteKey.Outcome)] {
    var outcomes: [(key: NoteKey, outcome: NoteKey.Outcome)] = []
    for key in keys {
      for signature in signatures
      where signature.name == key.name
        && signature.keyHash == key.keyHash
      {
        outcomes.append((key, key.check(signature, of: text)))
      }
    }
    return outcomes
  }

  /// Whether a known key signed and no known key's signature is wrong.
  public func isSigned(byAnyOf keys: [NoteKey]) -> Bool {
    let outcomes = check(by: keys).map(\.outcome)
    return outcomes.contains { $0.isValid } && !outcomes.contains(.wrong)
  }

  /// No control characters but line breaks.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 || $0 == 10 }
  }

  private static func malformed(_ what: String) -> StemmaError {
    StemmaError(
      .argumentInvalid, "this is not a signed note: \(what) is wrong",
      advice: "a note is a text, an empty line, and lines that start with a dash and a key's name")
  }
}

/// One signature line.
public struct NoteSignature: Sendable, Hashable {
  public let name: String
  /// Eight hexadecimal digits.
  public let keyHash: String
  public let bytes: [UInt8]

  public init(name: String, keyHash: String, bytes: [UInt8]) {
    self.name = name
    self.keyHash = keyHash
    self.bytes = bytes
  }

  /// Reads `— name base64`; `nil` for anything else.
  public init?(line: String) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "\u{2014}", !parts[1].isEmpty, !parts[1].contains("+"),
      !parts[1].unicodeScalars.contains(where: \.properties.isWhitespace),
      let data = Base64.decode(String(parts[2])), data.count > 4
    else { return nil }
    name = String(parts[1])
    keyHash = HexText.encode(data[..<4])
    bytes = Array(data[4...])
  }

  public var line: String {
    var identity: [UInt8] = []
    var number = UInt32(keyHash, radix: 16) ?? 0
    for _ in 0..<4 {
      identity.append(UInt8(number >> 24))
      number <<= 8
    }
    return "\u{2014} \(name) " + Base64.encode(identity + bytes)
  }
}
