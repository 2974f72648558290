// The text of a query with what is needed to point into it. Offsets are bytes; people count code
// points, so lines and columns are worked out only when an error is made.

package import Base

/// A query's text and its bytes.
package struct SourceText: Sendable {
  package let text: Text
  package let bytes: [UInt8]
  /// A name to show before the line, such as a file's.
  package var name: String?

  package init(_ text: Text, name: String? = nil) {
    self.text = text
    self.bytes = Array(text.string.utf8)
    self.name = name
  }

  /// The exact source of a range.
  package func slice(_ range: SourceRange) -> Text {
    let start = min(Int(range.start), bytes.count)
    let end = min(max(Int(range.end), start), bytes.count)
    return Text(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  /// Line, column and length in code points, and the whole line. A range over several lines is
  /// underlined to the end of its first line. Linear in the text before the range.
  package func place(_ range: SourceRange) -> StemmaError.Place {
    let start = min(Int(range.start), bytes.count)
    var line = 1
    var lineStart = 0
    var index = 0
    while index < start {
      if bytes[index] == 0x0A {
        line += 1
        lineStart = index + 1
      }
      index += 1
    }
    var lineEnd = start
    while lineEnd < bytes.count, bytes[lineEnd] != 0x0A, bytes[lineEnd] != 0x0D { lineEnd += 1 }
    let end = min(max(Int(range.end), start), lineEnd)
    return .text(
      name: name, line: line, column: codePoints(lineStart, start) + 1,
      length: max(codePoints(start, end), 1),
      sourceLine: String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self))
  }

  private func codePoints(_ start: Int, _ end: Int) -> Int {
    var count = 0
    for byte in bytes[start..<max(start, end)] where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }
}
