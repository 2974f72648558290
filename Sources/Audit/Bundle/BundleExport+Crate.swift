// The bundle as a Process Run Crate 0.5 (RO-Crate 1.1): each run an action with the program that
// ran, what it ran on, and what came out. The terms that are used go along as a context file, so
// that it can be expanded with no network.

import Base
import Graph

extension BundleExport {
  private static let context = "https://w3id.org/ro/crate/1.1/context"
  private static let profile = "https://w3id.org/ro/wfrun/process/0.5"

  func writeCrate(_ view: borrowing GraphView) throws {
    var json = PlainJSON()
    json.raw("{\"@context\": \"\(Self.context)\",\n\"@graph\": [\n")
    json.raw("{\"@id\": \"ro-crate-metadata.json\", \"@type\": \"CreativeWork\", ")
    json.raw("\"conformsTo\": {\"@id\": \"https://w3id.org/ro/crate/1.1\"}, ")
    json.raw("\"about\": {\"@id\": \"./\"}}")
    let parts = ["records.cbor", "records.jsonl", "graph.sqlite", "prov.json", "claims.json"]
    var actions = PlainJSON()
    let runs = try writeActions(view, to: &actions)
    json.raw(",\n{\"@id\": \"./\", \"@type\": \"Dataset\", \"name\": ")
    json.string("Audit bundle of \(trail.origin), \(checkpoint.size) records")
    json.raw(", \"description\": ")
    let shown =
      tally.runCount > runs.count
      ? " Shown here \(runs.count) of \(tally.runCount) runs; all are in " : ""
    json.string(
      "What was proposed, run, measured and decided, with proofs; see README.txt."
        + (shown.isEmpty ? "" : shown + "graph.sqlite and records.jsonl."))
    json.raw(", \"datePublished\": ")
    json.string(RecordTime.text(view.committedAt.rawValue))
    json.raw(", \"license\": {\"@id\": \"#terms\"}, \"conformsTo\": {\"@id\": \"\(Self.profile)\"}")
    json.raw(", \"hasPart\": ")
    json.references(parts)
    json.raw(", \"mentions\": ")
    json.references(runs)
    json.raw("},\n{\"@id\": \"\(Self.profile)\", \"@type\": \"CreativeWork\", ")
    json.raw("\"name\": \"Process Run Crate\", \"version\": \"0.5\"}")
    json.raw(",\n{\"@id\": \"#terms\", \"@type\": \"CreativeWork\", \"name\": \"Terms\", ")
    json.raw("\"description\": \"Whatever the owner of the log allows; none are stated here.\"}")
    for part in parts {
      let type = part.hasSuffix("sqlite") ? "application/vnd.sqlite3" : "application/json"
      json.raw(",\n{\"@id\": \"\(part)\", \"@type\": \"File\", \"name\": \"\(part)\", ")
      let encoding = part.hasSuffix("cbor") ? "application/cbor-seq" : type
      json.raw("\"encodingFormat\": \"\(encoding)\"}")
    }
    json.append(actions)
    json.raw("\n]}\n")
    try folder.file("ro-crate-metadata.json", json.bytes)
    try folder.file("ro-crate-context.json", Self.contextText)
  }

  /// The terms of the RO-Crate 1.1 context that the crate uses.
  private static let contextText = """
    {"@context": {
    "CreativeWork": "http://schema.org/CreativeWork", "Dataset": "http://schema.org/Dataset",
    "File": "http://schema.org/MediaObject", "CreateAction": "http://schema.org/CreateAction",
    "SoftwareApplication": "http://schema.org/SoftwareApplication",
    "PropertyValue": "http://schema.org/PropertyValue", "name": "http://schema.org/name",
    "Organization": "http://schema.org/Organization",
    "description": "http://schema.org/description", "about": "http://schema.org/about",
    "conformsTo": "http://purl.org/dc/terms/conformsTo", "hasPart": "http://schema.org/hasPart",
    "mentions": "http://schema.org/mentions", "license": "http://schema.org/license",
    "datePublished": "http://schema.org/datePublished", "version": "http://schema.org/version",
    "encodingFormat": "http://schema.org/encodingFormat", "agent": "http://schema.org/agent",
    "instrument": "http://schema.org/instrument", "object": "http://schema.org/object",
    "result": "http://schema.org/result", "startTime": "http://schema.org/startTime",
    "endTime": "http://schema.org/endTime", "actionStatus": "http://schema.org/actionStatus",
    "error": "http://schema.org/error", "value": "http://schema.org/value",
    "identifier": "http://schema.org/identifier"
    }}

    """

