// One line that says how far a long piece of work has come.

/// The text of a progress bar; printing it is the program's business.
package enum ProgressText {
  /// A bar of `width` characters with its label and count: `██████░░░░  12/40 runs`.
  package static func bar(done: Int, total: Int, width: Int = 24, label: String) -> String {
    let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
    let full = Int(share * Double(width))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    return "\(bar)  \(NumberText.grouped(done))/\(NumberText.grouped(total)) \(label)"
  }
}
