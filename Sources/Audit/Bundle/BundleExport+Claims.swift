// What the loop claims, and on what evidence: for each comparison with a verdict and each finding,
// everything that can be reached from it; and what was rejected, with who or what decided. Each
// claim gets a receipt of its own, and what won an in-toto statement.

import Base
import Graph
import Signing
import Stemma

extension BundleExport {
  /// Claims, or what was rejected, that are worked on at once.
  private static let claimsAtOnce = 64

  mutating func writeClaims(
    _ view: borrowing GraphView, _ progress: (String, Int, Int) -> Void
  ) throws {
    let file = try BundleFolder.File(try folder.place("claims.json"))
    let worker = ClaimWorker(trail: trail, graph: graph, checkpoint: checkpoint.note)
    try file.write("{\n\"claims\": [")
    var isFirst = true
    try forEach(tally.claims, { try worker.claims($0, $1) }) { part, done in
      for claim in part {
        try file.write(isFirst ? "\n" : ",\n")
        isFirst = false
        try file.write(claim.json)
        for (name, text) in claim.files where folder.files[name] == nil {
          try folder.file(name, text)
        }
        claimCount += 1
      }
      progress("claims", done, tally.claims.count)
    }
    try file.write("],\n\"rejected\": [")
    isFirst = true
    try forEach(tally.rejected, { try worker.rejections($0, $1) }) { part, _ in
      for json in part {
        try file.write(isFirst ? "\n" : ",\n")
        isFirst = false
        try file.write(json)
      }
    }
    try file.write("]\n}\n")
    try folder.settle(file, as: "claims.json")
  }

  /// Works on nodes by all processors, in their order.
  private func forEach<Part: Sendable>(
    _ nodes: [UInt64],
    _ make: @escaping @Sendable ([UInt64], borrowing GraphView) throws -> Part,
    take: (Part, _ done: Int) throws -> Void
  ) throws {
    let (database, last, size) = (
      trail.database, TransactionNumber(checkpoint.size), Self.claimsAtOnce
    )
    try LoadWork.inOrder((nodes.count + size - 1) / size) { index in
      let part = Array(nodes[index * size..<min(nodes.count, (index + 1) * size)])
      return Result { try database.readLog(at: last) { try make(part, $0) } }
    } take: { part, index in
      try take(try part.get(), min(nodes.count, (index + 1) * size))
    }
  }
}

/// What a claim gives to a bundle.
struct BundleClaim: Sendable {
  var json: [UInt8]
  /// Its receipt and its statements.
  var files: [(name: String, text: String)] = []
}

/// Follows claims to their evidence; shared by all threads.
struct ClaimWorker: Sendable {
  let trail: AuditTrail
  let graph: BundleGraph
  let checkpoint: SignedNote

  /// Records of evidence that are listed for one claim.
  private static let evidenceLimit = 2_000

  func claims(_ nodes: [UInt64], _ view: borrowing GraphView) throws -> [BundleClaim] {
    var proven = ProvenRecords()
    return try nodes.compactMap { id in
      guard let node = try graph.node(id, view) else { return nil }
      let (evidence, isWhole) = try evidence(of: id, view)
      var json = PlainJSON()
      json.claim(node, evidence, isWhole: isWhole)
      var claim = BundleClaim(json: json.bytes)
      if let key = node.key, let subject = ReceiptSubject(key.string) {
        let receipt = try trail.receipt(
          for: subject, text: key.string, checkpoint: checkpoint, view, &proven)
        claim.files.append(("proofs/\(Self.fileName(key)).tlog-proof", receipt.rendered))
      }
      if node.labels.contains("Comparison"), node.text("verdict") == "better" {
        claim.files += try statements(node, view)
      }
      return claim
    }
  }

  /// Everything that can be reached from a claim, in the order of the numbers.
  private func evidence(
    of claim: UInt64, _ view: borrowing GraphView
  ) throws -> (nodes: [BundleNode], isWhole: Bool) {
    var evidence: [UInt64] = []
    var seen: Set<UInt64> = [claim]
    var waiting = [claim]
    while let next = waiting.popLast(), evidence.count < Self.evidenceLimit {
      // What supports a finding points at it; otherwise evidence is where the edges lead.
      for link in try graph.links(of: next, view)
      where link.isOutgoing || link.type == "SUPPORTS" || link.type == "REFUTES" {
        guard seen.insert(link.neighbour).inserted else { continue }
        evidence.append(link.neighbour)
        waiting.append(link.neighbour)
      }
    }
    return (try evidence.sorted().compactMap { try graph.node($0, view) }, waiting.isEmpty)
  }

