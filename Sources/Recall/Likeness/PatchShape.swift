// What a patch touches, as hashes of its changed lines: enough to find patches that do the same,
// whoever wrote them and wherever in the file.

import Base

/// The changed lines of a unified difference, as a sketch.
struct PatchShape: Sendable, Hashable {
  /// The sketch keeps this many of the smallest hashes (bottom-k sampling, Cohen and Kaplan 2007),
  /// so that the likeness of huge patches is an unbiased estimate.
  static let limit = 512
  private static let shortestLine = 3

  /// Ascending, distinct.
  private(set) var hashes: [UInt32] = []

  var isEmpty: Bool { hashes.isEmpty }

  /// Reads lines that begin with `+` or `-`; blanks around and within a line do not count.
  init(difference: [UInt8]) {
    var found: Set<UInt32> = []
    for line in difference.split(separator: UInt8(ascii: "\n")) {
      guard let mark = line.first, mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-"),
        !line.starts(with: Array("+++".utf8)), !line.starts(with: Array("---".utf8))
      else { continue }
      var hash: UInt32 = 2_166_136_261
      var length = 0
      hash = (hash ^ UInt32(mark)) &* 16_777_619
      for byte in line.dropFirst() where byte > 0x20 {
        hash = (hash ^ UInt32(byte)) &* 16_777_619
        length += 1
      }
      if length >= Self.shortestLine { found.insert(hash) }
    }
    hashes = Array(found.sorted().prefix(Self.limit))
  }

  init(packed bytes: [UInt8]) {
    hashes = stride(from: 0, to: bytes.count - 3, by: 4).map { place in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
    }
  }

  var packed: [UInt8] {
    hashes.flatMap { hash in (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt32($0))) } }
  }

  /// Each hash as a term of the index.
  var terms: [String] { hashes.map { "l" + String($0, radix: 16) } }

  /// The share of changed lines that both have (Jaccard), 0 ... 1.
  func likeness(to other: PatchShape) -> Double {
    guard !isEmpty, !other.isEmpty else { return 0 }
    var shared = 0
    var left = hashes[...]
    var right = other.hashes[...]
    while let mine = left.first, let theirs = right.first {
      if mine == theirs { shared += 1 }
      if mine <= theirs { left.removeFirst() }
      if theirs <= mine { right.removeFirst() }
    }
    return Double(shared) / Double(hashes.count + other.hashes.count - shared)
  }
}
