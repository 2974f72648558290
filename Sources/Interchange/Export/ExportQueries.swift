// The four queries of an export: how many nodes and edges there are, and the rows of both.

import Base

struct ExportQueries {
  var countNodes: String
  var countEdges: String
  var nodes: String
  var edges: String
  var parameters: [String: Value]

  init(_ selection: ExportSelection) {
    parameters = [:]
    var nodeFilter = ""
    var edgeFilter = ""
    if !selection.labels.isEmpty {
      parameters["labels"] = .list(selection.labels.map { .text($0) })
      nodeFilter = " WHERE any(label IN labels(n) WHERE label IN $labels)"
      edgeFilter =
        " WHERE any(label IN labels(a) WHERE label IN $labels)"
        + " AND any(label IN labels(b) WHERE label IN $labels)"
    }
    countNodes = "MATCH (n)\(nodeFilter) RETURN count(*)"
    countEdges = "MATCH (a)-[r]->(b)\(edgeFilter) RETURN count(*)"
    nodes = "MATCH (n)\(nodeFilter) RETURN n"
    edges = "MATCH (a)-[r]->(b)\(edgeFilter) RETURN r, a.key, b.key"
    if let limit = selection.maximumNodes {
      parameters["limit"] = .integer(Int64(max(0, limit)))
      nodes += " LIMIT $limit"
    }
  }
}
