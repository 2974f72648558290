// Records: bytes and back, what the header commits to, redaction, and bytes that lie.

import Base
import Graph
import Testing

/// Seeded random records.
struct RandomRecords {
  var random: SplitMix64
  private var lastNode: UInt64 = 0
  private var lastEdge: UInt64 = 0

  init(random: SplitMix64) { self.random = random }

  mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  mutating func text() -> Text { Text("name-\(below(50))") }

  /// Names that come again, so that shapes do.
  mutating func name() -> Text { Text("n\(below(2))") }

  mutating func value() -> Value {
    switch below(6) {
    case 0: .null
    case 1: .integer(Int64(bitPattern: random.next()))
    case 2: .float(Double(below(1000)) / 3)
    case 3: .string(Text(String(repeating: "é", count: below(300))))
    case 4: .list([.boolean(true), .date(CalendarDate(daysSinceEpoch: Int64(below(9))))])
    default: .map(ValueMap([("b", .null), ("aa", .bytes([1])), ("c", .float(.nan))]))
    }
  }

  mutating func properties() -> [Property] {
    (0..<below(3)).map { _ in Property(name(), value()) }
  }

  /// Mostly the identities after the last ones, as records have them.
  mutating func operation() -> LoggedOperation {
    if below(3) == 0 { (lastNode, lastEdge) = (UInt64(below(1000)), UInt64(below(1000))) }
    let node = NodeID(lastNode)
    let edge = EdgeID(lastEdge)
    lastNode += 1
    lastEdge += 1
    switch below(19) {
    case 0, 11, 12, 13, 14:
      return .createNode(
        node, labels: [name(), name()], key: below(2) == 0 ? nil : text(),
        properties: properties())
    case 1, 15, 16, 17:
      return .createEdge(
        edge, type: name(), from: node, to: NodeID(NodeID.limit - 1), properties: properties())
    case 2: return .setNodeProperty(node, Property(text(), value()))
    case 3: return .setEdgeProperty(edge, Property(text(), value()))
    case 4: return .addLabel(node, text())
    case 5: return .removeLabel(node, text())
    case 6: return .deleteNode(node)
    case 7: return .deleteEdge(edge)
    case 8: return .defineSchema(schema())
    case 9:
      return .createIndex(
        IndexDefinition(name: text(), label: text(), properties: [text(), text()], isUnique: true))
    default: return .dropIndex(name: text())
    }
  }

  mutating func schema() -> GraphType {
    let property = PropertyType(
      name: text(), valueType: .floatList, isRequired: true, allowed: [text()],
      documentation: "words", line: below(99))
    return GraphType(
      name: "lineage",
      nodeTypes: [
        NodeType(
          label: text(), keyPrefix: below(2) == 0 ? nil : "P", properties: [property],
          documentation: "", provenanceClass: "Entity", line: 3)
      ],
      edgeTypes: [
        EdgeType(
          type: text(), from: text(), to: text(), properties: [property], isManyToOne: true,
          documentation: "", line: 4)
      ],
      indexes: [IndexDefinition(name: text(), label: text(), properties: [text()])],
      source: "CREATE GRAPH TYPE ...")
  }

  mutating func header() -> RecordHeader {
    RecordHeader(
      store: Array(0..<16), transaction: TransactionNumber(UInt64(below(1 << 40))),
      committedAt: Timestamp(microsecondsSinceEpoch: Int64(below(1 << 50))), actor: text(),
      onBehalfOf: below(2) == 0 ? nil : text(), reason: text(),
      requestID: RequestID(high: random.next(), low: random.next()), toolVersion: "0.1",
      queryHash: below(2) == 0 ? nil : SHA256.hash([1]),
      parametersHash: below(2) == 0 ? nil : SHA256.hash([2]),
      schemaHash: below(2) == 0 ? nil : SHA256.hash([3]))
  }

  mutating func record() throws -> LogRecord {
    let secret = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return try LogRecord(
      header: header(), secret: secret, operations: (0..<below(16)).map { _ in operation() })
  }
}

