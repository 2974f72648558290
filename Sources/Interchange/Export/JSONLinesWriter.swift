// The JSON lines form of a graph, version 1: a head, nodes, edges, and a tail that says whether
// that is all. A file without its tail was cut off.

import Base
import Stemma

struct JSONLinesWriter: GraphWriter {
  static let format = "stemma-graph"
  static let version: Int64 = 1

  func opening(asOf: TransactionNumber?) -> String {
    "{\"format\":\"\(Self.format)\",\"version\":\(Self.version)"
      + (asOf.map { ",\"transaction\":\($0.rawValue)" } ?? "") + "}\n"
  }

  func append(_ node: NodeRecord, named name: NodeName, to text: inout String) {
    text += "{\"node\":"
    append(name, to: &text)
    text += ",\"labels\":["
    for (index, label) in node.labels.sorted().enumerated() {
      if index > 0 { text += "," }
      JSONWriter.append(label, to: &text)
    }
    text += "],\"properties\":"
    JSONWriter.append(node.properties, leavingOut: node.key == nil ? nil : "key", to: &text)
    text += "}\n"
  }

  func append(_ edge: EdgeRecord, from: NodeName, to: NodeName, to text: inout String) {
    text += "{\"edge\":"
    JSONWriter.append(edge.type, to: &text)
    text += ",\"from\":"
    append(from, to: &text)
    text += ",\"to\":"
    append(to, to: &text)
    if !edge.properties.isEmpty {
      text += ",\"properties\":"
      JSONWriter.append(edge.properties, to: &text)
    }
    text += "}\n"
  }

  func closing(_ summary: ExportSummary) -> String {
    "{\"nodes\":\(summary.nodes),\"edges\":\(summary.edges),\"complete\":\(summary.isComplete)}\n"
  }

  private func append(_ name: NodeName, to text: inout String) {
    switch name {
    case .key(let key): JSONWriter.append(key, to: &text)
    case .number(let number): text += String(number)
    }
  }
}
