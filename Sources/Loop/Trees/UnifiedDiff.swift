// Unified diffs: reads and applies them exactly (no fuzz: a patch that does not fit is an error),
// and writes the difference of two texts for people and critics.

import Base

/// A parsed unified diff over several files.
struct UnifiedDiff {
  struct Hunk {
    var oldStart: Int
    /// Where its head stands in the diff, from 1.
    var place: Int
    /// Lines with their marks: ' ', '-', '+'; the text keeps its line end where it has one.
    var lines: [(mark: UInt8, text: [UInt8])]
  }

  struct FileChange {
    /// `nil` where the file is new or deleted.
    var oldPath: String?
    var newPath: String?
    var hunks: [Hunk]
  }

  var files: [FileChange]

  /// The diff does not know its own file; whoever does puts it into the place.
  private static func failure(_ message: String, line: Int) -> StemmaError {
    StemmaError(
      .campaignInvalid, message, at: .file(path: "the diff", line: line, column: 1),
      advice: "Make it with `diff -u` or `git diff` against the files in the source tree.")
  }

  /// Parses `---`/`+++` headers and hunks; other lines between files are skipped.
  init(_ bytes: [UInt8]) throws {
    files = []
    let lines = Self.lines(of: bytes)
    var index = 0
    while index < lines.count {
      guard lines[index].starts(with: Array("--- ".utf8)), index + 1 < lines.count,
        lines[index + 1].starts(with: Array("+++ ".utf8))
      else {
        index += 1
        continue
      }
      var change = FileChange(
        oldPath: try Self.path(lines[index], line: index + 1),
        newPath: try Self.path(lines[index + 1], line: index + 2), hunks: [])
      index += 2
      while index < lines.count, lines[index].starts(with: Array("@@ ".utf8)) {
        change.hunks.append(try Self.hunk(lines, &index))
      }
      guard !change.hunks.isEmpty else { throw Self.failure("no hunk follows", line: index) }
      files.append(change)
    }
    guard !files.isEmpty else { throw Self.failure("there is no '---' and '+++'", line: 1) }
  }

  /// Lines with their line ends.
  static func lines(of bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 10 {
      lines.append(Array(bytes[start...index]))
      start = index + 1
    }
    if start < bytes.count { lines.append(Array(bytes[start...])) }
    return lines
  }

  /// `--- a/path<tab>date`: without the first part where it is `a` or `b`; `/dev/null` is nothing.
  private static func path(_ line: [UInt8], line number: Int) throws -> String? {
    let text = String(
      decoding: line.dropFirst(4).prefix { $0 != 9 && $0 != 10 && $0 != 13 }, as: UTF8.self)
    if text == "/dev/null" { return nil }
    let path = text.hasPrefix("a/") || text.hasPrefix("b/") ? String(text.dropFirst(2)) : text
    guard TreePath.isValid(path) else { throw failure("'\(path)' is not a path", line: number) }
    return path
  }

  private static func hunk(_ lines: [[UInt8]], _ index: inout Int) throws -> Hunk {
    let header = String(decoding: lines[index], as: UTF8.self)
    let parts = header.split(separator: " ")
    guard parts.count >= 4, parts[3].hasPrefix("@@"), let old = range(parts[1], "-"),
      let new = range(parts[2], "+")
    else { throw failure("the hunk's head cannot be read", line: index + 1) }
    index += 1
    var hunk = Hunk(oldStart: old.start, place: index, lines: [])
    var oldLeft = old.count
    var newLeft = new.count
    while oldLeft > 0 || newLeft > 0 {
      guard index < lines.count else { throw failure("the last hunk is not complete", line: index) }
      let line = lines[index]
      // Editors strip the blank of an empty context line.
      let mark: UInt8 = line == [10] ? 32 : line[0]
      let text = line == [10] ? line : Array(line.dropFirst())
      switch mark {
      case 32:
        oldLeft -= 1
        newLeft -= 1
      case 45: oldLeft -= 1
      case 43: newLeft -= 1
      default: throw failure("expected ' ', '-' or '+'", line: index + 1)
      }
      index += 1
      hunk.lines.append((mark, text))
      try dropLineEnd(lines, &index, &hunk)
    }
    guard oldLeft == 0, newLeft == 0 else {
      throw failure("the hunk's counts are wrong", line: index)
    }
    return hunk
  }

  /// `\ No newline at end of file` is about the line before it.
  private static func dropLineEnd(_ lines: [[UInt8]], _ index: inout Int, _ hunk: inout Hunk) throws
  {
    guard index < lines.count, lines[index].first == 92, let last = hunk.lines.last else { return }
    hunk.lines[hunk.lines.count - 1].text = last.text.last == 10 ? last.text.dropLast() : last.text
    index += 1
  }

  /// `-12,7` or `-12`.
  private static func range(_ text: Substring, _ mark: Character) -> (start: Int, count: Int)? {
    guard text.first == mark else { return nil }
    let numbers = text.dropFirst().split(separator: ",", omittingEmptySubsequences: false)
    guard (1...2).contains(numbers.count), let start = Int(numbers[0]), start >= 0 else {
      return nil
    }
    guard numbers.count == 2 else { return (start, 1) }
    guard let count = Int(numbers[1]), (0...10_000_000).contains(count) else { return nil }
    return (start, count)
  }

  /// The content after the hunks; `old` is empty for a new file.
  static func apply(_ hunks: [Hunk], to old: [UInt8], path: String) throws -> [UInt8] {
    let source = lines(of: old)
    var result: [[UInt8]] = []
    var position = 0
    for hunk in hunks {
      let removesOrKeeps = hunk.lines.contains { $0.mark != 43 }
      let start = removesOrKeeps ? hunk.oldStart - 1 : hunk.oldStart
      guard start >= position, start <= source.count else {
        throw failure(
          source.isEmpty
            ? "there is no \(path), or it is empty"
            : "a hunk starts at line \(hunk.oldStart) of \(path), which has \(source.count) lines",
          line: hunk.place)
      }
      result.append(contentsOf: source[position..<start])
      position = start
      for (offset, line) in hunk.lines.enumerated() {
        if line.mark == 43 {
          result.append(line.text)
          continue
        }
        guard position < source.count, source[position] == line.text else {
          throw failure(
            "line \(position + 1) of \(path) is another than the diff says",
            line: hunk.place + offset + 1)
        }
        if line.mark == 32 { result.append(source[position]) }
        position += 1
      }
    }
    result.append(contentsOf: source[position...])
    return Array(result.joined())
  }
}
