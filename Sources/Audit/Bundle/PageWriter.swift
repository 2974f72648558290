// The page that an auditor reads first: one file, no network, no script. Every claim leads to its
// evidence on the same page, to its receipt and to its record. All text from the log is escaped:
// it is somebody else's.

import Base
import Graph
import Signing
import Stemma

extension BundleExport {
  private static let drawnLimit = 400

  func writePage(_ view: borrowing GraphView) throws {
    let firstClaims = tally.claims.prefix(BundleTally.shownLimit)
    let shown = Set(tally.first).union(firstClaims)
    let file = try BundleFolder.File(try folder.place("index.html"))
    try file.write(Page.opening("Audit bundle of \(trail.origin)"))
    try file.write(introduction)
    try file.write("<h2 id=\"claims\">Claims</h2>\n")
    for id in firstClaims {
      guard let claim = try graph.node(id, view) else { continue }
      try file.write(Page.claim(claim, try references(of: id, shown, view)))
    }
    try file.write(Page.count(firstClaims.count, of: tally.claims.count, "claims.json"))
    try file.write("<h2 id=\"lineage\">Lineage of the proposals</h2>\n")
    let drawn = try tally.proposals.prefix(Self.drawnLimit).compactMap { try graph.node($0, view) }
    let derived = try drawn.flatMap { proposal in
      try graph.links(of: proposal.id, view)
        .filter { $0.isOutgoing && $0.type == "DERIVED_FROM" }
        .map { (from: proposal.id, to: $0.neighbour) }
    }
    try file.write(LineageDrawing.svg(drawn, derived: derived))
    try file.write(Page.count(drawn.count, of: tally.proposalCount, "graph.sqlite"))
    try file.write(absence)
    try file.write("<h2 id=\"records\">Everything</h2>\n")
    try file.write(Page.count(shown.count, of: tally.nodes, "graph.sqlite"))
    for id in shown.sorted() {
      guard let node = try graph.node(id, view) else { continue }
      try file.write(Page.node(node, try references(of: id, shown, view)))
    }
    try file.write("</main></body></html>\n")
    try folder.settle(file, as: "index.html")
  }

  /// What the page says of the edges at a node: the words, and the node at the other end, linked
  /// where it is on the page.
  private func references(
    of id: UInt64, _ shown: Set<UInt64>, _ view: borrowing GraphView
  ) throws -> [Page.Reference] {
    try graph.links(of: id, view).map { link in
      Page.Reference(
        words: (link.isOutgoing ? "" : "from ") + link.type.string,
        name: try graph.name(of: link.neighbour, view), isShown: shown.contains(link.neighbour))
    }
  }

  private var introduction: String {
    """
    <h1>Audit bundle</h1>
    <p>Log <code>\(Page.escaped(trail.origin))</code>, \(checkpoint.size) records,
    \(tally.records) of them with their contents (\(Page.escaped(options.selection.words))).</p>
    <pre>\(Page.escaped(checkpoint.note.rendered))</pre>
    <p>To check it: <code>python3 verify.py --key KEY</code>, with the key from somewhere else than
    this folder. This page is a rendering; what counts are the records and proofs beside it.</p>
    <p><a href="#claims">Claims</a> · <a href="#lineage">Lineage</a> · <a href="#absent">What is
    absent</a> · <a href="#records">Everything</a></p>

    """
  }

  private var absence: String {
    var html = "<h2 id=\"absent\">What is absent</h2>\n<ul>\n"
    let limit = BundleAbsence.shownLimit
    for run in tally.absent.records {
      html += "<li>records \(run.first) to \(run.last): not selected</li>\n"
    }
    for value in tally.absent.values.prefix(limit) {
      let name = Page.escaped(value.name.string)
      html += "<li>record \(value.record): <code>\(name)</code> withheld</li>\n"
    }
    let objects = tally.absent.objects.prefix(limit)
    for object in objects {
      html += "<li>contents <code>\(object.hash.hex)</code>: \(object.why)</li>\n"
    }
    for entry in tally.absent.unfinished {
      html += "<li>\(Page.escaped(entry.name)): \(Page.escaped(entry.why))</li>\n"
    }
    html += "</ul>\n"
    for (shown, count, what) in [
      (min(limit, tally.absent.values.count), tally.absent.values.count, "withheld values"),
      (objects.count, tally.absent.objects.count, "contents"),
      (tally.absent.unfinished.count, tally.absent.unfinishedCount, "unfinished"),
    ] where shown < count {
      html += "<p>\(what): shown \(shown) of \(count); "
      html += "all are in <a href=\"absent.json\">absent.json</a></p>\n"
    }
    return html
  }
}

