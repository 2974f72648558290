// Finds functions and how many lines they have, by counting braces in text without comments and
// strings. It needs no parser, because the code that it reads compiles.

/// Where functions start and how long they are.
enum FunctionLengths {
  struct Function: Equatable {
    /// From 1.
    var line: Int
    /// Lines with code from the declaration to the closing brace: comments, blank lines and the
    /// lines of a literal do not count.
    var lines: Int
  }

  static func found(in file: SourceFile) -> [Function] {
    var result: [Function] = []
    var open: [(line: Int, depth: Int)] = []
    var waiting: Int?
    var brackets = 0
    var depth = 0
    var codeLines = [0]
    for (index, line) in file.codeLines.enumerated() {
      let number = index + 1
      codeLines.append(codeLines[index] + (line.contains { $0 != " " } ? 1 : 0))
      if waiting != nil, brackets == 0, startsDeclaration(line) { waiting = nil }
      if startsFunction(line) {
        waiting = number
        brackets = 0
      }
      for byte in line.utf8 {
        switch byte {
        case 0x28: brackets += 1
        case 0x29: brackets -= 1
        case 0x7B:
          // A brace inside brackets is a default value's closure, not the body.
          if let start = waiting, brackets == 0 {
            open.append((start, depth))
            waiting = nil
          }
          depth += 1
        case 0x7D:
          depth -= 1
          if let last = open.last, last.depth == depth {
            let lines = codeLines[number] - codeLines[last.line - 1]
            result.append(Function(line: last.line, lines: lines))
            open.removeLast()
          }
          // A requirement of a protocol has no body.
          if brackets == 0 { waiting = nil }
        default: break
        }
      }
    }
    return result.sorted { $0.line < $1.line }
  }

  private static func startsFunction(_ line: Substring) -> Bool {
    guard let first = declaration(line) else { return false }
    return first == "func" || first.hasPrefix("init(") || first.hasPrefix("init?(")
      || first.hasPrefix("subscript(")
  }

  /// The declaration before had no body: it was a requirement of a protocol.
  private static func startsDeclaration(_ line: Substring) -> Bool {
    guard let first = declaration(line) else { return false }
    return ["var", "let", "case", "associatedtype", "typealias", "struct", "enum"].contains(first)
      || startsFunction(line)
  }

  /// The first word of a line that is no modifier.
  private static func declaration(_ line: Substring) -> Substring? {
    let modifiers: Set<Substring> = [
      "public", "package", "private", "fileprivate", "internal", "static", "final", "override",
      "mutating", "nonmutating", "borrowing", "consuming", "convenience", "required", "class",
      "nonisolated", "@inlinable", "@discardableResult", "@Test", "@inline(__always)", "indirect",
    ]
    return line.split(separator: " ").first { !modifiers.contains($0) }
  }
}
