// What of a proposal is compared: its words, its parameters, its patch. The index and the ranking
// read the same.

import Base
import Graph
import Stemma

/// One proposal as it is compared.
struct ProposalTexts {
  var words = ""
  var parameters = ParameterSet()
  /// The object with the unified difference.
  var differenceHash: String?

  var terms: [String] { WordSplitter.terms(in: words) }

  init() {}

  init(_ node: NodeID, _ graph: borrowing GraphView, _ database: Database) throws {
    let title = try graph.text("title", of: node) ?? ""
    words = title + " " + (try graph.text("hypothesis", of: node) ?? "")
    parameters = try Self.parameters(of: node, graph)
    differenceHash = try graph.text("differenceHash", of: node)
  }

  /// Assignments where they are there, otherwise the JSON of the parameters; the declared patch
  /// counts as one more.
  static func parameters(
    of node: NodeID, _ graph: borrowing GraphView
  ) throws -> ParameterSet {
    var set = ParameterSet()
    if case .list(let values) = try graph.value("assignments", of: node) {
      set = ParameterSet(
        assignments: values.compactMap { value in
          if case .string(let text) = value { text } else { nil }
        })
    } else if let text = try graph.text("parameters", of: node),
      case .map(let map)? = try? StrictJSON.parse(
        Array(text.utf8), limits: StrictJSON.Limits(bytes: 1 << 20))
    {
      set = ParameterSet(map)
    }
    guard let patch = try graph.text("patchName", of: node), !patch.isEmpty else { return set }
    return ParameterSet(
      set.entries.map { ($0.name, $0.setting) } + [("patch", .word(Text(patch)))])
  }

  /// The sketch of the patch; `nil` where there is none or its object is not here.
  func shape(_ database: Database) -> PatchShape? {
    guard let differenceHash, let digest = Digest(hex: differenceHash),
      let bytes = try? database.object(digest)
    else { return nil }
    return PatchShape(difference: bytes)
  }
}
