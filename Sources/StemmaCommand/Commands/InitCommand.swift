// `stemma init`: makes a store.

import ArgumentParser
import Base
import Glibc
import Lineage
import Loop
import Stemma

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create a store in a folder.",
    discussion: """
      Examples:
        stemma init                          .stemma here, with the lineage schema
        stemma init /data/lab                .stemma in /data/lab
        stemma init --campaign demo          also campaign.toml and an example to run
        stemma init --from .                 also a campaign over the code here
        stemma init --from . --command 'python train.py' --metric val_acc
        stemma init --schema none            any labels, edge types and properties
        stemma init --schema my-schema.gql   your own CREATE GRAPH TYPE
      """)

  @Argument(help: "The folder that the store belongs to.")
  var folder = "."

  @Option(help: "lineage, none, or the file of a CREATE GRAPH TYPE statement.")
  var schema = "lineage"

  @Option(help: "Also write campaign.toml for a campaign of this name, and an example it runs on.")
  var campaign: String?

  @Option(
    help: ArgumentHelp(
      "Make a campaign of the code in this folder, in a folder stemma/ there, and try it once.",
      valueName: "folder"))
  var from: String?

  @Option(help: "With --from: how the program is started, with what is not to change.")
  var command: String?

  @Option(help: "With --from: the number by which it tells how good it was.")
  var metric: String?

  func validate() throws {
    guard from == nil, command != nil || metric != nil else { return }
    throw ValidationError("--command and --metric belong to --from")
  }

  func run() throws {
    let schemaText = try schemaText()
    guard StoreLocation.isFolder(folder) else {
      throw StemmaError(
        .fileUnreadable, "\(folder) is not a folder",
        at: .file(path: folder, line: nil, column: nil),
        advice: "create it first: mkdir -p \(folder)")
    }
    var base = folder
    while base.count > 1, base.hasSuffix("/") { base.removeLast() }
    if let from { return try adopt(from, into: base, schemaText) }
    let starter = campaign.map { CampaignStarter(folder: base, name: $0) }
    let campaignText = try starter?.text()
    try makeStore(base + "/" + StoreLocation.folderName, schemaText)
    if let starter, let campaignText { try write(starter, campaignText) }
  }

  /// A store here, and a campaign over code that is there already.
  private func adopt(_ source: String, into base: String, _ schemaText: String?) throws {
    guard StoreLocation.isFolder(source), let real = realpath(source, nil) else {
      throw StemmaError(
        .fileUnreadable, "\(source) is not a folder",
        at: .file(path: source, line: nil, column: nil))
    }
    defer { free(real) }
    let folder = String(cString: real)
    let adoption = Adoption(
      folder: folder, name: campaign ?? Self.campaignName(of: folder),
      givenCommand: try command.map(ShellWords.split), wantedMetric: metric)
    let path = base + "/" + StoreLocation.folderName
    if StoreLocation.isFolder(path) {
      try Terminal.print("kept \(path)\n")
    } else {
      try makeStore(path, schemaText)
    }
    try adoption.run()
  }

  /// The folder's name in the letters that a campaign's name may have.
  private static func campaignName(of folder: String) -> String {
    let last = folder.split(separator: "/").last ?? "campaign"
    let letters = last.lowercased().unicodeScalars.map { scalar -> Character in
      let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
      return isPlain ? Character(scalar) : "-"
    }
    return String(String(letters).prefix(64))
  }

  private func schemaText() throws -> String? {
    switch schema {
    case "lineage": LineageSchema.text
    case "none": nil
    default: try TextFile.read(schema)
    }
  }

  /// Makes the store; one that is there already is an error unless only a campaign is wanted.
  private func makeStore(_ path: String, _ schemaText: String?) throws {
    if campaign != nil, StoreLocation.isFolder(path) {
      return try Terminal.print("kept \(path)\n")
    }
    _ = try Database.create(
      at: path, Database.Creation(schemaText: schemaText), surroundings: .system)
    try Terminal.print(
      "created \(path) (\(schema == "none" ? "no schema" : "schema: " + schema))\n")
  }

  private func write(_ starter: CampaignStarter, _ text: String) throws {
    for path in try starter.write(text) { try Terminal.print("wrote \(path)\n") }
    try Terminal.print("run it: stemma loop run \(starter.file)\n")
  }
}
