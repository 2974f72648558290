// A plan as JSON: `stemma query --explain --format json` and `--profile`.

import Base
import Rendering
import Stemma

/// Writes plans for programs.
enum PlanText {
  /// One object on one line. `estimateOff` marks an estimate that was wrong by more than ten times.
  static func json(_ plan: PlanDescription, of result: QueryResult) -> String {
    var json = JSONText()
    json.beginObject()
    json.name("plan")
    write(plan.root, to: &json)
    json.name("subqueries")
    json.beginArray()
    for subquery in plan.subqueries {
      json.beginObject()
      json.name("kind")
      json.string(subquery.kind)
      json.name("plan")
      write(subquery.root, to: &json)
      json.endObject()
    }
    json.endArray()
    json.name("rules")
    json.beginArray()
    for rule in plan.rules { json.string(rule) }
    json.endArray()
    json.name("warnings")
    json.beginArray()
    for warning in plan.warnings { json.string(warning) }
    json.endArray()
    json.name("complete")
    json.boolean(result.complete)
    json.name("snapshot")
    json.integer(Int64(clamping: result.snapshot.rawValue))
    json.endObject()
    return json.text + "\n"
  }

  private static func write(_ operation: PlanDescription.Operation, to json: inout JSONText) {
    json.beginObject()
    json.name("operator")
    json.string(operation.name)
    json.name("text")
    json.string(operation.text)
    if let index = operation.index {
      json.name("index")
      json.string(index)
    }
    json.name("estimatedRows")
    json.number(operation.estimatedRows)
    if let measured = operation.measured {
      for (name, value) in [
        ("rows", Int64(measured.rows)), ("batches", Int64(measured.batches)),
        ("microseconds", measured.microseconds), ("memoryBytes", Int64(measured.memoryBytes)),
        ("spilledBytes", Int64(measured.spilledBytes)),
        ("readRanges", Int64(measured.readRanges)),
        ("skippedRanges", Int64(measured.skippedRanges)),
      ] {
        json.name(name)
        json.integer(value)
      }
      json.name("estimateOff")
      json.boolean(measured.isEstimateOff)
    }
    json.name("inputs")
    json.beginArray()
    for input in operation.inputs { write(input, to: &json) }
    json.endArray()
    json.endObject()
  }
}
