// Whether the programs that a campaign file names are there, asked before anything is stored: those
// of proposers and critics here, those of runs and evaluations as their sandbox would find them.

import Base
import Sandbox

extension CampaignReader {
  typealias PlacedText = (text: String, place: TOMLPlace)

  /// The program of a proposer or critic runs here, not in a sandbox: it has to be there. A name
  /// without a slash is looked up in PATH, any other starts at the campaign's folder.
  func checkProgram(_ name: String, at place: TOMLPlace) throws {
    guard checksFiles else { return }
    let candidates =
      name.contains("/")
      ? [FilePaths.absolute(name, in: directory)]
      : FilePaths.searchPath().map { $0 + "/" + name }
    try require(
      name, among: candidates, at: place,
      advice: name.contains("/")
        ? "It would be \(candidates[0])." : "It is looked for in the folders of PATH.")
  }

  /// The program of a run or an evaluation, as its sandbox finds it: a name in the sandbox's PATH,
  /// a path in the tree (`tree`), in the evaluator's folder, or in what is seen read-only.
  /// A program that is a parameter is not known yet.
  func checkSandboxed(
    _ program: PlacedText, environment: [(name: String, value: String)], readOnly: [String],
    tree: String?, evaluator: String? = nil
  ) throws {
    guard checksFiles, !isCaptured else { return }
    var name = program.text
    if let evaluator, name.hasPrefix("{evaluator}/") {
      name = evaluator + name.dropFirst("{evaluator}".count)
    }
    guard !name.contains("{"), !name.contains("}") else { return }
    if name.contains("/"), !name.hasPrefix("/") {
      guard let tree else { return }
      let file = FilePaths.absolute(name, in: tree)
      return try require(
        name, among: [file], at: program.place,
        advice: "A run starts in its tree, so it would be \(file).")
    }
    let declared = environment.last { $0.name == "PATH" }?.value
    let path = declared ?? RunOrders.base.first { $0.name == "PATH" }?.value ?? ""
    let folders = path.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    // What a folder of the tree holds may be made by the run itself.
    guard name.hasPrefix("/") || folders.allSatisfy({ $0.hasPrefix("/") }) else { return }
    let candidates = name.hasPrefix("/") ? [name] : folders.map { $0 + "/" + name }
    try require(
      program.text, among: candidates, at: program.place,
      advice: name.hasPrefix("/")
        ? nil : "The sandbox looks for it in \(path); your own PATH does not count there.")
    let visible = Sandbox.systemFolders + readOnly
    guard
      candidates.contains(where: { file in
        FilePaths.isExecutable(file) && visible.contains { FilePaths.contains($0, file) }
      })
    else {
      throw errors.failure(
        "'\(program.text)' is not seen inside the sandbox", at: program.place,
        advice: "Name its folder in read_only; only the system's folders are seen without that.")
    }
  }

  /// The weaker guards that the owner accepts, by the names that there are.
  func weaknesses(_ section: inout Section) throws -> Set<String> {
    let names = try section.placedStrings("allow_weaker") ?? []
    for (name, place) in names where !Sandbox.weaknesses.contains(name) {
      throw errors.failure(
        "'\(name)' is not the name of a weaker guard", at: place,
        advice: Suggestion.advice(for: name, among: Sandbox.weaknesses))
    }
    return Set(names.map(\.text))
  }

  private func require(
    _ name: String, among candidates: [String], at place: TOMLPlace, advice: String?
  ) throws {
    if candidates.contains(where: FilePaths.isExecutable) { return }
    let isThere = candidates.contains { FilePaths.kind(of: $0) == .file }
    throw errors.failure(
      isThere ? "'\(name)' may not be executed" : "there is no program '\(name)'", at: place,
      advice: isThere
        ? "`chmod +x` it, or name its interpreter first: [\"python3\", \"\(name)\"]." : advice)
  }
}