  /// One action for each of the first runs; returns their identifiers.
  private func writeActions(
    _ view: borrowing GraphView, to json: inout PlainJSON
  ) throws -> [String] {
    var programs: Set<Digest> = []
    var mentioned: Set<UInt64> = []
    var names: [String] = []
    for id in tally.runs {
      guard let run = try graph.node(id, view) else { continue }
      names.append("#" + BundleExport.local(run.name))
      let command = run.text("command") ?? "not stated"
      let program = SHA256.hash(Array(command.utf8))
      var (made, used): ([BundleNode], [BundleNode]) = ([], [])
      for link in try graph.links(of: id, view) {
        let isResult = !link.isOutgoing && link.type == "EVALUATES"
        guard isResult || link.isOutgoing && link.type == "EXECUTES",
          let node = try graph.node(link.neighbour, view),
          !Set(node.labels).isDisjoint(with: ["Run", "Eval", "Proposal"])
        else { continue }
        if isResult { made.append(node) } else { used.append(node) }
      }
      json.action(run, program: program, made, used)
      if programs.insert(program).inserted {
        json.raw(",\n{\"@id\": \"#program-\(program.hex.prefix(16))\", ")
        json.raw("\"@type\": \"SoftwareApplication\", \"name\": ")
        json.string(command)
        json.raw("}")
      }
      for node in made + used where mentioned.insert(node.id).inserted { json.thing(node) }
    }
    if !names.isEmpty {
      json.raw(",\n{\"@id\": \"#runner\", \"@type\": \"Organization\", \"name\": \"The runner\"}")
    }
    return names
  }
}

extension PlainJSON {
  mutating func append(_ other: PlainJSON) {
    append(encoded: other.bytes)
  }

  mutating func references(_ identifiers: [String]) {
    raw("[")
    for (index, identifier) in identifiers.enumerated() {
      raw(index > 0 ? ", {\"@id\": " : "{\"@id\": ")
      string(identifier)
      raw("}")
    }
    raw("]")
  }

  fileprivate mutating func action(
    _ run: BundleNode, program: Digest, _ results: [BundleNode], _ objects: [BundleNode]
  ) {
    raw(",\n{\"@id\": ")
    string("#" + BundleExport.local(run.name))
    raw(", \"@type\": \"CreateAction\", \"name\": ")
    string("\(run.name): \(run.text("kind") ?? "run")")
    raw(", \"instrument\": {\"@id\": \"#program-\(program.hex.prefix(16))\"}")
    raw(", \"agent\": {\"@id\": \"#runner\"}, \"object\": ")
    references(objects.map { "#" + BundleExport.local($0.name) })
    raw(", \"result\": ")
    references(results.map { "#" + BundleExport.local($0.name) })
    for (name, property) in [("startTime", "startedAt"), ("endTime", "endedAt")] {
      guard case .dateTime(let moment) = run[Text(property)] else { continue }
      raw(", \"\(name)\": ")
      string(moment.description)
    }
    let status = run.text("status") ?? ""
    let isFailed = ["failed", "killed", "cancelled"].contains(status)
    let word = status == "finished" ? "Completed" : isFailed ? "Failed" : "Active"
    raw(", \"actionStatus\": {\"@id\": \"http://schema.org/\(word)ActionStatus\"}")
    if isFailed {
      raw(", \"error\": ")
      string(run.text("killedBy").map { "killed: \($0)" } ?? run.text("failure") ?? status)
    }
    raw("}")
  }

  /// What an action used or made.
  fileprivate mutating func thing(_ node: BundleNode) {
    raw(",\n{\"@id\": ")
    string("#" + BundleExport.local(node.name))
    let isEval = node.labels.contains("Eval")
    raw(", \"@type\": \"\(isEval ? "PropertyValue" : "CreativeWork")\", \"name\": ")
    string(node.text(isEval ? "metric" : "title") ?? node.name)
    if isEval, case .float(let value) = node["value"], value.isFinite {
      raw(", \"value\": \(value)")
    }
    if let tree = node.text("tree") {
      raw(", \"identifier\": ")
      string("sha256:" + tree)
    }
    raw("}")
  }
}
