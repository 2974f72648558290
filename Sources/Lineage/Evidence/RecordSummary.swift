// One record in one line: its key, its kind and the few facts that matter about a record of its
// kind. The line is made from properties only, so that it can be shown without another query.

import Base
package import Stemma

/// What is shown of a record wherever it is mentioned.
public struct RecordSummary: Sendable, Hashable {
  /// `P42`; a number of the store where the node has no key.
  public var key: String
  /// The node's first label.
  public var kind: String
  /// What it says, in one line without newlines; untrusted text among it.
  public var headline: String
  /// Objects of the store that hold the record's raw material, by the property that names them.
  public var objects: [NamedObject]

  public struct NamedObject: Sendable, Hashable {
    public var name: String
    public var hash: String
  }

  /// The summary of a node as a query returned it.
  package init(_ record: NodeRecord) {
    key = record.key?.string ?? "#\(record.id.rawValue)"
    kind = record.labels.first?.string ?? "node"
    let facts = RecordFacts(record.properties)
    headline = facts.headline(kind: kind)
    objects = facts.objects
  }
}
