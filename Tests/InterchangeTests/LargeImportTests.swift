// Files that are divided: fields that go over the borders of pieces, names in any order, faults far
// from the beginning, and the same graph as from one piece.

import Base
import Graph
import Stemma
import TestSupport
import Testing

@testable import Interchange

@Suite struct LargeImportTests {
  static let mapping = """
    {"nodes": [{"file": "a.csv", "label": "A", "id": "id",
                "columns": {"id": "INTEGER", "text": "STRING", "x": "FLOAT"}}],
     "edges": [{"file": "e.csv", "type": "NEXT", "from": {"column": "from", "label": "A"},
                "to": {"column": "to", "label": "A"}}]}
    """

  static let rows = 24_000

  /// Rows whose texts have line ends, quotes and commas, some of them long; identities count down
  /// in the second half.
  static func nodes() -> (file: [UInt8], texts: [Text]) {
    var random = SplitMix64(seed: 4)
    var file: [UInt8] = Array("id,text,x\n".utf8)
    var texts: [Text] = []
    for row in 0..<rows {
      var text = String(repeating: "tä,\"\n", count: Int(random.next() % 24))
      if row % 5_000 == 17 { text = String(repeating: "long \"\"\n", count: 40_000) }
      texts.append(Text(text))
      let quoted = text.replacing("\"", with: "\"\"")
      file += Array("\(identity(row)),\"\(quoted)\",\(row).5\r\n".utf8)
    }
    return (file, texts)
  }

  static func identity(_ row: Int) -> Int { row < rows / 2 ? row : rows + rows / 2 - row }

  static func edges() -> [UInt8] {
    var file = "from,to\n"
    for row in 1..<rows { file += "\(identity(row)),\(identity(row / 2))\n" }
    return Array(file.utf8)
  }

  static func importing(_ nodes: [UInt8], _ edges: [UInt8]) throws -> CSVImport {
    try CSVImport(try CSVMapping(json: Array(mapping.utf8))) { name in
      name == "a.csv" ? nodes : edges
    }
  }

  @Test func rowsGoOverTheBordersOfPieces() throws {
    let (nodes, texts) = Self.nodes()
    #expect(nodes.count > 3 << 20)
    let files = try Self.importing(nodes, Self.edges())
    #expect(files.nodeCount == Self.rows && files.edgeCount == Self.rows - 1)
    let database = try ExportTests.emptyDatabase(schema: nil)
    let receipt = try files.load(
      into: database, requestID: RequestID(high: 1, low: 1), actor: "test", reason: "a test")
    #expect(receipt.transactionCount == 4)
    let found = try database.query(
      "MATCH (a:A) WHERE a.id % 997 = 0 OR size(a.text) > 100000 RETURN a.id, a.text, a.x"
    ).rows
    #expect(found.count > 25)
    for row in found {
      guard case .integer(let id) = row[0] else { continue }
      let place = Int(id) < Self.rows / 2 ? Int(id) : Self.rows + Self.rows / 2 - Int(id)
      // An empty field is no property.
      #expect(row[1] == (texts[place].isEmpty ? .null : .string(texts[place])))
      #expect(row[2] == .float(Double(place) + 0.5))
    }
    let joined = try database.query("MATCH (a:A)-[:NEXT]->(b) RETURN count(a), sum(b.x)").rows[0]
    let sum = (1..<Self.rows).reduce(0.0) { $0 + Double($1 / 2) + 0.5 }
    #expect(joined[0] == .integer(Int64(Self.rows - 1)) && joined[1] == .float(sum))
  }

