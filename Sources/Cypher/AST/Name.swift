// A name as it is written in a query: a variable, label, type, property, parameter or function.

package import Base

/// An identifier with its place. Backticks are already removed from `text`.
package struct Name: Hashable, Sendable {
  package var text: Text
  package var range: SourceRange

  package init(_ text: Text, _ range: SourceRange) {
    self.text = text
    self.range = range
  }
}
