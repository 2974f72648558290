// Where runs were carried out, and whether what came out of them may be held against each other.

import Base

extension CampaignState {
  /// Why runs cannot be compared: they happened in environments that differ, and the campaign does
  /// not say that environments may vary. `nil` where they can.
  func conflict(among runs: [MirrorNode]) -> String? {
    guard !campaign.noise.varies.contains(.environment) else { return nil }
    var first: (run: MirrorNode, environment: MirrorNode)?
    for run in runs {
      guard let attempt = attempts(of: run).last,
        let environment = mirror.targets(of: attempt.id, "USES").first(where: {
          $0.label == "Environment"
        })
      else { continue }
      guard let known = first else {
        first = (run, environment)
        continue
      }
      guard environment.text("contentHash") != known.environment.text("contentHash") else {
        continue
      }
      return "\(known.run.key) was carried out in the environment \(known.environment.key), "
        + "\(run.key) in \(environment.key), and 'varies' of [noise] does not name \"environment\""
    }
    return nil
  }
}
