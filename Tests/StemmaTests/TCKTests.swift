// The openCypher TCK, where the folder is there: no wrong answer, and no fewer passes than were
// reached before. The runner itself is tested on a feature file of its own.

import Foundation
import TestSupport
import Testing

@testable import TCKCommand

@Suite("TCK")
struct TCKTests {
  /// Expanded scenarios that passed when this was last raised; it only goes up.
  private static let passesReached = 2_631

  static var folder: URL? {
    if let named = ProcessInfo.processInfo.environment["TCK_DIR"] {
      return URL(fileURLWithPath: named)
    }
    return SharedFolder.url("tck")
  }

  @Test("the given part of the TCK", .enabled(if: TCKTests.folder != nil, "there is no TCK here"))
  func givenPart() throws {
    let run = try TCKRun(folder: try #require(Self.folder))
    for report in run.reports where report.outcome.name == "wrong" {
      Issue.record("\(report.file): \(report.scenario): \(report.outcome.reason ?? "")")
    }
    #expect(run.passed >= Self.passesReached)
  }

  @Test("our own scenarios, in the same form")
  func ownScenarios() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Features")
    let run = try TCKRun(folder: folder)
    for report in run.reports where report.outcome != .pass {
      Issue.record("\(report.scenario): \(report.outcome.reason ?? "")")
    }
    #expect(run.passed == run.reports.count && run.passed > 1_300)
  }

  @Test("a broken file is an error with its line, and the others run")
  func brokenFiles() throws {
    let step = "  Scenario: [1] a\n    When executing query:\n      \"\"\"\n      RETURN 1\n"
    #expect(
      FeatureReader.read("Feature: x\n" + step, file: "f").fault
        == "line 4: the text between \"\"\" is not closed")
    #expect(
      FeatureReader.read("hello\n", file: "f").fault == "line 1: there is no line 'Feature: ...'")
    let closed = "Feature: x\r\n" + step + "      \"\"\"\r\n"
    #expect(FeatureReader.read(closed, file: "f").fault == nil)
    #expect(throws: TCKError.self) { try TCKRun(folder: URL(fileURLWithPath: "/no/such/folder")) }
  }

  @Test("the runner reads Gherkin and tells wrong answers from errors")
  func runner() throws {
    let feature = FeatureReader.read(
      #"""
      Feature: Sample

        Background:
          Given an empty graph

        Scenario Outline: [1] Numbers
          When executing query:
            """
            RETURN <number> AS x
            """
          Then the result should be, in any order:
            | x        |
            | <answer> |

          Examples:
            | number | answer |
            | 1      | 1      |
            | 1      | 2      |
            | 'a\|b' | 'a\|b' |

        Scenario: [2] An error that nobody asked for
          When executing query:
            """
            RETURN y
            """
          Then the result should be empty
      """#, file: "sample.feature")
    #expect(feature.scenarios.count == 4)
    let graphs = NamedGraphs(near: URL(fileURLWithPath: "/nowhere"))
    let outcomes = feature.scenarios.map { ScenarioRunner.run($0, graphs: graphs).name }
    #expect(outcomes == ["pass", "wrong", "pass", "error"])
  }

  @Test("a named graph is found in the folder that is run or in one above it")
  func namedGraphs() throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: home) }
    let graph = home.appendingPathComponent("graphs/pair")
    let features = home.appendingPathComponent("features/clauses")
    for folder in [graph, features] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try #"{"name": "pair", "scripts": ["all"]}"#.write(
      to: graph.appendingPathComponent("pair.json"), atomically: true, encoding: .utf8)
    try "CREATE (:A);\nCREATE (:B);\n".write(
      to: graph.appendingPathComponent("all.cypher"), atomically: true, encoding: .utf8)
    for folder in [home, home.appendingPathComponent("features"), features] {
      #expect(try NamedGraphs(near: folder).scripts(of: "pair").count == 2)
    }
    #expect(throws: NamedGraphs.Missing.self) {
      try NamedGraphs(near: features).scripts(of: "triple")
    }
  }
}
