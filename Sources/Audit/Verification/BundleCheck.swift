// Checks a bundle with nothing but its files and the keys that the reader trusts: no store, no
// network. It goes by the same documents as verify.py and shares no code with it, so that each can
// stand witness to the other. It trusts nothing it reads.

import Base
import Graph
public import Signing

/// What a check of a bundle came to.
public struct BundleReport: Sendable {
  /// What is wrong and where. The bundle is sound only where this is empty.
  public internal(set) var faults: [String] = []
  /// Faults beyond those that are listed.
  public internal(set) var furtherFaults = 0
  /// What was not looked at, or cannot be known from a bundle.
  public internal(set) var unchecked: [String] = []
  public internal(set) var origin = ""
  /// The number of records of the log, and of those with their contents.
  public internal(set) var size: UInt64 = 0
  public internal(set) var records = 0
  /// Evals that their runner signed.
  public internal(set) var attested = 0

  public var isSound: Bool { faults.isEmpty }
}

extension BundleReport {
  static let faultLimit = 200

  mutating func fault(_ place: String, _ what: String) {
    guard faults.count < Self.faultLimit else { return furtherFaults += 1 }
    // What a bundle says about itself is not to steer a terminal.
    let text = "\(place): \(what)".unicodeScalars.map { scalar in
      scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? "\u{FFFD}" : String(scalar)
    }
    faults.append(text.joined())
  }

  mutating func expect(_ condition: Bool, _ place: String, _ what: String) {
    if !condition { fault(place, what) }
  }
}

/// One check under way.
public struct BundleCheck {
  let files: BundleFiles
  /// Checkpoints that the reader kept, with what they are called.
  let kept: [(name: String, checkpoint: Checkpoint)]
  var trusted: Set<NoteKey>
  public internal(set) var report = BundleReport()

  /// The files that bundle.json lists, with their hashes.
  var list: [String: String] = [:]
  var tree = CheckedTree()
  var history = KeyHistory()
  /// The records that are there, ascending.
  var present: [UInt64] = []
  var withheld: [[Int64]] = []
  var references: Set<Digest> = []
  var changes = EntityChanges()

  /// Checks the bundle in a folder or a .zip.
  /// - Parameters:
  ///   - keys: the log's keys from elsewhere; without any the bundle is held against itself only.
  ///   - kept: checkpoints that the log must be or extend.
  ///   - progress: called with the number of records that were read and their total.
  public static func check(
    _ path: String, keys: [NoteKey], kept: [(name: String, checkpoint: Checkpoint)] = [],
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> BundleReport {
    var check = BundleCheck(files: try BundleFiles(path), kept: kept, trusted: Set(keys))
    check.run(progress)
    return check.report
  }

  init(
    files: BundleFiles, kept: [(name: String, checkpoint: Checkpoint)], trusted: Set<NoteKey>
  ) {
    self.files = files
    self.kept = kept
    self.trusted = trusted
  }

  private mutating func run(_ progress: (Int, Int) -> Void) {
    attempt("bundle.json") { try $0.checkList() }
    attempt("log") { try $0.checkHeaders() }
    attempt("records.cbor") { try $0.checkRecords(progress) }
    attempt("keys.json") { try $0.checkKeys() }
    attempt("checkpoints") { try $0.checkCheckpoints() }
    attempt("tile") { try $0.checkTiles() }
    attempt("absent.json") { try $0.checkAbsence() }
    attempt("graph.sqlite") { try $0.checkCopy() }
    report.unchecked.append(
      "whether what was logged is true, and the time of a record without a witness")
    report.unchecked.append(
      "index.html, PROV, RO-Crate, in-toto, claims, receipts, time stamps: only their hashes")
  }

  /// Whatever is wrong with a file, the others are checked.
  mutating func attempt(
    _ place: String, _ body: (inout BundleCheck) throws -> Void
  ) {
    do {
      try body(&self)
    } catch let error as StemmaError {
      report.fault(place, error.message)
    } catch let error as PlainCursor.Malformed {
      report.fault(place, "the bytes at \(error.offset) are not those of a record")
    } catch is PlainCursor.Truncated {
      report.fault(place, "it ends inside a record")
    } catch let error as JSONRefusal {
      report.fault(place, "\(error.reason) (byte \(error.offset))")
    } catch {
      report.fault(place, "it cannot be read: \(error)")
    }
  }

  // MARK: The list

  private static let own: Set<String> = ["bundle.json", "bundle.note"]

  /// Every file is the one that the list names, and no other is there.
  private mutating func checkList() throws {
    for name in Set(files.doubled).sorted() { report.fault(name, "it stands in the .zip twice") }
    let json = try parse("bundle.json")
    guard case .map(let members) = json, case .string(let origin)? = members["origin"],
      case .integer(let size)? = members["size"], size >= 0,
      case .map(let listed)? = members["files"]
    else { throw StemmaError(.argumentInvalid, "it is not the list of a bundle") }
    report.origin = origin.string
    report.size = UInt64(size)
    for entry in listed.entries {
      guard case .string(let hash) = entry.value else {
        throw StemmaError(.argumentInvalid, "the hash of \(entry.key) is no text")
      }
      list[entry.key.string] = hash.string
    }
    let present = files.names.subtracting(Self.own)
    for name in present.symmetricDifference(list.keys).sorted() {
      let what = list[name] == nil ? "there, and not in" : "missing, and in"
      report.fault(name, "it is \(what) the list of bundle.json")
    }
    for name in present.intersection(list.keys).sorted() {
      attempt(name) { check in
        let hash = try check.files.hash(name).hex
        check.report.expect(
          hash == check.list[name], name, "its bytes are not those that bundle.json lists")
      }
    }
  }

  func parse(_ name: String) throws -> Value {
    try StrictJSON.parse(
      try files.read(name), limits: StrictJSON.Limits(bytes: 1 << 30, depth: 16))
  }
}
