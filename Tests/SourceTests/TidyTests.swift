// The rules of style that a machine can see: lengths, opening comments, words that must not stay,
// pointers outside the places that need them, and comparisons of `String` in the core.

import Testing

@Suite struct TidyTests {
  static let maximumFileLines = 400
  static let maximumColumns = 100
  static let maximumFunctionLines = 70

  /// Files outside `Store` that touch pointers, and why they must.
  static let pointerExceptions: [(path: String, reason: String)] = [
    ("Sources/Base/Values/Text.swift", "hands a span of bytes to the hasher"),
    ("Sources/Base/Codec/", "calls the SHA-256 in C"),
    ("Sources/Sandbox/", "starts processes and reads their descriptors"),
    ("Sources/Signing/", "calls libcrypto"),
    ("Sources/Audit/Bundle/SQLiteCopy.swift", "calls libsqlite3"),
    ("Sources/Models/HTTP/CurlTransport.swift", "writes the body of a request to a file"),
    ("Sources/Models/Socket/ListeningSocket.swift", "binds a socket"),
    ("Sources/Recall/SideFile/", "calls libsqlite3 and scans its pages in place"),
    ("Sources/Audit/Bundle/BundleFolder.swift", "writes files"),
    ("Sources/Audit/Verification/SQLiteReader.swift", "calls libsqlite3"),
    ("Sources/Audit/Verification/BundleFiles.swift", "reads folders and files"),
    ("Sources/Audit/Bundle/PlainJSON.swift", "appends literals without a copy"),
    ("Sources/Loop/Trees/", "reads folders through the system's directory calls"),
    ("Sources/StemmaCommand/", "calls libedit and asks the terminal"),
  ]

  /// Files of the core that may key something by `String`, and why.
  static let stringExceptions: [(path: String, reason: String)] = [
    ("Sources/Executor/Writing/GraphChanges.swift", "names counters that the program chose"),
    ("Sources/Store/Integrity/LMDBFileReport.swift", "names tables of the file for people"),
  ]

  @Test func filesAndLinesAreShort() throws {
    var faults: [String] = []
    for file in try Self.files() where !file.isGenerated {
      let lines = file.lines
      if lines.count > Self.maximumFileLines + 1 {
        faults.append("\(file.path): \(lines.count - 1) lines")
      }
      for (index, line) in lines.enumerated() where line.utf8.count > Self.maximumColumns {
        let columns = line.unicodeScalars.count
        guard columns > Self.maximumColumns else { continue }
        faults.append("\(file.path):\(index + 1): \(columns) columns")
      }
    }
    expectNoFaults(faults)
  }

  /// Longer lines of help are broken again on a terminal, in the middle of what was laid out.
  @Test func helpFitsATerminal() throws {
    var faults: [String] = []
    for file in try Self.files() where file.path.hasPrefix("Sources/StemmaCommand/") {
      var indentation: Int?
      for (index, line) in file.lines.enumerated() {
        if line.hasSuffix("discussion: \"\"\"") {
          indentation = line.prefix { $0 == " " }.count + 2
        } else if let margin = indentation {
          if line.contains("\"\"\"") { indentation = nil }
          if line.unicodeScalars.count - margin > 80 { faults.append("\(file.path):\(index + 1)") }
        }
      }
    }
    expectNoFaults(faults)
  }

  @Test func functionsFitAScreen() throws {
    var faults: [String] = []
    for file in try Self.files() where file.isSwift && !file.isGenerated {
      for function in FunctionLengths.found(in: file)
      where function.lines > Self.maximumFunctionLines {
        faults.append("\(file.path):\(function.line): \(function.lines) lines")
      }
    }
    expectNoFaults(faults)
  }

  @Test func everyFileSaysWhatItOwns() throws {
    let silent = try Self.files().filter { file in
      !file.text.hasPrefix("//") && !file.text.hasPrefix("/*")
        && !(file.isSwift && file.lines.count < 4)
    }
    expectNoFaults(silent.map(\.path))
  }

  @Test func nothingIsLeftForLater() throws {
    // Spelt in two parts, so that this file does not break its own rule.
    let words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:"]
    var faults: [String] = []
    for file in try Self.files() {
      for word in words where file.text.contains(word) {
        faults.append("\(file.path): \(word)")
      }
    }
    expectNoFaults(faults)
  }

  @Test func nothingTrapsByDesign() throws {
    let words = ["fatalError(", "try!", "as!", "-Ounchecked"]
    try expectNone(of: words, in: SourceFile.all(below: "Sources"))
  }

  @Test func pointersStayInTheStore() throws {
    let files = try SourceFile.all(below: "Sources").filter { file in
      file.isSwift && file.target != "Store"
        && !Self.pointerExceptions.contains { file.path.hasPrefix($0.path) }
    }
    let words = [
      "UnsafePointer", "UnsafeMutable", "UnsafeRaw", "UnsafeBuffer", "= unsafe ",
      "try unsafe ", "{ unsafe ", "withUnsafe", "OpaquePointer", "Unmanaged",
    ]
    try expectNone(of: words, in: files)
  }

  /// `String ==` is canonical equivalence; below the façade texts are bytes. A text search cannot
  /// see types, so it looks for what almost always is one: a set or dictionary of `String`, and a
  /// comparison with `.string`.
  @Test func stringsAreNotComparedInTheCore() throws {
    let files = try SourceFile.all(below: "Sources").filter { file in
      LayerTests.core.contains(file.target) && file.target != "Stemma"
        && !Self.stringExceptions.contains { file.path == $0.path }
    }
    try expectNone(
      of: ["Set<String>", "[String:", ".string ==", ".string !=", ".string <", "== String("],
      in: files)
  }

  private func expectNone(of words: [String], in files: [SourceFile]) throws {
    var faults: [String] = []
    for file in files where file.isSwift {
      for word in words where file.code.contains(word) {
        let line = file.codeLines.firstIndex { $0.contains(word) } ?? 0
        faults.append("\(file.path):\(line + 1): \(word)")
      }
    }
    expectNoFaults(faults)
  }

  static func files() throws -> [SourceFile] {
    try SourceFile.all(below: "Sources") + SourceFile.all(below: "Tests")
  }
}
