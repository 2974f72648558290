// JSON for machines (RFC 8259), written directly: no intermediate tree, no Foundation. Numbers that
// JSON cannot say (NaN, infinities) become strings.

import Base

/// Writes JSON into a growing text.
package struct JSONText: Sendable {
  package private(set) var text = ""
  private var needsComma: [Bool] = []

  package init() {}

  /// A text in quotes, on one line, so that it cannot pass for anything else.
  package static func quoted(_ text: String) -> String {
    var json = JSONText()
    json.string(text)
    return json.text
  }

  package mutating func beginObject() {
    separate()
    text += "{"
    needsComma.append(false)
  }

  package mutating func endObject() {
    needsComma.removeLast()
    text += "}"
  }

  package mutating func beginArray() {
    separate()
    text += "["
    needsComma.append(false)
  }

  package mutating func endArray() {
    needsComma.removeLast()
    text += "]"
  }

  /// A member's name; exactly one value must follow.
  package mutating func name(_ name: String) {
    separate()
    appendQuoted(name)
    text += ":"
    awaitsValue = true
  }

  package mutating func string(_ value: String) {
    separate()
    appendQuoted(value)
  }

  package mutating func integer(_ value: Int64) {
    separate()
    text += String(value)
  }

  package mutating func number(_ value: Double) {
    separate()
    if value.isFinite {
      text += "\(value)"
    } else {
      appendQuoted(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    }
  }

  package mutating func boolean(_ value: Bool) {
    separate()
    text += value ? "true" : "false"
  }

  package mutating func null() {
    separate()
    text += "null"
  }

  /// True between a member's name and its value, where no comma belongs.
  private var awaitsValue = false

  private mutating func separate() {
    if awaitsValue {
      awaitsValue = false
      return
    }
    guard let last = needsComma.last else { return }
    if last { text += "," }
    needsComma[needsComma.count - 1] = true
  }

  private mutating func appendQuoted(_ value: String) { JSONString.append(value, to: &text) }
}