@Suite struct LogRecordTests {
  @Test func everyRecordComesBack() throws {
    var records = RandomRecords(random: SplitMix64(seed: 1))
    for _ in 0..<500 {
      let record = try records.record()
      let read = try LogRecord(bytes: record.bytes)
      #expect(read.bytes == record.bytes)
      #expect(read.header == record.header)
      #expect(read.leaf == MerkleTree.leaf(read.header.bytes))
      #expect(read.isAuthentic)
      #expect(read.headerBytes.count < RecordHeader.limitBytes)
    }
  }

  /// What is made by walking over the bytes is what is made of the operations, and everything is
  /// where it is said to be.
  @Test func aTranscriptIsThePlainForm() throws {
    var records = RandomRecords(random: SplitMix64(seed: 2))
    for number in 0..<500 {
      var record = try records.record()
      if number.isMultiple(of: 3),
        let place = record.operations.firstIndex(where: { !$0.properties.isEmpty })
      {
        let position = ValuePosition(operation: place, property: 0)
        record = try #require(record.withholding(position))
      }
      let transcript = try RecordTranscript(record.bytes.span.bytes)
      #expect(transcript.bytes == record.plainBytes)
      #expect(transcript.headerBytes == record.headerBytes)
      #expect(transcript.operations.count == record.operations.count)
      for (index, operation) in transcript.operations.enumerated() {
        let original = record.operations[index]
        #expect(operation.values.count == original.properties.count)
        for (offset, value) in operation.values.enumerated() {
          let position = ValuePosition(operation: index, property: offset)
          let isWithheld = record.withheld[position] != nil
          #expect(transcript.isWithheld(transcript.values[value]) == isWithheld)
          if isWithheld { continue }
          var writer = CBORWriter()
          _ = writer.value(original.properties[offset].value)
          #expect(Array(transcript.bytes[transcript.values[value]]) == writer.bytes)
        }
        #expect(operation.shape.map { transcript.shapes[$0] } == RecordShape(of: original))
        if case .createNode(let node, _, let key, _) = original {
          #expect(operation.identity == node.rawValue)
          let text = operation.key.flatMap { Text(validatingUTF8: transcript.bytes[$0]) }
          #expect(text == key)
        }
        if case .createEdge(let edge, _, let from, let to, _) = original {
          #expect(operation.identity == edge.rawValue)
          #expect(operation.from == from.rawValue && operation.to == to.rawValue)
        }
      }
    }
  }

