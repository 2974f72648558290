// An ordered index as readers see it: its definition with names resolved, and its statistics.

package import Base

/// An ordered index that is in force.
package struct GraphIndex: Hashable, Sendable {
  /// The number under which its entries are kept; never reused.
  package var number: UInt32
  package var definition: IndexDefinition
  package var label: Symbol
  package var properties: [Symbol]
  /// Nodes that have an entry now.
  package var entryCount: Int
  /// Distinct values that the first property has ever had; at least the number it has now.
  package var distinctFirstValues: Int

  package init(
    number: UInt32, definition: IndexDefinition, label: Symbol, properties: [Symbol],
    entryCount: Int, distinctFirstValues: Int
  ) {
    self.number = number
    self.definition = definition
    self.label = label
    self.properties = properties
    self.entryCount = entryCount
    self.distinctFirstValues = distinctFirstValues
  }
}
