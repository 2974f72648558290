// A family tree of proposals as text and as JSON.

package import Lineage

/// Draws family trees.
package enum DescentText {
  /// The tree, one line per proposal. With `quotes`, for a model, titles stand in quotes.
  package static func tree(
    _ node: DescentNode, style: Style = .plain, quotes: Bool = false
  ) -> TreeText {
    TreeText(
      label(node, style, quotes),
      children: node.children.map { tree($0, style: style, quotes: quotes) })
  }

  /// `P9 better  +0.0123 [0.0041, 0.0205]  order 3 -> 4`.
  private static func label(_ node: DescentNode, _ style: Style, _ quotes: Bool) -> String {
    var parts = [style.bold(node.record.key)]
    if !node.status.isEmpty { parts.append(coloured(node.status, style)) }
    if let effect = node.effect { parts.append(text(of: effect)) }
    if !node.title.isEmpty {
      parts.append(quotes ? JSONText.quoted(node.title) : DisplayWidth.harmless(node.title))
    }
    for parent in node.alsoFrom { parts.append(style.faint("(\(parent.role) \(parent.key))")) }
    return parts.joined(separator: "  ")
  }

  private static func coloured(_ status: String, _ style: Style) -> String {
    switch status {
    case "confirmed", "promoted": style.green(status)
    case "rejected", "failed", "refuted", "invalid", "terminated": style.red(status)
    default: style.yellow(status)
    }
  }

  private static func text(of effect: DescentNode.Effect) -> String {
    var text = (effect.value >= 0 ? "+" : "") + NumberText.short(effect.value)
    if let lower = effect.lower, let upper = effect.upper {
      text += " [\(NumberText.short(lower)), \(NumberText.short(upper))]"
    }
    if let against = effect.against, !effect.isAgainstBase { text += " against \(against)" }
    return text
  }

  /// The tree as nested objects.
  package static func write(_ node: DescentNode, to json: inout JSONText) {
    json.beginObject()
    for (name, value) in [
      ("key", node.record.key), ("status", node.status), ("title", node.title),
    ] {
      json.name(name)
      json.string(value)
    }
    json.name("changed")
    json.beginArray()
    for change in node.changed { json.string(change) }
    json.endArray()
    json.name("effect")
    if let effect = node.effect {
      json.beginObject()
      for (name, value) in [
        ("value", effect.value as Double?), ("lower", effect.lower), ("upper", effect.upper),
      ] {
        json.name(name)
        if let value { json.number(value) } else { json.null() }
      }
      json.name("verdict")
      if let verdict = effect.verdict { json.string(verdict) } else { json.null() }
      json.name("against")
      if let against = effect.against { json.string(against) } else { json.null() }
      json.endObject()
    } else {
      json.null()
    }
    json.name("alsoFrom")
    json.beginArray()
    for parent in node.alsoFrom {
      json.beginObject()
      json.name("key")
      json.string(parent.key)
      json.name("role")
      json.string(parent.role)
      json.endObject()
    }
    json.endArray()
    json.name("children")
    json.beginArray()
    for child in node.children { write(child, to: &json) }
    json.endArray()
    json.endObject()
  }
}