  func rejections(_ nodes: [UInt64], _ view: borrowing GraphView) throws -> [[UInt8]] {
    try nodes.map { id in
      let deciders = try graph.links(of: id, view).filter {
        !$0.isOutgoing && ($0.type == "DECIDES" || $0.type == "CRITIQUES")
      }
      var json = PlainJSON()
      json.raw("{\"record\": ")
      json.string(try graph.name(of: id, view))
      json.raw(", \"by\": ")
      json.list(try deciders.map { Text(try graph.name(of: $0.neighbour, view)) }.sorted())
      json.raw("}")
      return json.bytes
    }
  }

  /// A file's name from a key, which may hold anything.
  private static func fileName(_ key: Text) -> String {
    String(
      key.string.unicodeScalars.map { scalar in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.value - 48 < 10)
        return isPlain ? Character(scalar) : "_"
      })
  }

  /// in-toto statements (v1, test-result v0.1) for proposals that won a comparison.
  private func statements(
    _ comparison: BundleNode, _ view: borrowing GraphView
  ) throws -> [(name: String, text: String)] {
    var statements: [(name: String, text: String)] = []
    for link in try graph.links(of: comparison.id, view)
    where link.isOutgoing && link.type == "COMPARES" {
      guard let proposal = try graph.node(link.neighbour, view), let tree = proposal.text("tree"),
        let key = proposal.key, let cited = comparison.key
      else { continue }
      var json = PlainJSON()
      json.raw("{\"_type\": \"https://in-toto.io/Statement/v1\",\n\"subject\": [{\"name\": ")
      json.string("tree of \(key)")
      json.raw(", \"digest\": {\"sha256\": ")
      json.string(tree)
      json.raw("}}],\n\"predicateType\": \"https://in-toto.io/attestation/test-result/v0.1\",\n")
      json.raw("\"predicate\": {\"result\": \"PASSED\", \"configuration\": [{\"uri\": ")
      json.string(trail.origin + "#" + cited.string)
      json.raw("}], \"passedTests\": [")
      let test = comparison.text("test") ?? "comparison"
      json.string("\(test) on \(comparison.text("metric") ?? "")")
      json.raw("]}}\n")
      let name = "statements/\(Self.fileName(key))-\(Self.fileName(cited)).intoto.json"
      statements.append((name, String(decoding: json.bytes, as: UTF8.self)))
    }
    return statements
  }
}

extension BundleNode {
  /// Statuses of proposals that nobody goes on with.
  static let rejected: Set<String> = ["rejected", "refuted", "invalid", "terminated"]

  /// Whether it says that something is so, on evidence.
  var isClaim: Bool {
    labels.contains("Finding") || (labels.contains("Comparison") && text("verdict") != nil)
  }
}

extension PlainJSON {
  mutating func claim(_ claim: BundleNode, _ evidence: [BundleNode], isWhole: Bool) {
    raw("{\"claim\": ")
    string(claim.name)
    raw(", \"labels\": ")
    list(claim.labels)
    raw(", \"says\": ")
    string(claim.text("statement") ?? claim.text("verdict") ?? "")
    raw(", \"complete\": \(isWhole), \"evidence\": {")
    let byLabel = Dictionary(grouping: evidence) { $0.labels.first ?? "" }
    for (index, label) in byLabel.keys.sorted().enumerated() {
      if index > 0 { raw(", ") }
      string(label)
      raw(": ")
      list(byLabel[label]!.map { Text($0.name) })
    }
    raw("}, \"standing\": {")
    var standings: [(Text, Int)] = []
    for standing in ["attested", "claimed"] {
      standings.append(
        (Text(standing), evidence.count(where: { $0.text("standing") == standing })))
    }
    raw(standings.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}}")
  }
}
