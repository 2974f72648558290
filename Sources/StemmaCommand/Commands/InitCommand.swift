// `stemma init`: makes a store.

import ArgumentParser
import Base
import Glibc
import Lineage
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
        stemma init --schema none            any labels, edge types and properties
        stemma init --schema my-schema.gql   your own CREATE GRAPH TYPE
      """)

  @Argument(help: "The folder that the store belongs to.")
  var folder = "."

  @Option(help: "lineage, none, or the file of a CREATE GRAPH TYPE statement.")
  var schema = "lineage"

  @Option(help: "Also write campaign.toml for a campaign of this name, and an example it runs on.")
  var campaign: String?

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
    let starter = campaign.map { CampaignStarter(folder: base, name: $0) }
    let campaignText = try starter?.text()
    try makeStore(base + "/" + StoreLocation.folderName, schemaText)
    if let starter, let campaignText { try write(starter, campaignText) }
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
