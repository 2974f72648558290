// The log's part of a bundle: tiles with all headers, the records that go along, keys, checkpoints.

import Base
import Graph
import Signing

extension BundleExport {
  /// Hash tiles and entry bundles in the layout of C2SP tlog-tiles.
  func writeTiles(_ view: borrowing GraphView) throws {
    let size = checkpoint.size
    var level: UInt8 = 0
    while size >> UInt64(8 * level) > 0 {
      let count = size >> UInt64(8 * level)
      for first in stride(from: 0, to: count, by: Int(TileLayout.width)) {
        let width = min(TileLayout.width, count - first)
        var bytes: [UInt8] = []
        for index in first..<first + width {
          try view.treeNode(level: 8 * level, index: index).append(to: &bytes)
        }
        let path = TileLayout.path(
          "tile/\(level)", index: first / TileLayout.width, width: width)
        try folder.file(path, bytes)
      }
      level += 1
    }
    for first in stride(from: 0, to: size, by: Int(TileLayout.width)) {
      let width = min(TileLayout.width, size - first)
      var bytes: [UInt8] = []
      for index in first..<first + width {
        let header = try view.headerBytes(of: TransactionNumber(index + 1))
        bytes.append(UInt8(header.count >> 8))
        bytes.append(UInt8(header.count & 0xFF))
        bytes += header
      }
      try folder.file(
        TileLayout.path("tile/entries", index: first / TileLayout.width, width: width), bytes)
    }
  }

  static func record(_ number: UInt64, _ view: borrowing GraphView) throws -> LogRecord {
    guard let record = try view.record(of: TransactionNumber(number)) else {
      throw StemmaError(.storeDamaged, "record \(number) is missing", advice: "run stemma verify")
    }
    return record
  }

  func writeKeys(_ view: borrowing GraphView) throws {
    let history = try AuditTrail.keys(view, origin: trail.origin)
    guard history.faults.isEmpty else {
      throw StemmaError(
        .storeDamaged, "the log's keys are not in order: \(history.faults[0])",
        advice: "run stemma verify")
    }
    var json = PlainJSON()
    json.keys(history)
    try folder.file("keys.json", json.bytes)
  }

  /// The newest checkpoint, the older ones, and the time stamps on each.
  func writeCheckpoints(_ view: borrowing GraphView) throws {
    try folder.file("checkpoint", checkpoint.note.rendered)
    for kept in try AuditTrail.checkpoints(view) where kept.size < checkpoint.size {
      let name = "checkpoints/\(kept.size).note"
      if folder.files[name] == nil { try folder.file(name, kept.note.rendered) }
    }
    for (number, stamp) in checkpoint.timestamps.enumerated() {
      try folder.file("checkpoints/\(checkpoint.size).\(number + 1).tsr", stamp)
    }
  }
}

extension BundleFolder {
  /// Enters a file that was written piece by piece.
  func settle(_ file: File, as name: String) throws { enter(name, try file.finish()) }
}

/// The paths of C2SP tlog-tiles.
enum TileLayout {
  static let width: UInt64 = 256

  /// `x001/x234/067`, and `.p/W` for a tile that is not full.
  static func path(_ prefix: String, index: UInt64, width: UInt64) -> String {
    var rest = index
    var parts: [String] = []
    repeat {
      let digits = String(rest % 1_000)
      let part = String(repeating: "0", count: 3 - digits.utf8.count) + digits
      parts.insert(parts.isEmpty ? part : "x" + part, at: 0)
      rest /= 1_000
    } while rest > 0
    let suffix = width < Self.width ? ".p/\(width)" : ""
    return prefix + "/" + parts.joined(separator: "/") + suffix
  }
}
