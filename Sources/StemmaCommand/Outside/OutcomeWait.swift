// Waits for what becomes of a proposal, and prints it.

import Base
import Glibc
import Loop
import Models
import Rendering
import Stemma

/// Asks the store again whenever something was appended.
struct OutcomeWait {
  let key: String
  let database: Database

  private static let pollMilliseconds = 100

  /// The outcome as soon as it is enough, or as it is when the time is over.
  func outcome(
    within milliseconds: Int, until isEnough: (ProposalOutcome) -> Bool
  ) throws -> ProposalOutcome {
    let end = MonotonicTime.milliseconds() + milliseconds
    while true {
      let seen = try database.lastTransaction()
      let outcome = try ProposalOutcome.of(key, in: database)
      if isEnough(outcome) { return outcome }
      while try database.lastTransaction() == seen {
        if MonotonicTime.milliseconds() >= end { return outcome }
        usleep(UInt32(Self.pollMilliseconds * 1_000))
      }
    }
  }
}

/// An outcome for people, or for programs.
struct OutcomeText {
  let outcome: ProposalOutcome

  func rendered(_ format: StatusFormat) -> String {
    switch format {
    case .json: json + "\n"
    case .text: lines
    }
  }

  private var json: String {
    var json = JSONText()
    json.beginObject()
    func text(_ name: String, _ value: String?) {
      guard let value else { return }
      json.name(name)
      json.string(value)
    }
    func number(_ name: String, _ value: Double?) {
      guard let value else { return }
      json.name(name)
      json.number(value)
    }
    text("key", outcome.key)
    text("proposal", outcome.proposal)
    text("status", outcome.status)
    json.name("isOver")
    json.boolean(outcome.isOver)
    text("reason", outcome.reason)
    text("metric", outcome.metric)
    number("value", outcome.value)
    json.name("runs")
    json.integer(Int64(outcome.runs))
    text("verdict", outcome.verdict)
    number("effect", outcome.effect)
    number("lower", outcome.lower)
    number("upper", outcome.upper)
    text("report", outcome.report)
    json.endObject()
    return json.text
  }

  private var lines: String {
    let taken = outcome.proposal.map { $0 == outcome.key ? "" : ", taken as \($0)" } ?? ""
    var text =
      "\(outcome.key)\(taken): \(outcome.status)\(outcome.isOver ? "" : ", not over yet")\n"
    func add(_ name: String, _ value: String?) {
      guard let value else { return }
      text += "  " + name + String(repeating: " ", count: max(1, 9 - name.count)) + value + "\n"
    }
    func short(_ value: Double) -> String { NumberText.short(value) }
    if let metric = outcome.metric, let value = outcome.value {
      add(metric, "\(short(value)), mean of \(outcome.runs) \(outcome.runs == 1 ? "run" : "runs")")
    }
    if let effect = outcome.effect {
      let range = outcome.lower.flatMap { low in
        outcome.upper.map { " [\(short(low)), \(short($0))]" }
      }
      add("effect", short(effect) + (range ?? "") + ", positive is better")
    }
    add("verdict", outcome.verdict)
    add("reason", outcome.reason)
    add("report", outcome.report)
    return text
  }
}