/// The parts of the page.
enum Page {
  static func opening(_ title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title>
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'">
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff; margin: 0 }
    main { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
    pre, code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
    pre { white-space: pre-wrap }
    section { border-top: 1px solid #ddd; padding: .4rem 0 } h3 { margin: .2rem 0 }
    table { border-collapse: collapse } td { padding: 0 .8rem 0 0; vertical-align: top }
    .claimed { color: #9a3412 } .attested { color: #166534 }
    </style></head><body><main>

    """
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result += "\u{FFFD}"
      default:
        let isControl = scalar.value < 0x20 && scalar != "\n" && scalar != "\t"
        result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }

  static func link(_ name: String) -> String {
    "<a href=\"#\(BundleExport.local(name))\">\(escaped(name))</a>"
  }

  /// A node that another one leads to, or that leads to it.
  struct Reference {
    var words: String
    var name: String
    var isShown: Bool

    var html: String { escaped(words) + " " + (isShown ? link(name) : escaped(name)) }
  }

  /// How many of something are shown, and which file has all of them.
  static func count(_ shown: Int, of total: Int, _ file: String) -> String {
    let rest = shown < total ? "; all are in <a href=\"\(file)\">\(file)</a>" : ""
    return "<p>shown \(shown) of \(total)\(rest)</p>\n"
  }

  static func claim(_ node: BundleNode, _ edges: [Reference]) -> String {
    let says = node.text("statement") ?? node.text("reason") ?? node.text("verdict") ?? ""
    let verdict = node.text("verdict").map { " <b>\(escaped($0))</b>" } ?? ""
    let evidence = edges.prefix(edgeLimit).map(\.html).joined(separator: ", ")
    let path = "proofs/\(escaped(node.name)).tlog-proof"
    let proof = node.key == nil ? "" : " · <a href=\"\(path)\">receipt</a>"
    return """
      <section><h3>\(link(node.name))\(verdict)</h3>
      <p>\(escaped(says))</p>
      <p>\(evidence) · record \(node.created)\(proof)</p></section>

      """
  }

  /// Edges that are shown at one node.
  private static let edgeLimit = 40

  static func node(_ node: BundleNode, _ edges: [Reference]) -> String {
    let labels = node.labels.map { escaped($0.string) }.joined(separator: ", ")
    var html = "<section id=\"\(BundleExport.local(node.name))\">"
    html += "<h3>\(escaped(node.name)) \(labels), record \(node.created)</h3>\n<table>\n"
    for property in node.properties.sorted(by: { $0.name < $1.name }) {
      let text: String
      if case .string(let string) = property.value {
        text = string.string
      } else {
        text = property.value.description
      }
      let shown = text.count > 2_000 ? String(text.prefix(2_000)) + " (cut)" : text
      let style = property.name == "standing" ? " class=\"\(escaped(shown))\"" : ""
      html += "<tr><td>\(escaped(property.name.string))</td>"
      html += "<td\(style)>\(escaped(shown))</td></tr>\n"
    }
    html += "</table>\n<p>"
    html += edges.prefix(edgeLimit).map(\.html).joined(separator: ", ")
    let more = edges.count - edgeLimit
    return html + (more > 0 ? ", and \(more) more" : "") + "</p></section>\n"
  }
}

/// The tree of proposals as a drawing: one line each, indented under what it was derived from.
enum LineageDrawing {
  static func svg(
    _ proposals: [BundleNode], derived: [(from: UInt64, to: UInt64)]
  ) -> String {
    var row: [UInt64: Int] = [:]
    for (index, proposal) in proposals.enumerated() { row[proposal.id] = index }
    var depth: [UInt64: Int] = [:]
    var parents: [UInt64: [UInt64]] = [:]
    for (from, to) in derived where row[from] != nil && row[to] != nil {
      parents[from, default: []].append(to)
    }
    // What a proposal is derived from was recorded before it.
    for proposal in proposals {
      let above = (parents[proposal.id] ?? []).compactMap { depth[$0] }.max()
      depth[proposal.id] = above.map { $0 + 1 } ?? 0
    }
    let (step, indent) = (22, 26)
    let width = 420 + indent * (depth.values.max() ?? 0)
    var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\""
    svg += " height=\"\(step * (proposals.count + 1))\" font-size=\"13\">\n"
    func place(_ id: UInt64) -> (x: Int, y: Int) {
      (12 + indent * (depth[id] ?? 0), 18 + step * (row[id] ?? 0))
    }
    for proposal in proposals {
      let here = place(proposal.id)
      for parent in parents[proposal.id] ?? [] {
        let there = place(parent)
        svg += "<path d=\"M\(there.x) \(there.y)V\(here.y)H\(here.x)\""
        svg += " fill=\"none\" stroke=\"#999\"/>\n"
      }
    }
    for proposal in proposals {
      let here = place(proposal.id)
      let status = proposal.text("status") ?? ""
      let colour =
        switch status {
        case "confirmed": "#166534"
        case "rejected", "refuted", "failed", "invalid", "terminated": "#b91c1c"
        default: "#555"
        }
      svg += "<circle cx=\"\(here.x)\" cy=\"\(here.y)\" r=\"4\" fill=\"\(colour)\"/>"
      svg += "<a href=\"#\(BundleExport.local(proposal.name))\">"
      svg += "<text x=\"\(here.x + 9)\" y=\"\(here.y + 4)\">"
      let title = Page.escaped(String((proposal.text("title") ?? "").prefix(50)))
      svg += "\(Page.escaped(proposal.name)) \(title) (\(Page.escaped(status)))</text></a>\n"
    }
    return svg + "</svg>\n"
  }
}
