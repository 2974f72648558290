// What texts parse to, and what a person reads where they do not.

import Base
import Cypher
import TestSupport
import Testing

@Suite struct GoldenParsingTests {
  @Test func formsPrintCanonically() throws {
    let count = try GoldenScript.run("Golden/forms.txt") { text in
      do {
        let printed = CanonicalPrinter.text(of: try Parser.parse(Text(text)))
        // The canonical text means the same: printed again, it is itself.
        let again = CanonicalPrinter.text(of: try Parser.parse(Text(printed)))
        if !again.utf8.elementsEqual(printed.utf8) {
          Issue.record("not stable: \(printed)\n became \(again)")
        }
        return printed
      } catch let error as StemmaError {
        Issue.record("\(text): \(error.rendered)")
        return error.rendered
      } catch {
        return "\(error)"
      }
    }
    #expect(count > 60)
  }

  @Test func wrongTextsAreExplained() throws {
    let count = try GoldenScript.run("Golden/wrong-syntax.txt") { text in
      do {
        let statement = try Parser.parse(Text(text))
        return "parses: \(CanonicalPrinter.text(of: statement))"
      } catch let error as StemmaError {
        return error.rendered + "\n  (\(error.classification?.detail ?? "no detail"))"
      } catch {
        return "\(error)"
      }
    }
    #expect(count > 120)
  }
}