  @Test func faultsAreToldWhereTheyAre() throws {
    let (nodes, texts) = Self.nodes()
    let edges = Self.edges()
    let lines = texts.reduce(0) { $0 + $1.string.utf8.count { $0 == 10 } + 1 }
    func fault(_ nodes: [UInt8], _ edges: [UInt8]) -> StemmaError? {
      #expect(throws: StemmaError.self) { try Self.importing(nodes, edges) }
    }
    let number = fault(nodes + Array("70000,x,1.5.5\n".utf8), edges)
    #expect(number?.place == .file(path: "a.csv", line: lines + 2, column: 9))
    let twice = fault(nodes + Array("70000,x,1\n5,y,1\n".utf8), edges)
    #expect(twice?.place == .file(path: "a.csv", line: lines + 3, column: 1))
    let quote = fault(nodes + Array("70000,\"x,1\n".utf8), edges)
    #expect(quote?.message == "a quote is not closed")
    #expect(quote?.place == .file(path: "a.csv", line: lines + 2, column: 7))
    let end = fault(nodes, edges + Array("3,4\n99999,3\n".utf8))
    #expect(end?.place == .file(path: "e.csv", line: Self.rows + 2, column: 1))
  }

  @Test func quotesInsideOfPlainFieldsAreFaults() {
    let error = #expect(throws: StemmaError.self) {
      try Self.importing(Array("id,text,x\n1,a\"b,2\n".utf8), Array("from,to\n".utf8))
    }
    #expect(error?.place == .file(path: "a.csv", line: 2, column: 4))
  }

  /// A graph in JSON lines of several pieces; every third node has a key where wanted.
  static func lines(keys: Bool) -> String {
    var text = "{\"format\":\"stemma-graph\",\"version\":1}\n"
    let count = 6_000
    func name(_ node: Int) -> String { keys && node % 3 == 0 ? "\"K\(node)\"" : "\(node)" }
    for node in 0..<count {
      let filler = String(repeating: "é", count: node % 90)
      text += "{\"node\":\(name(node)),\"labels\":[\"A\"],\"properties\":{\"t\":\"\(filler)\","
      text += "\"x\":\(node).5}}\n"
    }
    for edge in 1..<count {
      let ends = "\"from\":\(name(edge / 3)),\"to\":\(name(edge))"
      text += "{\"edge\":\"NEXT\",\(ends),\"properties\":{\"n\":\(edge)}}\n"
    }
    return text + "{\"nodes\":\(count),\"edges\":\(count - 1),\"complete\":true}\n"
  }

  @Test(arguments: [true, false])
  func linesComeBackFromSeveralPieces(keys: Bool) throws {
    let text = Self.lines(keys: keys)
    let lines = try JSONLinesImport(Array(text.utf8), path: "g.jsonl")
    #expect(lines.nodeCount == 6_000 && lines.hasKeys == keys)
    let database = try ExportTests.emptyDatabase(schema: nil)
    func load() throws -> LoadReceipt {
      try lines.load(
        into: database, requestID: RequestID(high: 2, low: 1), actor: "test", reason: "a test")
    }
    #expect(try !load().wasRepeated)
    #expect(try load().wasRepeated)
    let again = try ExportTests.export(database).text
    #expect(again.split(separator: "\n").sorted() == text.split(separator: "\n").sorted())
  }

  @Test func faultsInLinesAreToldWhereTheyAre() throws {
    let text = Self.lines(keys: true)
    let count = text.utf8.count { $0 == 10 }
    func fault(_ text: String) -> StemmaError? {
      #expect(throws: StemmaError.self) {
        try JSONLinesImport(Array(text.utf8), path: "g.jsonl")
      }
    }
    let after = fault(text + "{}\n")
    #expect(after?.place == .file(path: "g.jsonl", line: count + 1, column: 1))
    let end = fault(text.replacing("\"to\":5999", with: "\"to\":7999"))
    #expect(end?.message == "there is no node 7999" || end?.message == "there is no node K7999")
    let broken = fault(text.replacing("{\"n\":5998}", with: "{\"n\":}"))
    #expect(broken?.place == .file(path: "g.jsonl", line: 1 + 6_000 + 5_998, column: 56))
  }
}
