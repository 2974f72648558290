// Where the space of a store goes and who reads it, for `stemma doctor`.

import Base
import Glibc
import Rendering
import Stemma

/// The lines of `doctor` about one store.
struct UsageText {
  let report: UsageReport

  /// Rows of a name and what there is to say.
  var rows: [[String]] {
    var rows = [
      [
        "file",
        "\(NumberText.bytes(report.fileBytes)), \(NumberText.bytes(report.freeBytes)) of it free",
      ]
    ]
    let tables = report.tables.filter { $0.entries > 0 }.sorted { $0.bytes > $1.bytes }
    for table in tables {
      let entries = NumberText.grouped(table.entries) + (table.entries == 1 ? " entry" : " entries")
      rows.append(["  " + table.name, "\(NumberText.bytes(table.bytes)), \(entries)"])
    }
    let objects = NumberText.counted(report.objects, "object")
    rows.append(["objects", "\(objects), \(NumberText.bytes(report.objectBytes))"])
    return rows + readers
  }

  private var readers: [[String]] {
    guard report.seesReaders else {
      return [["readers", "not known: this user may not use the store's lock file"]]
    }
    let others = report.readers.filter { $0.process != Int(getpid()) }
    if others.isEmpty { return [["readers", "none"]] }
    return others.map { ["reader", Self.words($0)] }
  }

  /// Commits after which a snapshot is worth a warning: the pages freed since cannot be used again.
  private static let manyCommits = 1_000

  private static func words(_ reader: UsageReport.Reader) -> String {
    let process = "process \(reader.process) (\(name(of: reader.process)))"
    guard let behind = reader.commitsBehind else { return process + ", idle" }
    if behind == 0 { return process + ", reads the newest state" }
    var words = process + ", reads a state \(NumberText.counted(behind, "commit")) old"
    if let moment = reader.isNoNewerThan { words += ", of \(text(moment)) or before" }
    return behind < manyCommits ? words : words + ": the file grows until it ends"
  }

  /// To the second, in UTC.
  private static func text(_ moment: Timestamp) -> String {
    ZonedDateTime(
      secondsSinceEpoch: moment.microsecondsSinceEpoch / 1_000_000, nanosecondsOfSecond: 0,
      offsetSeconds: 0, zoneName: nil
    ).description
  }

  private static func name(of process: Int) -> String {
    let path = "/proc/\(process)/comm"
    guard let text = try? TextFile.read(path, limitBytes: 256) else { return "?" }
    return text.trimmingSpaces
  }
}
