// What the loop claims, and on what evidence: for each comparison with a verdict and each finding,
// everything that can be reached from it; and what was rejected, with who or what decided. Each
// claim gets a receipt of its own, and what won an in-toto statement.

import Base
import Graph
import Signing

extension BundleExport {
  /// Records of evidence that are listed for one claim.
  private static let evidenceLimit = 2_000

  mutating func writeClaims(_ view: borrowing GraphView) throws {
    var nodes: [UInt64: BundleNode] = [:]
    var out: [UInt64: [(type: Text, to: UInt64)]] = [:]
    var into: [UInt64: [(type: Text, from: UInt64)]] = [:]
    try graph.forEachNode(view) { node in nodes[node.id] = node }
    try graph.forEachEdge(view) { edge in
      out[edge.from, default: []].append((edge.type, edge.to))
      into[edge.to, default: []].append((edge.type, edge.from))
    }
    var json = PlainJSON()
    json.raw("{\n\"claims\": [")
    let claims = nodes.values.filter(\.isClaim).sorted { $0.id < $1.id }
    for (index, claim) in claims.enumerated() {
      json.raw(index > 0 ? ",\n" : "\n")
      var evidence: [UInt64] = []
      var seen: Set<UInt64> = [claim.id]
      var waiting = [claim.id]
      while let next = waiting.popLast(), evidence.count < Self.evidenceLimit {
        // What supports a finding points at it; otherwise evidence is where the edges lead.
        let supporting = (into[next] ?? []).filter { $0.type == "SUPPORTS" || $0.type == "REFUTES" }
        for neighbour in (out[next] ?? []).map(\.to) + supporting.map(\.from)
        where seen.insert(neighbour).inserted {
          evidence.append(neighbour)
          waiting.append(neighbour)
        }
      }
      json.claim(claim, evidence.sorted().compactMap { nodes[$0] }, isWhole: waiting.isEmpty)
      if let key = claim.key, let subject = ReceiptSubject(key.string) {
        let receipt = try trail.receipt(
          for: subject, text: key.string, checkpoint: checkpoint.note)
        try folder.file("proofs/\(fileName(key)).tlog-proof", receipt.rendered)
      }
    }
    json.raw("],\n\"rejected\": [")
    let rejected = nodes.values.filter { $0.isRejected }.sorted { $0.id < $1.id }
    for (index, node) in rejected.enumerated() {
      let deciders = (into[node.id] ?? []).filter { $0.type == "DECIDES" || $0.type == "CRITIQUES" }
      json.raw(index > 0 ? ",\n" : "\n")
      json.raw("{\"record\": ")
      json.string(node.name)
      json.raw(", \"by\": ")
      json.list(deciders.compactMap { nodes[$0.from].map { Text($0.name) } }.sorted())
      json.raw("}")
    }
    json.raw("]\n}\n")
    try folder.file("claims.json", json.bytes)
    summary.claims = claims.count
    try writeStatements(nodes, out)
  }

  /// A file's name from a key, which may hold anything.
  private func fileName(_ key: Text) -> String {
    String(
      key.string.unicodeScalars.map { scalar in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.value - 48 < 10)
        return isPlain ? Character(scalar) : "_"
      })
  }

  /// in-toto statements (v1, test-result v0.1) for proposals that won a comparison.
  private func writeStatements(
    _ nodes: [UInt64: BundleNode], _ out: [UInt64: [(type: Text, to: UInt64)]]
  ) throws {
    for comparison in nodes.values.sorted(by: { $0.id < $1.id })
    where comparison.labels.contains("Comparison") && comparison.text("verdict") == "better" {
      for (type, target) in out[comparison.id] ?? [] where type == "COMPARES" {
        guard let proposal = nodes[target], let tree = proposal.text("tree"),
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
        let name = "statements/\(fileName(key))-\(fileName(cited)).intoto.json"
        if folder.files[name] == nil { try folder.file(name, json.bytes) }
      }
    }
  }
}

extension BundleNode {
  /// Whether it says that something is so, on evidence.
  var isClaim: Bool {
    labels.contains("Finding") || (labels.contains("Comparison") && text("verdict") != nil)
  }

  var isRejected: Bool {
    let isOut = ["rejected", "refuted", "invalid", "terminated"].contains(text("status") ?? "")
    return labels.contains("Proposal") && isOut
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
