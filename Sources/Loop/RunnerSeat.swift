// Runners that share a campaign, told apart by numbers. What a runner began is its own for as long
// as it lives; whether it lives is known from the kernel, never from a clock.

/// The place of this runner among those that share a campaign. Belongs to the loop's own thread.
protocol RunnerSeat: AnyObject {
  /// Names this runner's attempts; no other living runner of the campaign has it.
  var number: Int { get }
  /// Whether this one decides: plans, asks, judges, reports. One runner at a time does.
  var leads: Bool { get }
  /// Takes the lead where nobody has it. True where this one leads then.
  func takeLead() -> Bool
  /// Whether a number is this runner's, its former ones included.
  func holds(_ number: Int) -> Bool
  /// Whether another runner lives under a number.
  func isTaken(_ number: Int) -> Bool
}

/// A runner that has nobody beside it.
final class OnlySeat: RunnerSeat {
  let number = 0
  let leads = true
  func takeLead() -> Bool { true }
  func holds(_ number: Int) -> Bool { number == 0 }
  func isTaken(_ number: Int) -> Bool { false }
}
