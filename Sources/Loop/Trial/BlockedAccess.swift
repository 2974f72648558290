// What a sandbox refused a program, read from what the program said of it, and the line of the
// campaign file that would grant it. Words of a program are untrusted: they only become advice, and
// no line is proposed that would show more than the program asked for.

import Base
import Glibc
import Sandbox

/// Something that a program wanted and did not get.
public struct BlockedAccess: Sendable, Hashable {
  /// What it was, as one sentence.
  public var what: String
  /// The line that would grant it; `nil` where nothing does.
  public var line: String?
  /// The table of the campaign file that the line belongs to; empty for its top.
  public var table: String
  /// What to do where no line helps, or besides it.
  public var advice: String?
  /// Where it lies in the source's folder, which leaves it out; `nil` for anything else.
  public var placeInSource: String?

  init(_ what: String, line: String? = nil, in table: String = "run", advice: String? = nil) {
    self.what = what
    self.line = line
    self.table = table
    self.advice = advice
  }

  /// Everything that an outcome tells of, each once.
  static func all(in outcome: SandboxOutcome, of campaign: Campaign) -> [BlockedAccess] {
    let reader = BlockedAccessReader(campaign: campaign, outcome: outcome)
    var found = reader.budgets()
    if outcome.status != .exited || outcome.exitCode != 0 { found += reader.complaints() }
    var seen: Set<BlockedAccess> = []
    return found.filter { seen.insert($0).inserted }
  }
}

/// Looks for the ways in which programs tell of a refusal.
private struct BlockedAccessReader {
  let campaign: Campaign
  let outcome: SandboxOutcome

  private var lines: [String] {
    String(decoding: outcome.log, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init)
  }

  // MARK: Budgets

  func budgets() -> [BlockedAccess] {
    let budget = campaign.run.budget
    guard let exceeded = outcome.exceeded else { return [] }
    let doubled: [SandboxOutcome.Budget: String] = [
      .wall: "wall = \"\(budget.wallMilliseconds / 500)s\"",
      .cpu: "cpu = \"\(budget.cpuMilliseconds / 500)s\"",
      .memory: "memory = \"\(max(1, budget.memoryBytes >> 19))MiB\"",
      .processes: "processes = \(budget.processes * 2)",
      .disk: "disk = \"\(max(1, budget.diskBytes >> 19))MiB\"",
      .inodes: "inodes = \(budget.inodes * 2)",
      .log: "log = \"\(max(1, budget.logBytes >> 19))MiB\"",
    ]
    return [
      BlockedAccess(
        "it was ended by its budget: \(outcome.message ?? exceeded.rawValue)",
        line: doubled[exceeded], in: "run.budget")
    ]
  }

  // MARK: What it said

  func complaints() -> [BlockedAccess] {
    lines.flatMap { line in
      [missingFile, unwritable, network, module, variable, other].compactMap { $0(line) }
    }
  }

  private func missingFile(_ line: String) -> BlockedAccess? {
    let words = ["No such file or directory", "does not exist", "not found", "cannot open"]
    guard words.contains(where: line.contains) else { return nil }
    for path in quoted(in: line) {
      if path.hasPrefix("/") {
        guard FilePaths.kind(of: path) != .missing else { continue }
        return BlockedAccess(
          "\(path) is not seen inside", line: "read_only = [\(Self.toml(path))]")
      }
      guard TreePath.isValid(path) else { continue }
      if let found = leftOut(path) { return found }
    }
    return nil
  }

  /// A file that is there in the source's folder but was not captured.
  private func leftOut(_ path: String) -> BlockedAccess? {
    let parts = path.split(separator: "/")
    for end in parts.indices {
      let place = parts[...end].joined(separator: "/")
      let full = campaign.source.directory + "/" + place
      guard FilePaths.kind(of: full) != .missing else { return nil }
      guard campaign.source.leavesOut(full) else { continue }
      var blocked = BlockedAccess(
        "\(place) is left out of the source",
        line: "references = [{ name = \(Self.toml(place)), path = \(Self.toml(full)), "
          + "at = \(Self.toml(place)) }]", in: "",
        advice: "or take it out of 'exclude' of [source], where it is small and belongs to the code"
      )
      blocked.placeInSource = place
      return blocked
    }
    return nil
  }

