// What a runner signs about an eval: an in-toto statement with the hashes of what went in and of
// what came out, and the facts that the eval has. The eval carries statement and signature itself,
// so both are found, exported and checked wherever it is.

public import Base

/// An in-toto Statement v1 (test-result v0.1) about one eval.
public struct EvalStatement: Sendable {
  public typealias Resource = (name: String, sha256: String)

  /// The name of the log; a statement says nothing in another.
  public var log: String
  /// The key of the run that was evaluated.
  public var run: String
  /// What came out: the run's output, the evaluator's answer.
  public var subjects: [Resource]
  /// What went in: code, data, evaluator, environment, command, grants.
  public var inputs: [Resource]
  /// The properties of the eval; those of `measuredNames` count.
  public var facts: [(name: Text, value: Value)]

  public init(
    log: String, run: String, subjects: [Resource], inputs: [Resource],
    facts: [(name: Text, value: Value)]
  ) {
    self.log = log
    self.run = run
    self.subjects = subjects
    self.inputs = inputs
    self.facts = facts
  }

  /// The properties of an eval that its statement repeats, where the eval has them.
  public static let measuredNames: Set<Text> = [
    "metric", "value", "unit", "split", "status", "seed", "items", "commitment", "answerHash",
    "failure",
  ]

  /// The exact text: the payload that is signed.
  public var text: String {
    var json = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":"
    Self.append(subjects, to: &json)
    json += ",\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\","
    let isValid = facts.contains { $0.name == "status" && $0.value == .text("valid") }
    json += "\"predicate\":{\"result\":\"\(isValid ? "PASSED" : "FAILED")\",\"configuration\":"
    Self.append(inputs, to: &json)
    json += ",\"measured\":{\"log\":\(JSONString.quoted(log)),\"run\":\(JSONString.quoted(run))"
    for (name, value) in facts where Self.measuredNames.contains(name) {
      guard let written = Self.written(value) else { continue }
      json += ",\(JSONString.quoted(name.string)):\(written)"
    }
    return json + "}}}"
  }

  private static func append(_ resources: [Resource], to json: inout String) {
    let items = resources.map { resource in
      "{\"name\":\(JSONString.quoted(resource.name)),"
        + "\"digest\":{\"sha256\":\(JSONString.quoted(resource.sha256))}}"
    }
    json += "[" + items.joined(separator: ",") + "]"
  }

  private static func written(_ value: Value) -> String? {
    switch value {
    case .string(let text): JSONString.quoted(text.string)
    case .integer(let number): "\(number)"
    case .float(let number) where number.isFinite: "\(number)"
    case .boolean(let flag): "\(flag)"
    default: nil
    }
  }

  // MARK: Signing

  /// What DSSE v1 signs (in-toto attestation framework).
  private static func message(_ statement: String) -> [UInt8] {
    let payload = Array(statement.utf8)
    return Array("DSSEv1 28 application/vnd.in-toto+json \(payload.count) ".utf8) + payload
  }

  /// `name+hash base64`: which key signed, and its signature.
  public func signature(by key: SigningKey) throws -> String {
    try Self.signature(over: text, by: key)
  }

  /// The same over a statement's text that is there already.
  public static func signature(over text: String, by key: SigningKey) throws -> String {
    let name = "\(key.publicKey.name)+\(key.publicKey.keyHash)"
    let message = message(text)
    let signature = try key.sign(message)
    OwnSignatures.remember(signature, over: message, by: key.publicKey.bytes)
    return name + " " + Base64.encode(signature)
  }

  /// Whether a signature over a statement's text is of one of the keys.
  public static func isSigned(
    _ statement: Text, _ signature: Text, byAnyOf keys: [NoteKey]
  ) -> Bool {
    let words = signature.string.split(
      separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let bytes = Base64.decode(String(words[1])) else { return false }
    return keys.contains { key in
      guard key.kind == NoteKey.Algorithm.ed25519.rawValue,
        words[0] == "\(key.name)+\(key.keyHash)"
      else { return false }
      let message = message(statement.string)
      if OwnSignatures.contains(bytes, over: message, by: key.bytes) { return true }
      return (try? VerificationKey(name: key.name, bytes: key.bytes))?
        .verifies(bytes, of: message) ?? false
    }
  }

  /// The facts that a statement is about, with its log and its run.
  public static func measured(_ statement: Text) throws -> ValueMap {
    let limits = StrictJSON.Limits(bytes: 1 << 20, depth: 16)
    let json = try? StrictJSON.parse(Array(statement.string.utf8), limits: limits)
    guard case .map(let members)? = json, case .map(let predicate)? = members["predicate"],
      case .map(let measured)? = predicate["measured"]
    else { throw StemmaError(.argumentInvalid, "its statement is about no eval") }
    return measured
  }
}
