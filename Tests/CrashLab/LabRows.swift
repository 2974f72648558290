// Rows of a load, as files would give them.

import Base
import Graph

/// Nodes and edges to be loaded.
struct LabRows: LoadSource {
  var nodeCount = 400
  var edgeCount = 500
  var hasKeys: Bool { false }
  func byteCount(ofNodes rows: Range<Int>) -> Int { rows.count * 100 }
  func byteCount(ofEdges rows: Range<Int>) -> Int { rows.count * 100 }

  func readNodes(_ rows: Range<Int>, into part: inout LoadRows) throws {
    for node in rows {
      let shape = part.number(of: .node(labels: ["A"], hasKey: false, names: ["x", "text"]))
      part.append(Int64(node % 11))
      part.append(utf8: Array("a row's text \(node), longer than thirty-two bytes".utf8)[...])
      try part.endNode(shape: shape)
    }
  }

  func readEdges(_ rows: Range<Int>, first: NodeID, into part: inout LoadRows) throws {
    for edge in rows {
      let shape = part.number(of: .edge(type: "R", names: []))
      let (from, to) = (edge % nodeCount, edge % 3 == 0 ? 0 : (edge + 1) % nodeCount)
      try part.endEdge(
        shape: shape, from: NodeID(first.rawValue + UInt64(from)),
        to: NodeID(first.rawValue + UInt64(to)))
    }
  }
}
