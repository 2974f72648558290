// The tools of these tests are tested too: a tidy test that sees nothing passes for ever.

import Testing

@Suite struct ScannerTests {
  @Test func commentsAndStringsAreBlanked() {
    let text = """
      let a = "x \\(f("TO") + 1) y" // as!
      /* try! /* nested */ */ let b = #"raw "quoted" \\#(c) z"#
      """
    let code = CodeScanner.code(of: text)
    #expect(code.count == text.count)
    #expect(!code.contains("as!") && !code.contains("try!") && !code.contains("TO"))
    #expect(!code.contains("quoted") && !code.contains(" z"))
    #expect(code.contains("let a =") && code.contains("f(") && code.contains("+ 1"))
    #expect(code.contains("let b =") && code.contains("c"))
  }

  @Test func multiLineStringsAreBlanked() {
    let text = "let a = \"\"\"\n  try! \"one\"\n  \"\"\"\nlet b = 2"
    let code = CodeScanner.code(of: text)
    #expect(!code.contains("try!") && code.contains("let b = 2"))
    #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
  }

  @Test func functionsAreMeasured() {
    let file = SourceFile(
      path: "Sources/Base/X.swift",
      text: """
        protocol P {
          func required()
          var x: Int { get }
        }
        struct S {
          init(_ f: () -> Void = {}) {
            f()
          }
          static func long(
            a: Int
          ) -> Int {
            let g = { 1 }
            return g()
          }
          var y: Int {
            2
          }
        }
        """)
    #expect(
      FunctionLengths.found(in: file) == [.init(line: 6, lines: 3), .init(line: 9, lines: 6)])
  }
}