  private func unwritable(_ line: String) -> BlockedAccess? {
    let isRefused = line.contains("Read-only file system") || line.contains("Permission denied")
    guard isRefused, let path = quoted(in: line).first(where: { $0.hasPrefix("/") }) else {
      return nil
    }
    return BlockedAccess(
      "\(path) cannot be written",
      advice: "only the working folder and /tmp can: give the program {output}, or say where by a "
        + "variable, such as environment = { XDG_CACHE_HOME = \"/tmp\" }")
  }

  private func network(_ line: String) -> BlockedAccess? {
    let words = [
      "Name or service not known", "Temporary failure in name resolution", "Network is unreachable",
      "Could not resolve host", "Max retries exceeded", "urlopen error", "nodename nor servname",
    ]
    guard words.contains(where: line.contains) else { return nil }
    return BlockedAccess(
      "it asked the network",
      advice: "nothing grants that: download first, and show the folder with "
        + "read_only = [\"FOLDER\"] in [run]")
  }

  private func module(_ line: String) -> BlockedAccess? {
    let mark = "ModuleNotFoundError: No module named "
    guard line.hasPrefix(mark) else { return nil }
    let name = quoted(in: line).first ?? "it"
    guard let folder = campaign.environment.folder else {
      return BlockedAccess(
        "the module \(name) is not in the system's Python", line: "folder = \"PATH OF A VENV\"",
        in: "environment")
    }
    return BlockedAccess(
      "the module \(name) is not in the environment",
      advice: "install it there: \(folder)/bin/python -m pip install \(name)")
  }

  /// Variables that a program takes from its environment.
  private func variable(_ line: String) -> BlockedAccess? {
    guard line.hasPrefix("KeyError: "), let name = quoted(in: line).first,
      Placeholders.isName(name), name == name.uppercased(), let value = getenv(name)
    else { return nil }
    let secrets = ["KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL"]
    guard !secrets.contains(where: name.contains) else {
      return BlockedAccess(
        "the variable \(name) is not set inside",
        advice: "it looks like a secret, and what a run knows it can leave behind")
    }
    return BlockedAccess(
      "the variable \(name) is not set inside",
      line: "environment = { \(name) = \(Self.toml(String(cString: value))) }")
  }

  private func other(_ line: String) -> BlockedAccess? {
    let budget = campaign.run.budget
    if line.contains("No space left on device") {
      return BlockedAccess(
        "its disk was full", line: "disk = \"\(max(1, budget.diskBytes >> 19))MiB\"",
        in: "run.budget")
    }
    if line.contains("Too many open files") {
      return BlockedAccess(
        "it had too many files open", line: "open_files = \(budget.openFiles * 2)",
        in: "run.budget")
    }
    let forks = ["can't start new thread", "fork: retry", "Resource temporarily unavailable"]
    if forks.contains(where: line.contains) {
      return BlockedAccess(
        "it had too many processes or threads", line: "processes = \(budget.processes * 2)",
        in: "run.budget")
    }
    if line.contains("Found no NVIDIA driver") || line.contains("No CUDA GPUs are available") {
      return BlockedAccess(
        "it asked for a GPU",
        advice: "no key grants devices of this machine to a sandbox; run it on the processor")
    }
    return nil
  }

  /// Texts between quotes; without any, the last word that looks like a path.
  private func quoted(in line: String) -> [String] {
    for quote: Character in ["'", "\"", "`"] {
      let parts = line.components(between: quote)
      if !parts.isEmpty { return parts }
    }
    return line.split(separator: " ").map { word in
      String(word.drop { "(:,".contains($0) }.reversed().drop { "):,.".contains($0) }.reversed())
    }.filter { $0.contains("/") }
  }

  private static func toml(_ text: String) -> String { JSONString.quoted(text) }
}

extension String {
  /// Every second part of the text cut at a mark.
  fileprivate func components(between mark: Character) -> [String] {
    let parts = split(separator: mark, omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 && $0 + 1 < parts.count }.map { String(parts[$0]) }
  }
}
