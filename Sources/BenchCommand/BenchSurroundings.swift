// The real clock and random source for benchmarks.

import Base
import Foundation

extension Surroundings {
  static var bench: Surroundings {
    Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1e6)) },
      random: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
      })
  }
}
