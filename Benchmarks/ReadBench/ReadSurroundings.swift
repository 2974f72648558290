// Clock, randomness and settings of stores for a benchmark: the same in every run.

import Base
import Store

extension Surroundings {
  static var bench: Surroundings {
    Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000) }, random: { 7 })
  }
}

extension StoreOptions {
  /// A small reservation, so that instruction counters which emulate memory can run this.
  static var bench: StoreOptions {
    var options = StoreOptions()
    options.mapBytes = 16 << 30
    return options
  }
}
