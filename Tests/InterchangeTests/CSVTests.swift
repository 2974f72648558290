// CSV files: fields as RFC 4180 has them, numbers exactly, faults with their places, loads that are
// all or nothing.

import Base
import Graph
import Stemma
import TestSupport
import Testing

@testable import Interchange

@Suite struct CSVTests {
  static let mapping = """
    {"nodes": [
       {"file": "people.csv", "label": "Person", "id": "id", "columns": {
          "id": "INTEGER", "name": "STRING", "score": "FLOAT", "isActive": "BOOLEAN",
          "born": {"property": "birthday", "type": "DATE"}}},
       {"file": "things.csv", "label": "Thing", "id": "name", "columns": {"name": "STRING"}}],
     "edges": [
       {"file": "owns.csv", "type": "OWNS", "from": {"column": "who", "label": "Person"},
        "to": {"column": "what", "label": "Thing"}, "columns": {"since": "INTEGER"}}],
     "indexes": [{"name": "person", "label": "Person", "properties": ["id"]}]}
    """

  static let files = [
    "people.csv": """
    id,name,score,isActive,born\r
    0,"a, ""b""
    c",0.1,true,2001-02-03\r
    7,,,,\r

    """,
    "things.csv": "ignored,name\n1,lamp\n\n2,Tür\n",
    "owns.csv": "who,what,since\n7,lamp,2020\n0,Tür,\n",
  ]

  static func load(
    _ files: [String: String], into database: Database
  ) throws -> LoadReceipt {
    let mapping = try CSVMapping(json: Array(mapping.utf8))
    return try CSVImport(mapping) { Array((files[$0] ?? "").utf8) }.load(
      into: database, requestID: RequestID(high: 1, low: 1), actor: "test", reason: "a test")
  }

