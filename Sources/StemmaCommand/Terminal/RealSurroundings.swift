// The real clock and the real random source, handed down from here.

import Base
import Glibc

extension Surroundings {
  /// The system's clock and random numbers.
  static var real: Surroundings {
    Surroundings(
      now: {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
          microsecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
      },
      random: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
      })
  }
}
