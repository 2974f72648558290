// Hands libedit's completion calls to Swift. libedit keeps global state and calls on the thread
// that reads lines, so the bridge is global too.

@preconcurrency import CEdit
import Glibc

/// Connects libedit's completion with a Swift closure.
enum CompletionBridge {
  /// Called with the line before the word and the word itself; returns whole candidates.
  typealias Completer = (_ context: String, _ word: String) -> [String]

  static func install(_ completer: @escaping Completer) {
    activeCompleter = completer
    // Characters that end a word; the buffer lives as long as the program.
    // libedit reads the basic set, readline the other one.
    let breaks = strdup(" \t\n()[]{},.:@'\"`=<>+-*/|;$")
    rl_basic_word_break_characters = UnsafePointer(breaks)
    rl_completer_word_break_characters = breaks
    rl_completion_append_character = 0
    rl_attempted_completion_function = attemptCompletion
  }
}

/// Called by libedit with the word under the cursor and where it starts.
private func attemptCompletion(
  _ text: UnsafePointer<CChar>?, _ start: Int32, _ end: Int32
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
  guard let text, let line = rl_line_buffer else { return nil }
  let bytes = (0..<Int(start)).map { UInt8(bitPattern: line[$0]) }
  candidates =
    activeCompleter?(String(decoding: bytes, as: UTF8.self), String(cString: text)) ?? []
  // Without a match libedit must not offer file names.
  rl_attempted_completion_over = 1
  guard !candidates.isEmpty else { return nil }
  return rl_completion_matches(text, nextMatch)
}

/// Called by libedit until it returns `nil`; `state` is zero at the first call.
private func nextMatch(
  _ text: UnsafePointer<CChar>?, _ state: Int32
) -> UnsafeMutablePointer<CChar>? {
  if state == 0 { nextCandidate = 0 }
  guard nextCandidate < candidates.count else { return nil }
  defer { nextCandidate += 1 }
  return strdup(candidates[nextCandidate])
}

nonisolated(unsafe) private var activeCompleter: CompletionBridge.Completer?
nonisolated(unsafe) private var candidates: [String] = []
nonisolated(unsafe) private var nextCandidate = 0