  @Test func brokenBytesMakeNoTranscript() throws {
    var records = RandomRecords(random: SplitMix64(seed: 4))
    for _ in 0..<300 {
      var bytes = try records.record().bytes
      bytes[records.below(bytes.count)] ^= UInt8(1 << records.below(8))
      _ = try? RecordTranscript(bytes.span.bytes)
      #expect(throws: StemmaError.self) {
        try RecordTranscript(Array(bytes.dropLast(1 + records.below(bytes.count))).span.bytes)
      }
    }
  }

  @Test func theLongestHeaderStaysUnderItsLimit() throws {
    var records = RandomRecords(random: SplitMix64(seed: 3))
    var header = records.header()
    header.actor = Text(String(repeating: "a", count: RecordHeader.actorLimitBytes))
    header.onBehalfOf = header.actor
    header.reason = Text(String(repeating: "r", count: RecordHeader.reasonLimitBytes))
    header.toolVersion = Text(String(repeating: "t", count: RecordHeader.toolVersionLimitBytes))
    header.queryHash = SHA256.hash([1])
    header.parametersHash = header.queryHash
    header.schemaHash = header.queryHash
    let record = try LogRecord(header: header, secret: Array(0..<32), operations: [])
    #expect(try LogRecord(bytes: record.bytes).header == record.header)
    header.reason = Text(header.reason.string + "r")
    #expect(throws: StemmaError.self) {
      try LogRecord(header: header, secret: Array(0..<32), operations: [])
    }
  }

  @Test func aValueThatIsWithheldLeavesEveryProofAsItWas() throws {
    var records = RandomRecords(random: SplitMix64(seed: 2))
    var withheldSome = 0
    for _ in 0..<200 {
      let record = try records.record()
      var current = record
      for (index, operation) in record.operations.enumerated() {
        for property in operation.properties.indices where records.below(2) == 0 {
          let position = ValuePosition(operation: index, property: property)
          let redacted = try #require(current.withholding(position))
          #expect(redacted.headerBytes == record.headerBytes)
          #expect(redacted.operationLeaves == record.operationLeaves)
          #expect(redacted.isAuthentic)
          #expect(redacted.withholding(position) == nil)
          let read = try LogRecord(bytes: redacted.bytes)
          #expect(read.bytes == redacted.bytes)
          #expect(read.withheld.keys.contains(position))
          #expect(read.committedForm(of: index) == record.committedForm(of: index))
          if case .secret = read.salts { Issue.record("the secret is still there") }
          current = read
          withheldSome += 1
        }
      }
    }
    #expect(withheldSome > 100)
  }

  @Test func anOperationIsProvenWithoutTheOthers() throws {
    var records = RandomRecords(random: SplitMix64(seed: 6))
    let record = try LogRecord(
      header: records.header(), secret: Array(0..<32),
      operations: (0..<13).map { _ in records.operation() })
    let leaves = try #require(record.operationLeaves)
    for index in leaves.indices {
      let form = try #require(record.committedForm(of: index))
      let proof = MerkleTree.inclusionProof(of: index, in: leaves)
      #expect(
        MerkleTree.verifyInclusion(
          MerkleTree.leaf(form), at: UInt64(index), size: 13, proof: proof,
          root: record.header.operationsRoot))
    }
  }

  @Test func aChangedOperationIsNoticed() throws {
    var records = RandomRecords(random: SplitMix64(seed: 4))
    let honest = Property("score", .float(4.999))
    let record = try LogRecord(
      header: records.header(), secret: Array(0..<32),
      operations: [.setNodeProperty(NodeID(1), honest)])
    let forged = try LogRecord(
      header: record.header, secret: Array(0..<32),
      operations: [.setNodeProperty(NodeID(1), Property("score", .float(0.01)))])
    var bytes = forged.bytes
    // The forger keeps the honest header.
    let start = 1 + 2 + (forged.headerBytes.count > 255 ? 1 : 0)
    bytes.replaceSubrange(start..<start + forged.headerBytes.count, with: record.headerBytes)
    #expect(try !LogRecord(bytes: bytes).isAuthentic)
    #expect(try LogRecord(bytes: record.bytes).isAuthentic)
  }

  @Test func everyFlippedBitIsRefusedOrNotAuthenticOrAnotherHeader() throws {
    var records = RandomRecords(random: SplitMix64(seed: 5))
    for _ in 0..<2 {
      let record = try records.record()
      let bytes = record.bytes
      for bit in 0..<bytes.count * 8 {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let read = try? LogRecord(bytes: flipped) else { continue }
        let isOtherHeader = read.headerBytes != record.headerBytes
        // A record without values has no use for its secret.
        let isUnusedSecret = read.operations == record.operations && record.allSalts.isEmpty
        #expect(isOtherHeader || !read.isAuthentic || isUnusedSecret)
      }
    }
  }

  @Test func randomBytesNeverTrap() {
    var random = SplitMix64(seed: 12)
    for _ in 0..<20_000 {
      let count = Int(random.next() % 80)
      let input = (0..<count).map { index in
        index == 0 ? 0x84 : UInt8(truncatingIfNeeded: random.next())
      }
      #expect((try? LogRecord(bytes: input)) == nil)
    }
  }

  @Test func entitiesCannotBeLogged() throws {
    var records = RandomRecords(random: SplitMix64(seed: 9))
    #expect(throws: StemmaError.self) {
      try LogRecord(
        header: records.header(), secret: Array(0..<32),
        operations: [.setNodeProperty(NodeID(1), Property("x", .node(NodeID(2))))])
    }
  }
}
