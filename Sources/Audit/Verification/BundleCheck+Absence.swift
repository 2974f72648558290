// What is not in a bundle is said to be absent, and nothing else is: records, values, contents.

import Base

extension BundleCheck {
  mutating func checkAbsence() throws {
    guard case .map(let told) = try parse("absent.json"), let ranges = told["records"],
      let values = told["values"], let objects = told["objects"]
    else { throw StemmaError(.argumentInvalid, "it is not a list of what is absent") }
    checkRecords(listed: try Self.rows(ranges))
    let listed = try Self.rows(values).map { Array($0.prefix(3)) }
    report.expect(
      listed == withheld.map { $0.map { Value.integer($0) } }, "absent.json",
      "it does not list exactly the values that are withheld")
    var absent: Set<String> = []
    for row in try Self.rows(objects) {
      guard row.count == 2, case .string(let hash) = row[0] else {
        throw StemmaError(.argumentInvalid, "an entry of its contents is malformed")
      }
      absent.insert(hash.string)
    }
    try checkObjects(absent)
  }

  private static func rows(_ value: Value) throws -> [[Value]] {
    guard case .list(let rows) = value else {
      throw StemmaError(.argumentInvalid, "it is not a list of what is absent")
    }
    return try rows.map { row in
      guard case .list(let cells) = row else {
        throw StemmaError(.argumentInvalid, "an entry of it is malformed")
      }
      return cells
    }
  }

  /// Runs of records, each from its first to its last, must be exactly the gaps.
  private mutating func checkRecords(listed ranges: [[Value]]) {
    var gaps: [[Value]] = []
    var next: UInt64 = 1
    for number in present + [report.size + 1] {
      if number > next {
        gaps.append([.integer(Int64(clamping: next)), .integer(Int64(clamping: number - 1))])
      }
      next = max(next, number + 1)
    }
    guard gaps != ranges else { return }
    let wrong = gaps.filter { !ranges.contains($0) } + ranges.filter { !gaps.contains($0) }
    let words = wrong.prefix(10).map { row in
      row.map(\.description).joined(separator: " to ")
    }
    report.fault(
      "absent.json",
      "records are missing or listed, and not both: \(words.joined(separator: ", "))")
  }

  /// Contents have their hashes, and every hash in a record leads to one or is listed.
  private mutating func checkObjects(_ absent: Set<String>) throws {
    var present: Set<String> = []
    var wanted = Set(references.map(\.hex))
    for name in list.keys.sorted() where name.hasPrefix("objects/") {
      let hash = String(name.dropFirst(8).filter { $0 != "/" })
      present.insert(hash)
      attempt(name) { check in
        let bytes = try check.files.read(name)
        check.report.expect(
          SHA256.hash(bytes).hex == hash, name, "its bytes have another hash")
        wanted.formUnion(TreeText.files(in: bytes).map(\.hex))
      }
    }
    for hash in wanted.subtracting(present).symmetricDifference(absent).sorted() {
      report.fault("objects", "\(hash) is absent and not listed, or listed and there")
    }
  }
}
