// Ten thousand random queries against the naive evaluator; `make differential` asks a million.

import Foundation
import Testing

@testable import stemma_differential

@Suite("Naive comparison")
struct NaiveComparisonTests {
  @Test("random queries answer what trying everything answers", arguments: 0..<4)
  func queries(_ part: Int) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-differential-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = DifferentialRun(seed: 77 + UInt64(part), folder: folder)
    try run.run(queries: 2_500)
    for disagreement in run.disagreements { Issue.record("\(disagreement)") }
    #expect(run.compared == 2_500)
    #expect(run.rows > 1_000)
  }
}
