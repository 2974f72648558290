// An error as the programs print it.

package import Base

/// Renders errors for people.
package enum ErrorText {
  /// The message, its place and its advice, without a trailing newline.
  package static func render(_ error: StemmaError) -> String {
    var text = error.message + " [" + error.code.rawValue + "]"
    if let advice = error.advice { text += "\n  " + advice }
    return text
  }
}
