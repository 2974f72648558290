// A store as small as can be with something of everything: a schema, indexes, keys, sealed ranges
// of 64 identities with several encodings and with changes, rows behind them, versions, deletions,
// a hub, long texts, a redaction, entries of the audit trail, free pages and objects.

import Base
import Cypher
import Glibc
import Graph
import Store
import Synchronization

enum TamperStore {
  private static let schema = """
    CREATE GRAPH TYPE small {
      /// @key A
      /// @index (tag, x)
      (A :A { x INT64, tag STRING, text STRING }),
      /// @unique (name)
      (B :B { name STRING NOT NULL, half FLOAT64, flag BOOLEAN, day DATE, words LIST<STRING>,
        raw BYTES, clock LOCAL TIME, noon ZONED TIME, moment LOCAL DATETIME,
        instant ZONED DATETIME, took DURATION }),
      (:A)-[R :R { w INT64 }]->(:A),
      /// @one
      (:B)-[S :S]->(:A)
    }
    """

  /// Time and chance from counters, so that the store is the same each time.
  static func surroundings() -> Surroundings {
    let source = Source()
    return Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000) },
      random: { source.next() })
  }

  private final class Source: Sendable {
    private let state = Mutex(SplitMix64(seed: 5))
    func next() -> UInt64 { state.withLock { $0.next() } }
  }

  static func make(in folder: String) throws {
    let (first, second) = (surroundings(), surroundings())
    do {
      let graph = try Graph.create(
        at: folder, schema: try GraphTypeParser.parse(schema), surroundings: first,
        layout: GraphLayout(rangeShift: 6))
      for (number, operations) in before.enumerated() { try append(number, operations, graph) }
      try graph.store.objects.put(Array("an object\n".utf8))
      try graph.store.objects.put((0..<40).map { UInt8($0) })
      // A row that does not fit on its page, and a file.
      for count in [5_000, ObjectRows.largestBytes + 16] {
        try graph.store.objects.put((0..<count).map { UInt8($0 & 0xFF) })
      }
    }
    _ = try Graph.withhold(
      "text", ofNode: "A2", at: folder, actor: "tamper", reason: "to be gone",
      surroundings: second)
    let graph = try Graph.open(at: folder, surroundings: second)
    for (number, operations) in after.enumerated() { try append(100 + number, operations, graph) }
  }

  /// The store that is kept for ever: the same without free pages and without a lock file.
  static func makeFixture(in folder: String) throws {
    try make(in: folder)
    _ = try Store.compact(at: folder)
    let graph = try Graph.open(at: folder, surroundings: surroundings())
    for number in 900..<905 { try append(number, [a(number)], graph) }
    unlink(folder + "/lock.mdb")
    // The last transactions are in the journal, and the tables are as if the power had gone.
    withExtendedLifetime(graph) { _exit(0) }
  }

  private static func append(_ number: Int, _ operations: [Operation], _ graph: Graph) throws {
    _ = try graph.append(
      TransactionRequest(
        requestID: RequestID(high: 9, low: UInt64(number)), actor: "tamper",
        reason: "something of everything", operations: operations))
  }

  private static func a(_ number: Int) -> Operation {
    var properties = [
      Property("x", .integer(Int64(number * 3))),
      Property("tag", .string(Text("tag \(number % 3)"))),
    ]
    if number < 4 {
      properties.append(
        Property("text", .string(Text("a text of \(number) that lies in the log only"))))
    }
    return .createNode(labels: ["A"], key: nil, properties: properties)
  }

  private static func b(_ number: Int) -> Operation {
    var properties = [Property("name", .string(Text("b\(number)")))]
    switch number % 10 {
    case 0: properties.append(Property("half", .float(Double(number) / 2)))
    case 1: properties.append(Property("flag", .boolean(number % 20 == 1)))
    case 2: properties.append(Property("day", .date(CalendarDate(daysSinceEpoch: 20_000))))
    case 3: properties.append(Property("words", .list([.string("one"), .string("two")])))
    case 4: properties.append(Property("raw", .bytes([0, 1, 0xFF])))
    default: properties.append(time(number))
    }
    return .createNode(labels: ["B"], key: nil, properties: properties)
  }

  /// A property of each kind of time.
  private static func time(_ number: Int) -> Property {
    let noon = LocalTime(nanosecondsOfDay: 43_200_000_000_001)
    let day = CalendarDate(daysSinceEpoch: -1)
    switch number % 10 {
    case 5: return Property("clock", .localTime(noon))
    case 6: return Property("noon", .time(ZonedTime(local: noon, offsetSeconds: 3_600)))
    case 7: return Property("moment", .localDateTime(LocalDateTime(date: day, time: noon)))
    case 8:
      return Property(
        "instant",
        .dateTime(
          ZonedDateTime(
            secondsSinceEpoch: 1_700_000_000, nanosecondsOfSecond: 5, offsetSeconds: 3_600,
            zoneName: "Europe/Stockholm")))
    default:
      return Property(
        "took",
        .duration(CalendarDuration(months: 1, days: -2, seconds: 3, nanosecondsOfSecond: 4)))
    }
  }

  private static func r(_ from: Int, _ to: Int) -> Operation {
    .createEdge(
      type: "R", from: .id(NodeID(UInt64(from))), to: .id(NodeID(UInt64(to))),
      properties: from % 2 == 0 ? [Property("w", .integer(Int64(from)))] : [])
  }

  /// Two nodes more than a range, and edges; node 0 becomes a hub.
  private static var before: [[Operation]] {
    [
      (0..<44).map(a) + (44..<66).map(b),
      (1..<44).map { r($0, $0 < 24 ? 0 : $0 / 2) }
        + (44..<66).map { number in
          .createEdge(
            type: "S", from: .id(NodeID(UInt64(number))), to: .id(NodeID(UInt64(number - 44))),
            properties: [])
        },
    ]
  }

  /// Changes of what is sealed and what is not, and entries of the trail.
  private static var after: [[Operation]] {
    [
      [
        .setProperty(of: .node(.key("A1")), Property("x", .integer(-1))),
        .setProperty(of: .node(.id(NodeID(65))), Property("name", .string("renamed"))),
        .setProperty(of: .edge(.id(EdgeID(1))), Property("w", .null)),
        .deleteEdge(.id(EdgeID(2))), .deleteEdge(.id(EdgeID(30))), .deleteEdge(.id(EdgeID(64))),
      ],
      [
        .deleteNode(.id(NodeID(40)), detach: true), a(66), r(2, 66),
        .createNode(
          labels: ["B"], key: nil,
          properties: [
            Property("name", .string(Text(String(repeating: "a long name ", count: 100))))
          ]),
      ],
      [
        .trail(
          TrailEntry(
            .checkpoint, about: TransactionNumber(3), name: "first",
            content: Array("a note".utf8)))
      ],
    ]
  }
}
