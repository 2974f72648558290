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
    var pairs = common("judge", round: round, ordinal: ordinal, seed: seed, incumbent)
    let subject = try description(
      proposal, objects, differenceLimitBytes: Self.differenceLimitBytes)
    let others = try candidates.map { candidate in
      object(
        try description(
          candidate, objects, differenceLimitBytes: Self.candidateDifferenceLimitBytes)
          + [("status", candidate["status"])])
    }
    pairs.append(("proposal", object(subject)))
    pairs.append(("candidates", .list(others)))
    pairs.append(("prompt", prompt.map { .text($0) }))
    return JSONWriter.bytes(object(pairs))
  }
}
