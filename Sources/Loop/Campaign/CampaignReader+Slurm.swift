// The table [slurm] of a campaign file: runs as jobs of a cluster.

import Base
import Glibc

extension CampaignReader {
  func slurm(_ file: inout Section) throws -> SlurmDeclaration? {
    guard var section = try file.section("slurm") else { return nil }
    let text = try section.requiredString("directory", example: "\"/shared/stemma\"")
    let place = section.table["directory"]?.value.place ?? section.table.place
    guard text.hasPrefix("/") else {
      throw errors.failure(
        "'directory' of [slurm] must be absolute: nodes see it under the same path", at: place)
    }
    let directory = try path(text, at: place, isDirectory: true)
    let options = try section.placedStrings("options") ?? []
    for (option, place) in options {
      try refuseOwn(option, at: place)
    }
    let declaration = SlurmDeclaration(
      directory: directory, options: options.map(\.text),
      program: try section.string("program"), commands: try section.string("commands"),
      pollMilliseconds: try section.milliseconds("poll", in: 100...600_000) ?? 5_000,
      evaluatesOnNodes: try section.choice("evaluations", Place.self) == .nodes)
    try section.finish()
    return declaration
  }

  private enum Place: String, CaseIterable { case here, nodes }

  /// Limits, names and outputs of a job are the runner's.
  private func refuseOwn(_ option: String, at place: TOMLPlace) throws {
    let name = String(option.prefix { $0 != "=" && $0 != " " })
    let isShort = !name.hasPrefix("--")
    guard name.hasPrefix("-") else {
      throw errors.failure(
        "'\(option)' is no option of sbatch", at: place,
        advice: "For example: options = [\"--partition=gpu\", \"--gres=gpu:1\"]")
    }
    guard
      !SlurmDeclaration.ownOptions.contains(where: {
        $0 == name || (isShort && !$0.hasPrefix("--") && name.hasPrefix($0))
      })
    else {
      throw errors.failure(
        "the runner gives '\(name)' itself", at: place,
        advice: "Limits come from the budget of [run].")
    }
  }
}
