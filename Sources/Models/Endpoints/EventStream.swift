// Server-sent events (WHATWG HTML, 9.2): lines of `event:` and `data:` with empty lines between.

enum EventStream {
  struct Event: Sendable, Hashable {
    var name: String
    var data: String
  }

  /// The whole events of a stream; what stands after the last empty line is none.
  static func events(_ bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    var name = ""
    var data: [Substring] = []
    let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
      .replacing("\r", with: "\n")
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // A last line without its end is not whole.
    lines.removeLast()
    for line in lines {
      if line.isEmpty {
        if !data.isEmpty { events.append(Event(name: name, data: data.joined(separator: "\n"))) }
        name = ""
        data = []
        continue
      }
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      var value = colon == line.endIndex ? "" : line[line.index(after: colon)...]
      if value.first == " " { value = value.dropFirst() }
      switch line[..<colon] {
      case "event": name = String(value)
      case "data": data.append(value)
      default: continue
      }
    }
    return events
  }
}
