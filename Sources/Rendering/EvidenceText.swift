// What a belief rests on as text and as JSON.

package import Lineage

/// Draws trees of evidence.
package enum EvidenceText {
  /// The tree, one line per record. With `quotes`, for a model, what a record says of itself stands
  /// in quotes.
  package static func tree(
    _ node: EvidenceNode, showsObjects: Bool = false, style: Style = .plain, quotes: Bool = false
  ) -> TreeText {
    var children = node.children.map {
      tree($0, showsObjects: showsObjects, style: style, quotes: quotes)
    }
    if showsObjects {
      children += node.record.objects.map { TreeText(style.faint("\($0.name) \($0.hash)")) }
    }
    children += node.omitted.map {
      TreeText(style.faint("\($0.caption): \(NumberText.grouped($0.count)) more"))
    }
    let caption = node.caption.isEmpty ? "" : style.faint(node.caption) + " "
    let repeated = node.isRepeated ? style.faint(" (see above)") : ""
    let record = node.record
    let headline =
      quotes ? JSONText.quoted(record.headline) : DisplayWidth.harmless(record.headline)
    return TreeText(
      caption + style.bold(record.key) + " " + headline + repeated, children: children)
  }

  /// The tree as nested objects.
  package static func write(_ node: EvidenceNode, to json: inout JSONText) {
    json.beginObject()
    for (name, value) in [
      ("key", node.record.key), ("kind", node.record.kind), ("caption", node.caption),
      ("headline", node.record.headline),
    ] {
      json.name(name)
      json.string(value)
    }
    json.name("repeated")
    json.boolean(node.isRepeated)
    json.name("objects")
    json.beginObject()
    for object in node.record.objects {
      json.name(object.name)
      json.string(object.hash)
    }
    json.endObject()
    json.name("omitted")
    json.beginObject()
    for omission in node.omitted {
      json.name(omission.caption)
      json.integer(Int64(omission.count))
    }
    json.endObject()
    json.name("children")
    json.beginArray()
    for child in node.children { write(child, to: &json) }
    json.endArray()
    json.endObject()
  }
}
