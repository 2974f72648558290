// Literature from three forms, with what is wrong told by line.

import Base
import Interchange
import Testing

@Suite struct SourceImportTests {
  @Test func bibliographies() throws {
    let text = """
      % a comment
      @string{j = "Journal"}
      @article{one, title = {Deep {L}earning ~ again}, author = "A. One and B. Two",
        year = 2019, journal = j # " of X", doi = {10.1/2}, abstract = {It {helps}.}}
      @misc(two, title = "Second", url = {https://x.org}, note = {n})
      @misc{three, author = {Nobody}}
      """
    let entries = try SourceImport.read(text, format: "bib", name: "x.bib")
    #expect(entries.count == 2)
    #expect(entries[0].title == "Deep Learning again")
    #expect(entries[0].authors == ["A. One", "B. Two"] && entries[0].year == 2019)
    #expect(entries[0].uri == "https://doi.org/10.1/2" && entries[0].note == "It helps.")
    #expect(entries[1].uri == "https://x.org" && entries[1].note == "n")
    for wrong in ["@article{a, title = {x", "@article{a, title", "@article{a, title = \"x"] {
      #expect(throws: StemmaError.self) {
        try SourceImport.read("\n" + wrong, format: "bib", name: "x.bib")
      }
    }
  }

  @Test func headingsAndObjects() throws {
    let markdown =
      "intro\n# First (2020)\nSee <https://a.org/x>.\n\n```\n# no heading\n```\n## Second\n"
    let entries = try SourceImport.read(markdown, format: "md", name: "n.md")
    #expect(entries.map(\.title) == ["First (2020)", "Second"])
    #expect(entries[0].year == 2020 && entries[0].uri == "https://a.org/x")
    #expect(entries[0].note?.contains("# no heading") == true && entries[1].note == nil)
    let json = #"[{"title": "T", "authors": ["A"], "year": 2001, "uri": "u", "note": "n"}]"#
    let listed = try SourceImport.read(json, format: "json", name: "l.json")
    #expect(listed.first?.authors == ["A"] && listed.first?.year == 2001)
    for wrong in ["{}", "[1]", "[{}]", #"[{"title": 1}]"#, "[", "[]"] {
      #expect(throws: StemmaError.self) {
        try SourceImport.read(wrong, format: "json", name: "l.json")
      }
    }
  }
}
