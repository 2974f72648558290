// How these tests tell what they found: one line per fault, nothing else.

import Testing

/// Fails with the faults, one per line, unless there are none.
func expectNoFaults(
  _ faults: [String], sourceLocation: SourceLocation = #_sourceLocation
) {
  guard !faults.isEmpty else { return }
  Issue.record(
    Comment(rawValue: "\(faults.count) faults:\n" + faults.joined(separator: "\n")),
    sourceLocation: sourceLocation)
}
