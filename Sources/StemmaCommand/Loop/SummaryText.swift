// A campaign at a glance: what was tried, the best results with their intervals, the metric over
// time, and what to do next.

import Base
import Loop
import Rendering

struct SummaryText {
  let summary: CampaignSummary
  let style: Style
  let width: Int?

  /// Name, state, counts.
  var overview: String {
    let progress = summary.progress
    var text = "\n" + style.bold("\(summary.key) \(summary.name)") + "  \(summary.status)\n"
    if let interruption = summary.interruption {
      text += style.yellow(summary.status) + ": " + DisplayWidth.harmless(interruption) + "\n"
    }
    if !summary.requests.isEmpty {
      text += style.yellow("asked to \(summary.requests.joined(separator: ", then "))")
      text += ": obeyed at the runner's next step; where none is alive, by the next "
      text += "stemma loop run\n"
    }
    text += DisplayWidth.harmless(summary.goal) + "\n\n"
    text +=
      "\(progress.rounds) of \(progress.roundsPlanned) rounds, \(progress.proposals) proposals"
    text += ", \(progress.runs) runs"
    if progress.runsOpen > 0 { text += " (\(progress.runsOpen) of them to come)" }
    text += ", \(NumberText.duration(seconds: summary.wallSeconds)) of runs"
    if summary.reservedSeconds > 0 {
      text += ", \(NumberText.duration(seconds: summary.reservedSeconds)) more reserved"
    }
    text += "\n"
    let outcomes = summary.outcomes.map { "\(NumberText.grouped($0.count)) \($0.status)" }
    if !outcomes.isEmpty { text += "proposals: " + outcomes.joined(separator: ", ") + "\n" }
    if let sigma = summary.sigma {
      text += "noise: one run varies by ±\(NumberText.short(sigma)) \(unit) (standard deviation)\n"
    }
    if let passed = summary.holdoutPassed {
      text += "hold-out of the winner: " + (passed ? style.green("passed") : style.red("failed"))
      text += " (the values stay sealed)\n"
    }
    for calls in summary.failedCalls {
      text +=
        style.red("no usable answer: ") + "\(calls.failed) of \(calls.asked) questions to the "
      text += "\(calls.role) (\(calls.name)); last: \(DisplayWidth.harmless(calls.lastReason))\n"
    }
    if !summary.waiting.isEmpty {
      text += style.yellow("waits for you: ") + summary.waiting.joined(separator: ", ")
      text += "  (stemma review)\n"
    }
    return text
  }

  private var unit: String { summary.unit.isEmpty ? summary.metric : summary.unit }

  /// The baseline and every confirmed improvement.
  var best: String {
    guard !summary.best.isEmpty else { return "" }
    let columns: [TableText.Column] = [
      .init("proposal"), .init("mean \(summary.metric)", alignRight: true),
      .init("runs", alignRight: true), .init("gain", alignRight: true), .init("90 % interval"),
      .init("shrunk", alignRight: true), .init("what it is"),
    ]
    let rows = summary.best.map { best -> [String] in
      let interval = best.lower.flatMap { low in
        best.upper.map { "[\(NumberText.short(low)), \(NumberText.short($0))]" }
      }
      return [
        best.key + (best.isIncumbent ? " *" : ""), number(best.mean), String(best.runs),
        number(best.effect),
        (interval ?? "") + (best.against.map { " against \($0)" } ?? ""),
        number(best.shrunkEffect), best.title,
      ]
    }
    return "\n" + style.bold("Best results") + " (* is the best now; positive gains are better)\n"
      + TableText(columns: columns, rows: rows).render(maximumWidth: width, style: style)
  }

  private func number(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "" }

  /// The metric over the runs, with the best so far as a line.
  var plot: String {
    guard summary.points.count > 1 else { return "" }
    var best: Double?
    var line: [(x: Double, y: Double)] = []
    var points: [(x: Double, y: Double)] = []
    for (index, point) in summary.points.enumerated() {
      let x = Double(index + 1)
      points.append((x: x, y: point.value))
      if point.isConfirmed {
        let isBetter =
          best.map { summary.isMinimised ? point.value < $0 : point.value > $0 } ?? true
        if isBetter { best = point.value }
      }
      if let best { line.append((x: x, y: best)) }
    }
    let title = "\(summary.metric) of each scored run, and the best confirmed so far"
    return "\n" + PlotText(title: title, points: points, line: line).render()
  }

  /// Where the report lies, and what to try.
  var next: String {
    var text = "\n"
    if let report = summary.report { text += "The report: stemma show \(report)\n" }
    let winner = summary.best.last { $0.isIncumbent }?.key ?? summary.best.last?.key
    text += style.bold("Try next") + "\n"
    text += "  stemma why \(winner ?? summary.key)\n"
    text += "  stemma query @outcomes\n"
    text += "  stemma repl\n"
    return text
  }

  var json: String {
    var json = JSONText()
    json.beginObject()
    for (name, value) in [
      ("key", summary.key), ("name", summary.name), ("goal", summary.goal),
      ("status", summary.status), ("metric", summary.metric), ("unit", summary.unit),
    ] {
      json.name(name)
      json.string(value)
    }
    let progress = summary.progress
    for (name, value) in [
      ("rounds", progress.rounds), ("roundsPlanned", progress.roundsPlanned),
      ("proposals", progress.proposals), ("runs", progress.runs), ("runsOpen", progress.runsOpen),
    ] {
      json.name(name)
      json.integer(Int64(value))
    }
    json.name("wallSeconds")
    json.number(summary.wallSeconds)
    json.name("reservedSeconds")
    json.number(summary.reservedSeconds)
    json.name("interruption")
    if let interruption = summary.interruption {
      json.string(interruption)
    } else {
      json.null()
    }
    json.name("requests")
    json.beginArray()
    for request in summary.requests { json.string(request) }
    json.endArray()
    json.name("sigma")
    write(summary.sigma, to: &json)
    json.name("holdoutPassed")
    if let passed = summary.holdoutPassed { json.boolean(passed) } else { json.null() }
    json.name("outcomes")
    json.beginObject()
    for outcome in summary.outcomes {
      json.name(outcome.status)
      json.integer(Int64(outcome.count))
    }
    json.endObject()
    json.name("waiting")
    json.beginArray()
    for key in summary.waiting { json.string(key) }
    json.endArray()
    json.name("best")
    json.beginArray()
    for best in summary.best { write(best, to: &json) }
    json.endArray()
    json.endObject()
    return json.text
  }

  private func write(_ best: CampaignSummary.Best, to json: inout JSONText) {
    json.beginObject()
    json.name("key")
    json.string(best.key)
    json.name("title")
    json.string(best.title)
    json.name("incumbent")
    json.boolean(best.isIncumbent)
    json.name("against")
    if let against = best.against { json.string(against) } else { json.null() }
    for (name, value) in [
      ("mean", best.mean), ("effect", best.effect), ("lower", best.lower), ("upper", best.upper),
      ("shrunkEffect", best.shrunkEffect),
    ] {
      json.name(name)
      write(value, to: &json)
    }
    json.endObject()
  }

  private func write(_ value: Double?, to json: inout JSONText) {
    if let value { json.number(value) } else { json.null() }
  }
}
