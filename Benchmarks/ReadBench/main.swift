// Reads through the graph's interface, beside liblmdb from C with the same checks, SQLite from C
// and SQLite from Python: all in one run, round by round in turn.
//
//   ReadBench FOLDER [EXPERIMENTS] [ROWS]
//   ReadBench FOLDER EXPERIMENTS ROWS get|expand|closure|scan|append COUNT
//
// The folder is filled when it is new. Prints a table in Markdown; in the second form, which is for
// counting instructions, only the sum of what was read.

import Base
import CReadFloor
import Foundation
import Graph

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
  print("usage: ReadBench FOLDER [EXPERIMENTS] [ROWS] [OPERATION COUNT]")
  exit(2)
}
let data = ReadData(
  folder: arguments[1],
  experiments: arguments.count > 2 ? UInt64(arguments[2]) ?? 0 : 100_000,
  rows: arguments.count > 3 ? UInt64(arguments[3]) ?? 0 : 10_000_000)

do {
  if !FileManager.default.fileExists(atPath: data.folder + "/complete") {
    try? FileManager.default.removeItem(atPath: data.folder)
    try FileManager.default.createDirectory(
      atPath: data.floorFolder, withIntermediateDirectories: true)
    let start = Date()
    try data.makeHistory()
    try data.makeRows()
    print("loaded in \(Int(Date().timeIntervalSince(start))) s")
    try data.copy()
    _ = FileManager.default.createFile(atPath: data.folder + "/complete", contents: nil)
  }
  if arguments.count > 5, let count = Int(arguments[5]) {
    try Work(data: data).run(arguments[4], count)
  } else {
    try ReadComparison(data: data).run()
  }
} catch {
  print("failed: \(error)")
  exit(1)
}
