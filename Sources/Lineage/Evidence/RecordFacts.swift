// The words of a headline, kind by kind. Numbers keep four significant digits; missing facts are
// left out rather than shown as blanks.

import Base

/// Reads the properties of one node.
struct RecordFacts {
  private let properties: ValueMap

  init(_ properties: ValueMap) { self.properties = properties }

  func headline(kind: String) -> String {
    switch RecordKind(rawValue: kind) {
    case .proposal: joined([text("title"), bracketed(text("status"))], " ")
    case .comparison: comparison
    case .eval: eval
    case .run: run
    case .noise:
      joined([text("metric"), labelled("σ", "sigma"), labelled("mean", "mean"), counted("runs")])
    case .critique: joined([text("verdict"), text("summary")], ": ")
    case .decision:
      joined([joined([text("gate"), text("action")], ": "), text("madeBy"), text("reason")])
    case .finding: text("statement") ?? ""
    case .report: joined([text("title"), bracketed(text("verdict"))], " ")
    case .campaign: joined([text("name"), text("goal")], ": ")
    case .round: joined([labelled("round", "number"), text("status")])
    case .attempt: joined([labelled("attempt", "number"), text("status")])
    case .call: joined([text("role"), text("provider"), text("status")])
    case .objective: joined([text("direction"), text("metric"), text("role")], " ")
    case .charge:
      joined([text("resource"), labelled("reserved", "reserved"), labelled("spent", "spent")])
    case .guardCheck: joined([text("guard"), flag("held", "held", "did not hold")], " ")
    case .control: joined([text("action"), text("reason")], ": ")
    case .artifact, .dataset: joined([text("name"), counted("sizeBytes", as: "bytes")])
    case .series: joined([text("metric"), counted("points")])
    case .brief: joined([counted("tokens"), shownOfAvailable])
    case .source: joined([text("title"), text("uri")])
    default: text("name") ?? text("title") ?? ""
    }
  }

  private var comparison: String {
    let outcome = text("verdict") ?? flag("passed", "passed", "did not pass")
    var effect = labelled("effect", "effect")
    if let value = effect, let lower = number("lower"), let upper = number("upper") {
      effect = "\(value) [\(Self.short(lower)), \(Self.short(upper))]"
    }
    return joined([
      joined([text("stage"), outcome], ": "), effect, labelled("p", "pValue"), counted("pairs"),
    ])
  }

  private var eval: String {
    let measured: String?
    if case .boolean(true) = properties["sealed"] {
      measured = joined([text("metric"), "sealed", flag("passed", "passed", "did not pass")], " ")
    } else {
      measured = joined([text("metric"), number("value").map(Self.short)], " ")
    }
    let standing = text("status").flatMap { $0 == "valid" ? nil : $0 }
    return joined([
      measured, text("split"), counted("items"), text("standing"), standing, text("failure"),
    ])
  }

  private var run: String {
    let end = joined([text("status"), text("killedBy").map { "by \($0)" }], " ")
    return joined([
      joined([text("kind"), end], ": "), labelled("seed", "seed"),
      number("wallSeconds").map { Self.short($0) + " s" }, text("failure"),
    ])
  }

  private var shownOfAvailable: String? {
    guard let shown = number("shown"), let available = number("available") else { return nil }
    return "shown \(Self.short(shown)) of \(Self.short(available))"
  }

  /// Properties that name objects of the store: trees, outputs, answers, contents.
  var objects: [RecordSummary.NamedObject] {
    properties.entries.compactMap { entry in
      let name = entry.key.string
      guard name.hasSuffix("Hash") || name == "tree", name != "changeHash",
        case .string(let hash) = entry.value, hash.utf8Count == 64
      else { return nil }
      return RecordSummary.NamedObject(name: name, hash: hash.string)
    }
  }

  // Single facts.

  /// A text on one line, at most 160 code points of it.
  private func text(_ name: Text) -> String? {
    guard case .string(let value) = properties[name], !value.isEmpty else { return nil }
    var line = String.UnicodeScalarView()
    for scalar in value.string.unicodeScalars.prefix(160) {
      line.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
    }
    return String(line) + (value.codePointCount > 160 ? "…" : "")
  }

  private func number(_ name: Text) -> Double? {
    switch properties[name] {
    case .float(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  private func labelled(_ label: String, _ name: Text) -> String? {
    if case .integer(let value) = properties[name] { return "\(label) \(value)" }
    return number(name).map { "\(label) \(Self.short($0))" }
  }

  private func counted(_ name: Text, as unit: String? = nil) -> String? {
    guard case .integer(let value) = properties[name] else { return nil }
    return "\(value) \(unit ?? name.string)"
  }

  private func flag(_ name: Text, _ yes: String, _ no: String) -> String? {
    guard case .boolean(let value) = properties[name] else { return nil }
    return value ? yes : no
  }

  private func bracketed(_ text: String?) -> String? { text.map { "(\($0))" } }

  private func joined(_ parts: [String?], _ separator: String = ", ") -> String {
    parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: separator)
  }

  /// Four significant digits, without an exponent for common sizes.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let size = value.magnitude
    if size >= 1e15 || size < 1e-6 { return DecimalText.scientific(value) }
    var digits = 4
    var scale = 1.0
    while scale <= size, digits > 0 {
      scale *= 10
      digits -= 1
    }
    if size < 0.1 {
      var small = 0.1
      while size < small, digits < 10 {
        small /= 10
        digits += 1
      }
    }
    return decimal(value, digits: max(0, digits))
  }

  /// Rounded to a number of decimals, trailing zeros cut.
  private static func decimal(_ value: Double, digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = (value.magnitude * scale).rounded()
    guard rounded < 9e18 else { return "\(value)" }
    let whole = Int64(rounded)
    let unit = Int64(scale)
    var fraction = String(whole % unit)
    if digits > 0 {
      fraction = String(repeating: "0", count: max(0, digits - fraction.utf8.count)) + fraction
      while fraction.hasSuffix("0") { fraction.removeLast() }
    } else {
      fraction = ""
    }
    let sign = value < 0 && whole != 0 ? "-" : ""
    return sign + String(whole / unit) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
