// Every test of the graph runs on both engines: a trait runs each test of a suite twice, once on
// stores in memory and once on disk. `TestEngine.current` says which it is.

import Base
import Foundation
import Store
import Testing

@testable import Graph

/// What the stores of a test are kept in.
enum TestEngine: Sendable, CaseIterable {
  case memory, disk

  @TaskLocal static var current = TestEngine.memory
  @TaskLocal private static var folder: TemporaryFolder?

  /// A new graph on the engine of the test; on disk in a folder that goes with the test.
  static func graph(
    schema: GraphType? = nil, surroundings: Surroundings = Fixture.surroundings(),
    layout: GraphLayout = .standard
  ) throws -> Graph {
    guard current == .disk, let folder else {
      return try Graph.inMemory(schema: schema, surroundings: surroundings, layout: layout)
    }
    return try Graph.create(
      at: folder.path + "/" + UUID().uuidString, schema: schema, surroundings: surroundings,
      layout: layout)
  }

  /// Runs a test on this engine.
  func run(_ body: @Sendable () async throws -> Void) async throws {
    let place = try TemporaryFolder()
    try await Self.$current.withValue(self) {
      try await Self.$folder.withValue(place) { try await body() }
    }
  }
}

/// Runs each test of a suite on every engine.
struct BothEngines: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    for engine in TestEngine.allCases { try await engine.run(function) }
  }
}

extension Trait where Self == BothEngines {
  /// Each test runs in memory and on disk.
  static var bothEngines: BothEngines { BothEngines() }
}
