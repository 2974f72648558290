// What a reviewer signs: a canonical text that a person can read and that names everything the
// decision is about. Field order is fixed; a change needs a new first line.

public import Base

/// A decision at a gate, ready to be signed.
public struct DecisionStatement: Sendable, Hashable {
  /// The campaign's specification hash: the same proposal key in another store is another thing.
  public var campaign: String
  /// Key of what is decided, such as `P7`.
  public var subject: String
  public var gate: String
  public var action: String
  public var reason: String
  /// The snapshot that the reviewer saw.
  public var transaction: TransactionNumber

  public init(
    campaign: String, subject: String, gate: String, action: String, reason: String,
    transaction: TransactionNumber
  ) {
    self.campaign = campaign
    self.subject = subject
    self.gate = gate
    self.action = action
    self.reason = reason
    self.transaction = transaction
  }

  /// The exact text; line breaks and backslashes in the reason are escaped, so every field is one
  /// line.
  public var text: String {
    """
    stemma decision v1
    campaign: \(campaign)
    subject: \(subject)
    gate: \(gate)
    action: \(action)
    transaction: \(transaction.rawValue)
    reason: \(Self.oneLine(reason))

    """
  }

  static func oneLine(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\u{85}", "\u{2028}", "\u{2029}":
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The signature as base64.
  public func signature(by key: SigningKey) throws -> String {
    Base64.encode(try key.sign(Array(text.utf8)))
  }

  /// Whether a base64 signature over a statement's text belongs to a key.
  public static func verify(text: String, signature: String, by key: VerificationKey) -> Bool {
    guard let bytes = Base64.decode(signature) else { return false }
    return key.verifies(bytes, of: Array(text.utf8))
  }
}
