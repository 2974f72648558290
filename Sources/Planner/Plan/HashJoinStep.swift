// A join of two parts of a query that no relationship connects, only values that must be equal.

/// Pairs the rows of two plans whose keys are equivalent. The rows of input 0 stream, in their
/// order where memory is enough; those of input 1, which begins with nothing bound, are held.
package struct HashJoinStep: Sendable, Hashable {
  /// What must be equal in a row that streams and in one that is held.
  package struct Key: Sendable, Hashable {
    package var streamed: BoundExpression
    package var held: BoundExpression

    package init(streamed: BoundExpression, held: BoundExpression) {
      self.streamed = streamed
      self.held = held
    }

    var reversed: Key { Key(streamed: held, held: streamed) }
  }

  package var keys: [Key]
  /// The slots that input 1 assigns.
  package var held: SlotSet
  /// Those of them that consumers read; set by the last pass.
  package var kept: [Slot] = []

  package init(keys: [Key], held: SlotSet) {
    self.keys = keys
    self.held = held
  }

  var read: SlotSet { (keys.map(\.streamed) + keys.map(\.held)).readSlots }
}
