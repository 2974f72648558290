// The real clock, randomness, memory and scratch folder of the machine, for programs only:
// everything below takes them as values.

public import Base
import Glibc

extension Surroundings {
  /// The machine's clock and random source, and the first folder that can be written of
  /// `STEMMA_TMPDIR`, `TMPDIR`, `/var/tmp` and `/tmp`.
  public static let system = Surroundings(
    now: { Timestamp(microsecondsSinceEpoch: microseconds(of: CLOCK_REALTIME)) },
    random: {
      var generator = SystemRandomNumberGenerator()
      return generator.next()
    },
    steadyMicroseconds: { microseconds(of: CLOCK_MONOTONIC) },
    temporaryFolder: writableFolder())

  private static func microseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  private static func writableFolder() -> String? {
    let named = ["STEMMA_TMPDIR", "TMPDIR"].compactMap { (name: String) in
      getenv(name).map { String(cString: $0) }
    }
    return (named + ["/var/tmp", "/tmp"]).first { folder in access(folder, W_OK | X_OK) == 0 }
  }
}

extension QueryLimits {
  /// The memory that a query may hold where nobody says otherwise: a quarter of the machine's, and
  /// never less than 256 MiB.
  public static let defaultMemoryBytes: Int = {
    let (pages, pageBytes) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    guard pages > 0, pageBytes > 0 else { return 1 << 30 }
    // Whole mebibytes, as every text says it.
    return max(256 << 20, (pages * pageBytes / (4 << 20)) << 20)
  }()
}
