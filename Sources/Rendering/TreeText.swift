// Trees for people, drawn with box characters: lineages and the evidence behind a belief.

/// A node of a tree to be drawn.
package struct TreeText: Sendable {
  /// Text of others must have been made `DisplayWidth.harmless` before it comes here.
  package var label: String
  package var children: [TreeText]

  package init(_ label: String, children: [TreeText] = []) {
    self.label = label
    self.children = children
  }

  /// The tree as lines, each ended by a newline; the root stands at the margin.
  package func render(maximumWidth: Int? = nil) -> String {
    var text = ""
    var pending: [(node: TreeText, first: String, rest: String)] = [(self, "", "")]
    while let (node, first, rest) = pending.popLast() {
      let line = first + node.label
      text += (maximumWidth.map { DisplayWidth.cut(line, to: $0) } ?? line) + "\n"
      for (index, child) in node.children.enumerated().reversed() {
        let isLast = index == node.children.count - 1
        pending.append((child, rest + (isLast ? "└─ " : "├─ "), rest + (isLast ? "   " : "│  ")))
      }
    }
    return text
  }
}
