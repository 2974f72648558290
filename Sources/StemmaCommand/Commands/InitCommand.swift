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
        stemma init --schema none            any labels, edge types and properties
        stemma init --schema my-schema.gql   your own CREATE GRAPH TYPE
      """)

  @Argument(help: "The folder that the store belongs to.")
  var folder = "."

  @Option(help: "lineage, none, or the file of a CREATE GRAPH TYPE statement.")
  var schema = "lineage"

  func run() throws {
    let text: String?
    switch schema {
    case "lineage": text = LineageSchema.text
    case "none": text = nil
    default: text = try TextFile.read(schema)
    }
    guard StoreLocation.isFolder(folder) else {
      throw StemmaError(
        .fileUnreadable, "\(folder) is not a folder",
        at: .file(path: folder, line: nil, column: nil),
        advice: "create it first: mkdir -p \(folder)")
    }
    let path = folder + "/" + StoreLocation.folderName
    _ = try Database.create(
      at: path, Database.Creation(schemaText: text), surroundings: .real)
    try Terminal.print(
      "created \(path) (\(schema == "none" ? "no schema" : "schema: " + schema))\n")
  }
}
