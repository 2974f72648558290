// How texts become JSON strings: whole where nothing has to be escaped, and the same by scalars.

import Base
import Testing

@Suite struct JSONStringTests {
  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), ("naïve 🧪 ", #""naïve 🧪 ""#),
    ("say \"no\"", #""say \"no\"""#), ("a\\b", #""a\\b""#), ("a\nb\tc\rd", #""a\nb\tc\rd""#),
    ("bell \u{7} é", #""bell \u0007 é""#), ("rub out \u{7F}", #""rub out \u007F""#),
  ])
  func onlyWhatMustBeIsEscaped(_ text: String, _ written: String) {
    #expect(JSONString.quoted(text).lowercased() == written.lowercased())
  }
}
