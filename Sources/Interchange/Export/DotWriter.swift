// Graphviz: one box per node with its key, kind and headline, one arrow per edge.

import Base
import Lineage
import Stemma

struct DotWriter: GraphWriter {
  func opening(asOf: TransactionNumber?) -> String {
    """
    // Stemma\(asOf.map { ", transaction \($0.rawValue)" } ?? "")
    digraph lineage {
      rankdir=BT;
      node [shape=box, fontname="sans-serif", fontsize=10];
      edge [fontname="sans-serif", fontsize=8];

    """
  }

  func append(_ node: NodeRecord, named name: NodeName, to text: inout String) {
    let summary = RecordSummary(node)
    text += "  \(self.name(name)) [label="
    text += quoted("\(summary.key) \(summary.kind)\n\(shortened(summary.headline))") + "];\n"
  }

  func append(_ edge: EdgeRecord, from: NodeName, to: NodeName, to text: inout String) {
    text += "  \(name(from)) -> \(name(to)) [label=\(quoted(edge.type.string))];\n"
  }

  func closing(_ summary: ExportSummary) -> String {
    let shown =
      "shown \(summary.nodes) of \(summary.availableNodes) nodes,"
      + " \(summary.edges) of \(summary.availableEdges) edges"
    return "}\n// \(shown)\n"
  }

  private func name(_ name: NodeName) -> String {
    switch name {
    case .key(let key): quoted(key.string)
    case .number(let number): "n\(number)"
    }
  }

  private func shortened(_ text: String) -> String {
    text.count > 60 ? String(text.prefix(59)) + "…" : text
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
