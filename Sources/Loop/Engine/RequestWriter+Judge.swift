// The question to a judge: a proposal, and those that are most like it.

import Base
import Models

extension RequestWriter {
  /// Of the difference of each; the proposal's own is as long as a critic's.
  static let candidateDifferenceLimitBytes = 16 << 10

  func judge(
    round: MirrorNode, ordinal: Int, seed: Int64, incumbent: MirrorNode, proposal: MirrorNode,
    candidates: [MirrorNode], objects: some ObjectStore, prompt: String?
  ) throws -> [UInt8] {
    let subject = try description(
      proposal, objects, differenceLimitBytes: Self.differenceLimitBytes)
    let others = try candidates.map { candidate in
      object(
        try description(
          candidate, objects, differenceLimitBytes: Self.candidateDifferenceLimitBytes)
          + [("status", candidate["status"])])
    }
    let members: [(Text, Value?)] = [
      ("proposal", object(subject)), ("candidates", .list(others)),
      ("prompt", prompt.map { .text($0) }),
    ]
    return WrittenJSON.object(
      common("judge", round: round, ordinal: ordinal, seed: seed, incumbent) + .init(members)
    ).bytes
  }
}
