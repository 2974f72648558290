// Colour, only where a terminal reads it. Everything here is a no-op when `isColoured` is false.

/// Wraps texts in terminal attributes.
package struct Style: Sendable {
  package var isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  /// No attributes at all: files, pipes, tests.
  package static let plain = Style(isColoured: false)

  package func bold(_ text: String) -> String { wrap(text, "1") }
  package func faint(_ text: String) -> String { wrap(text, "2") }
  package func red(_ text: String) -> String { wrap(text, "31") }
  package func green(_ text: String) -> String { wrap(text, "32") }
  package func yellow(_ text: String) -> String { wrap(text, "33") }
  package func cyan(_ text: String) -> String { wrap(text, "36") }

  private func wrap(_ text: String, _ attribute: String) -> String {
    isColoured ? "\u{1B}[\(attribute)m\(text)\u{1B}[0m" : text
  }
}
