// Amounts with units on the command line: sizes such as 256MiB and times such as 8s. What has no
// unit is bytes or seconds; what is not exactly a number and a unit is refused.

import ArgumentParser

/// A size in bytes: `4096`, `64KiB`, `256MiB`, `2GiB`, `10MB`.
struct ByteCount: ExpressibleByArgument {
  var bytes: Int

  init(_ bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let units: [(String, Int)] = [
      ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("kB", 1_000),
      ("MB", 1_000_000), ("GB", 1_000_000_000), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30),
      ("B", 1), ("", 1),
    ]
    guard let amount = amount(argument, units.map { ($0.0, Double($0.1)) }), amount < 0x1p52
    else { return nil }
    bytes = Int(amount)
  }

  var defaultValueDescription: String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20)MiB" : "\(bytes)"
  }
}

/// A time: `500ms`, `8s`, `5m`, `2h`, `1d`; without a unit, seconds.
struct TimeAmount: ExpressibleByArgument {
  var milliseconds: Int

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  init?(argument: String) {
    let units: [(String, Double)] = [
      ("ms", 1), ("s", 1_000), ("min", 60_000), ("m", 60_000), ("h", 3_600_000),
      ("d", 86_400_000), ("", 1_000),
    ]
    guard let amount = amount(argument, units), amount < 0x1p52 else { return nil }
    milliseconds = Int(amount)
  }

  var defaultValueDescription: String { "\(milliseconds / 1_000)s" }
}

/// A finite number that is not negative, times its unit.
private func amount(_ text: String, _ units: [(String, Double)]) -> Double? {
  let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
  let unit = text.dropFirst(digits.count)
  guard let number = Double(digits), number.isFinite,
    let factor = units.first(where: { $0.0 == unit })?.1
  else { return nil }
  return (number * factor).rounded()
}
