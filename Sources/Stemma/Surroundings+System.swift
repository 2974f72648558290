// The real clock and randomness, for programs only: everything below takes them as values.

public import Base
import Glibc

extension Surroundings {
  /// The machine's clock and random source.
  public static let system = Surroundings(
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
