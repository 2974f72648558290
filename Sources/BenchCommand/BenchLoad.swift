// Loads the generated graph: every column of every file, all indexes, durable at the end. It is the
// import of CSV files that `stemma import csv` offers, under a mapping of the benchmark's files.

import Base
import Graph
import Interchange
import Stemma

/// Reads the CSV files of a data folder into a store.
struct BenchLoad {
  let database: Database
  let data: String

  func run() throws {
    let mapping = try CSVMapping(json: Array(Self.mapping.utf8))
    let files = try CSVImport(mapping) { name in try OpenedFile(data + "/" + name) }
    _ = try files.load(
      into: database, requestID: RequestID(high: 1, low: 0), actor: "bench",
      reason: "bulk load of a benchmark graph")
  }

  private static let mapping = """
    {
      "nodes": [
        {"file": "proposal.csv", "label": "Proposal", "id": "id",
         "columns": {"id": "INTEGER", "campaign": "INTEGER", "created": "INTEGER",
           "author_kind": "STRING", "text": "STRING", "lr": "FLOAT", "batch": "INTEGER",
           "width": "INTEGER", "depth": "INTEGER", "dropout": "FLOAT"}},
        {"file": "critique.csv", "label": "Critique", "id": "id",
         "columns": {"id": "INTEGER", "verdict": "STRING", "score": "FLOAT", "created": "INTEGER",
           "text": "STRING"}},
        {"file": "run.csv", "label": "Run", "id": "id",
         "columns": {"id": "INTEGER", "status": "STRING", "seed": "INTEGER",
           "gpu_seconds": "FLOAT", "start_at": "INTEGER", "end_at": "INTEGER"}},
        {"file": "eval.csv", "label": "Eval", "id": "id",
         "columns": {"id": "INTEGER", "metric": "STRING", "value": "FLOAT", "benchmark": "STRING",
           "created": "INTEGER"}}
      ],
      "edges": [
        {"file": "derived_from.csv", "type": "DERIVED_FROM",
         "from": {"column": "child", "label": "Proposal"},
         "to": {"column": "parent", "label": "Proposal"}, "columns": {"role": "INTEGER"}},
        {"file": "critiques.csv", "type": "CRITIQUES",
         "from": {"column": "critique", "label": "Critique"},
         "to": {"column": "proposal", "label": "Proposal"}},
        {"file": "executes.csv", "type": "EXECUTES", "from": {"column": "run", "label": "Run"},
         "to": {"column": "proposal", "label": "Proposal"}},
        {"file": "evaluates.csv", "type": "EVALUATES", "from": {"column": "eval", "label": "Eval"},
         "to": {"column": "run", "label": "Run"}}
      ],
      "indexes": [
        {"name": "proposal_id", "label": "Proposal", "properties": ["id"]},
        {"name": "critique_id", "label": "Critique", "properties": ["id"]},
        {"name": "run_id", "label": "Run", "properties": ["id"]},
        {"name": "eval_id", "label": "Eval", "properties": ["id"]},
        {"name": "eval_metric", "label": "Eval", "properties": ["metric", "benchmark", "value"]}
      ]
    }
    """
}
