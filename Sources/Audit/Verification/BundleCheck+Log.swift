// The log in a bundle: all headers in order, the tiles, the checkpoints, the keys.

import Base
import Signing

extension BundleCheck {
  /// All headers, in order, without a gap: the leaves of the tree.
  mutating func checkHeaders() throws {
    var last = Int64.min
    let width = TileLayout.width
    var store: [UInt8]?
    for first in stride(from: 0, to: report.size, by: Int(width)) {
      let count = min(width, report.size - first)
      let path = TileLayout.path("tile/entries", index: first / width, width: count)
      let bytes = try files.read(path)
      var offset = 0
      while offset + 2 <= bytes.count {
        let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
        offset += 2
        let number = tree.size + 1
        guard offset + length <= bytes.count,
          let header = PlainHeader(Array(bytes[offset..<offset + length]))
        else {
          throw StemmaError(.argumentInvalid, "record \(number): its header cannot be read")
        }
        offset += length
        // The name of the log is made once, not for each header.
        if store == nil, AuditTrail.origin(of: header.store) == report.origin {
          store = header.store
        }
        let isOwn = header.transaction == number && header.store == store
        if !isOwn { report.fault("record \(number)", "it is another's header") }
        if header.committedAt <= last { report.fault("record \(number)", "it is too early") }
        last = header.committedAt
        tree.append(header.leaf)
      }
      report.expect(offset == bytes.count, path, "it ends inside a header")
    }
    report.expect(
      tree.size == report.size, "log", "\(tree.size) headers, not \(report.size)")
  }

  mutating func checkTiles() throws {
    let width = Int(TileLayout.width)
    for level in stride(from: 0, to: tree.levels.count, by: 8) {
      let hashes = tree.levels[level]
      for first in stride(from: 0, to: hashes.count, by: width) {
        let part = hashes[first..<min(first + width, hashes.count)]
        let path = TileLayout.path(
          "tile/\(level / 8)", index: UInt64(first / width), width: UInt64(part.count))
        var bytes: [UInt8] = []
        for digest in part { digest.append(to: &bytes) }
        let isSame = try files.read(path) == bytes
        report.expect(isSame, path, "it has other hashes")
      }
    }
  }

  /// keys.json is what the records say; whom to trust starts from the keys given to us.
  mutating func checkKeys() throws {
    for fault in history.faults { report.fault("keys", fault) }
    var json = PlainJSON()
    json.keys(history)
    let isSame = try files.read("keys.json") == json.bytes
    report.expect(isSame, "keys.json", "it is not what the records say")
    if trusted.isEmpty {
      report.unchecked.append(
        "who holds the log's keys: no --key was given, the bundle's own count")
      trusted = Set(history.entries.map(\.key))
    }
    trusted = history.trusted(from: Array(trusted))
  }

  /// The trusted keys that counted; a witness may have been entered after it signed.
  func keys(_ roles: Set<KeyStatement.Role>, at size: UInt64) -> [NoteKey] {
    history.entries.filter { entry in
      roles.contains(entry.role) && trusted.contains(entry.key)
        && (entry.role == .witness || entry.addedBy.rawValue <= size)
        && (entry.revokedBy.map { size < $0.rawValue } ?? true)
    }.map(\.key)
  }

  /// The signed roots, old and new, are roots of this log; so are those kept elsewhere.
  mutating func checkCheckpoints() throws {
    var signed = ["checkpoint": report.size]
    for name in list.keys where name.hasPrefix("checkpoints/") && name.hasSuffix(".note") {
      guard let size = UInt64(name.dropFirst(12).dropLast(5)) else {
        report.fault(name, "its name has no size")
        continue
      }
      signed[name] = size
    }
    for (name, size) in signed.sorted(by: { $0.key < $1.key }) {
      attempt(name) { try $0.check(checkpoint: name, size: size) }
    }
    for (name, checkpoint) in kept { attempt(name) { try $0.hold(name, checkpoint) } }
    attempt("bundle.note") { check in
      let note = try SignedNote(parsing: try check.files.text("bundle.note"))
      let hash = try check.files.hash("bundle.json").hex
      let words = "stemma bundle v1\n\(check.report.origin)\n\(check.report.size)\n\(hash)\n"
      check.report.expect(note.text == words, "bundle.note", "it is not about this bundle.json")
      let signers = check.signers(of: note, among: check.keys([.log], at: check.report.size))
      check.report.expect(
        !signers.isEmpty, "bundle.note", "no trusted key of the log signed it")
    }
  }

  private mutating func check(checkpoint name: String, size: UInt64) throws {
    let note = try SignedNote(parsing: try files.text(name))
    let checkpoint = try Checkpoint(text: note.text)
    try hold(name, checkpoint)
    report.expect(checkpoint.size == size, name, "it is of another size")
    let signers = signers(of: note, among: keys([.log, .witness], at: size))
    let isSigned = signers.contains { $0.kind == NoteKey.Algorithm.ed25519.rawValue }
    report.expect(isSigned, name, "no trusted key of the log that counted then signed it")
  }

  /// The given keys that signed; a wrong signature of one of them is a fault.
  private mutating func signers(of note: SignedNote, among keys: [NoteKey]) -> [NoteKey] {
    var signers: [NoteKey] = []
    for (key, outcome) in note.check(by: keys) {
      switch outcome {
      case .valid, .cosigned: signers.append(key)
      case .wrong: report.fault("signature of \(key.name)", "it is not of the text above it")
      case .unknownAlgorithm:
        report.unchecked.append(
          "the signature of \(key.name): its algorithm is not known here")
      }
    }
    return signers
  }

  /// Holds a checkpoint against the log: it must be one of its earlier states.
  private mutating func hold(_ name: String, _ checkpoint: Checkpoint) throws {
    report.expect(
      checkpoint.origin == report.origin, name, "it is of the log \(checkpoint.origin)")
    guard checkpoint.size <= tree.size else {
      report.fault(
        name, "rolled back: it has \(checkpoint.size) records, the log \(tree.size)")
      return
    }
    let isSame = try tree.root(at: checkpoint.size) == checkpoint.root
    report.expect(
      isSame, name, "forked: the first \(checkpoint.size) records have another root")
  }
}
