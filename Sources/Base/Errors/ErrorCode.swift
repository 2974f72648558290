// Every error code, in one list. Codes are part of the interface: they are added, never changed.
// A code's first word says which part of Stemma speaks and decides the exit code of the programs.

/// A stable error code such as `query.syntax`.
public struct ErrorCode: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  // Queries (exit code 3).
  public static let querySyntax = ErrorCode(rawValue: "query.syntax")
  public static let querySemantics = ErrorCode(rawValue: "query.semantics")
  public static let queryRuntime = ErrorCode(rawValue: "query.runtime")
  public static let queryNotSupported = ErrorCode(rawValue: "query.not-supported")
  public static let queryParameter = ErrorCode(rawValue: "query.parameter")
  public static let queryReadOnly = ErrorCode(rawValue: "query.read-only")

  // Limits that stopped something, and cancellation (exit code 6).
  public static let limitReached = ErrorCode(rawValue: "limit.reached")
  public static let limitCancelled = ErrorCode(rawValue: "limit.cancelled")

  // Schema (exit code 3).
  public static let schemaSyntax = ErrorCode(rawValue: "schema.syntax")
  public static let schemaViolation = ErrorCode(rawValue: "schema.violation")

  // The store (exit code 5; 7 for store.busy, after which a later try may succeed).
  public static let storeMissing = ErrorCode(rawValue: "store.missing")
  public static let storeExists = ErrorCode(rawValue: "store.exists")
  public static let storeDamaged = ErrorCode(rawValue: "store.damaged")
  public static let storeNewer = ErrorCode(rawValue: "store.newer-format")
  public static let storeOlder = ErrorCode(rawValue: "store.older-format")
  public static let storeFull = ErrorCode(rawValue: "store.full")
  public static let storeBusy = ErrorCode(rawValue: "store.busy")
  public static let storeInputOutput = ErrorCode(rawValue: "store.input-output")
  public static let storeReadOnly = ErrorCode(rawValue: "store.read-only")

  // Writes (exit code 3).
  public static let writeRejected = ErrorCode(rawValue: "write.rejected")
  public static let keyNotFound = ErrorCode(rawValue: "key.not-found")

  // Campaigns, gates and the loop (exit code 4).
  public static let campaignInvalid = ErrorCode(rawValue: "campaign.invalid")
  public static let loopState = ErrorCode(rawValue: "loop.state")
  public static let reviewInvalid = ErrorCode(rawValue: "review.invalid")
  public static let providerAnswer = ErrorCode(rawValue: "provider.answer")
  public static let proposalRefused = ErrorCode(rawValue: "proposal.refused")

  // Sandbox and machine (exit code 8).
  public static let sandboxUnavailable = ErrorCode(rawValue: "sandbox.unavailable")
  public static let sandboxFailed = ErrorCode(rawValue: "sandbox.failed")

  // Files and arguments (exit code 2).
  public static let fileUnreadable = ErrorCode(rawValue: "file.unreadable")
  public static let argumentInvalid = ErrorCode(rawValue: "argument.invalid")
}