  @Test func filesBecomeAGraph() throws {
    let database = try ExportTests.emptyDatabase(schema: nil)
    #expect(try Self.load(Self.files, into: database).transactionCount == 3)
    let people = try database.query("MATCH (p:Person) RETURN properties(p) ORDER BY p.id").rows
    #expect(
      people[0][0]
        == .map(
          ValueMap([
            ("id", .integer(0)), ("name", .string("a, \"b\"\nc")), ("score", .float(0.1)),
            ("isActive", .boolean(true)),
            ("birthday", .date(try CalendarDate(parsing: "2001-02-03"))),
          ])))
    #expect(people[1][0] == .map(ValueMap([("id", .integer(7))])))
    let owned = try database.query(
      "MATCH (p:Person)-[o:OWNS]->(t) RETURN p.id, t.name, o.since ORDER BY p.id"
    ).rows
    #expect(owned.map { $0[1] } == [.string("Tür"), .string("lamp")])
    #expect(owned.map { $0[2] } == [.null, .integer(2020)])
    // Again: refused, and nothing more is there.
    #expect(throws: StemmaError.self) { try Self.load(Self.files, into: database) }
    #expect(try database.query("MATCH (n) RETURN count(n)").rows[0][0] == .integer(4))
  }

  @Test("a byte order mark is no part of the heading, quoted or not")
  func byteOrderMark() throws {
    for heading in ["id,name,score,isActive,born", #""id","name",score,isActive,born"#] {
      let database = try ExportTests.emptyDatabase(schema: nil)
      var files = Self.files
      files["people.csv"] = "\u{FEFF}\(heading)\n0,x,inf,,\n7,y,-1e-999,,\n"
      _ = try Self.load(files, into: database)
      let scores = try database.query("MATCH (p:Person) RETURN p.score ORDER BY p.id").rows
      #expect(scores.map { $0[0] } == [.float(.infinity), .float(-0.0)])
    }
  }

  private static let schema = """
    CREATE GRAPH TYPE people {
      (:Person {id :: INTEGER NOT NULL, name :: STRING, score :: FLOAT,
        isActive :: BOOLEAN NOT NULL, birthday :: DATE}),
      (:Thing {name :: STRING NOT NULL}),
      (:Person)-[:OWNS {since :: INTEGER NOT NULL}]->(:Thing)
    }
    """

  @Test(
    "what a schema, an index or a key refuses is told with its place in the file",
    arguments: [
      ("people.csv", "id,name,score,isActive,born\n0,x,1.5,true,\n7,é,1.5,,\n", 3, 10),
      ("owns.csv", "who,what,since\n7,lamp,2020\n\n0,Tür,\n", 4, 8),
    ])
  func refusals(file: String, text: String, line: Int, column: Int) throws {
    let database = try ExportTests.emptyDatabase(schema: Self.schema)
    var files = Self.files
    files["people.csv"] = "id,name,score,isActive,born\n0,x,1.5,true,\n7,y,,false,\n"
    files["owns.csv"] = "who,what,since\n7,lamp,2020\n"
    files[file] = text
    do {
      _ = try Self.load(files, into: database)
      Issue.record("it was loaded")
    } catch let error as StemmaError {
      #expect(error.code == .schemaViolation)
      #expect(error.place == .file(path: file, line: line, column: column))
      #expect(error.message.contains("(schema people, line "), "\(error.message)")
    }
    #expect(try database.query("MATCH (n) RETURN count(n)").rows[0][0] == .integer(0))
  }

  @Test("what is there twice is told with its place") func twice() throws {
    let database = try ExportTests.emptyDatabase(schema: nil)
    _ = try database.append(
      TransactionRequest(
        requestID: RequestID(high: 9, low: 9), actor: "test", reason: "a unique index",
        operations: [
          .createIndex(
            IndexDefinition(
              name: "people", label: "Person", properties: ["name"], isUnique: true))
        ]))
    var files = Self.files
    files["people.csv"] = "id,name,score,isActive,born\n0,x,1.5,true,\n7,x,,false,\n"
    do {
      _ = try Self.load(files, into: database)
      Issue.record("it was loaded")
    } catch let error as StemmaError {
      #expect(error.place == .file(path: "people.csv", line: 3, column: 3))
    }
    let lines = """
      {"format":"stemma-graph","version":1}
      {"node":"P1","labels":["Person"],"properties":{"a":1,"name":"x"}}

      {"node":"P2","labels":["Person"],"properties":{"é":1,"name":"x"}}
      {"complete":true,"nodes":2,"edges":0}

      """
    do {
      _ = try JSONLinesImport(Array(lines.utf8), path: "g.jsonl").load(
        into: database, requestID: RequestID(high: 1, low: 2), actor: "test", reason: "a test")
      Issue.record("it was loaded")
    } catch let error as StemmaError {
      #expect(error.place == .file(path: "g.jsonl", line: 4, column: 55))
    }
  }

  @Test(
    "what is wrong is told with its place, and nothing is imported",
    arguments: [
      ("people.csv", "id,name,score,isActive,born\n0,x,1.5,,\n1,y,one,,\n", 3, 5),
      ("people.csv", "id,name,score,isActive\n", 1, 1),
      ("people.csv", "id,name,score,isActive,born\n0,x\n", 2, 1),
      ("people.csv", "id,name,score,isActive,born\n0,\"x,1,,\n", 2, 3),
      ("people.csv", "id,name,score,isActive,born\n0,,,,\n0,,,,\n", 3, 1),
      ("people.csv", "id,name,score,isActive,born\n0,x,1e999,,\n", 2, 5),
      ("people.csv", "\u{FEFF}id,name,score,isActive,born\n0,x,one,,\n", 2, 5),
      ("owns.csv", "who,what,since\n7,lamp,2020\n0,chair,\n", 3, 3),
      ("owns.csv", "who,what,since\n7,lamp,99999999999999999999\n", 2, 8),
    ])
  func faults(file: String, text: String, line: Int, column: Int) throws {
    let database = try ExportTests.emptyDatabase(schema: nil)
    var files = Self.files
    files[file] = text
    let error = #expect(throws: StemmaError.self) { try Self.load(files, into: database) }
    #expect(error?.code == .fileUnreadable)
    #expect(error?.place == .file(path: file, line: line, column: column))
    #expect(try database.lastTransaction() == .zero)
  }

  /// No runner of this store vouches for it, whatever it was where it came from.
  @Test func whatIsImportedIsClaimed() throws {
    let database = try ExportTests.emptyDatabase(schema: nil)
    let mapping = try CSVMapping(
      json: Array(
        """
        {"nodes": [{"file": "evals.csv", "label": "Eval",
          "columns": {"value": "FLOAT", "how": {"property": "standing", "type": "STRING"}}}],
         "edges": []}
        """.utf8))
    let file = "value,how\n0.5,attested\n0.6,claimed\n0.7,\"attested\"\n0.8,\n0.9,attest\n"
    _ = try CSVImport(mapping) { _ in Array(file.utf8) }.load(
      into: database, requestID: RequestID(high: 1, low: 1), actor: "test", reason: "a test")
    let standings = try database.query("MATCH (e:Eval) RETURN e.standing ORDER BY e.value").rows
    #expect(
      standings.map { $0[0] }
        == [.text("claimed"), .text("claimed"), .text("claimed"), .null, .text("attest")])
  }

  @Test func floatsAreRoundedAsTheCompilerDoes() {
    var random = SplitMix64(seed: 3)
    func check(_ text: String) {
      var reader = CSVReader(Array(text.utf8))
      #expect((try? reader.next()) == true)
      #expect(reader.float(0)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
    let edges = ["0", "-0.0", "1e22", "1e23", "5e-324", "1.7976931348623157e308", ".5", "5.", "1e"]
    for text in edges { check(text) }
    for _ in 0..<2_000 {
      let digits = random.next() % 10_000_000_000
      check("\(digits)e\(Int(random.next() % 60) - 30)")
      check("\(digits % 1000).\(digits)")
      check("\(Double(bitPattern: random.next() >> 2))")
    }
  }

  @Test func integersAreExactToTheirLimits() {
    for (text, value) in [
      ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("-0", 0), ("007", 7),
    ] {
      var reader = CSVReader(Array(text.utf8))
      #expect((try? reader.next()) == true)
      #expect(reader.integer(0) == value)
    }
    for text in ["9223372036854775808", "-9223372036854775809", "-", "1.0", "+1", "x"] {
      var reader = CSVReader(Array(text.utf8))
      #expect((try? reader.next()) == true)
      #expect(reader.integer(0) == nil)
    }
  }
}
