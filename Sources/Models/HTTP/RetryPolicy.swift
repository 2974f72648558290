// When a request is sent again, and after how long. The wait is a function of the attempt, the
// question and what the server asked for, so that two runs of the same history wait alike.

import Base

/// Rules of trying again.
struct RetryPolicy: Sendable, Hashable {
  /// Attempts beyond the first.
  var retries: Int
  var baseMilliseconds = 1_000
  var maximumMilliseconds = 60_000
  /// A server that asks for a longer pause is not waited for.
  var patienceMilliseconds = 300_000

  /// Statuses after which the same request may succeed.
  static func isTransient(_ status: Int) -> Bool {
    status == 408 || status == 409 || status == 425 || status == 429 || status >= 500
  }

  /// The pause before attempt `attempt` (from 1): exponential, between half and all of it by the
  /// seed, and at least what the server asks for. `nil` where that is longer than patience.
  func pause(before attempt: Int, seed: UInt64, asked: Int?) -> Int? {
    var random = SplitMix64(seed: seed &+ UInt64(attempt))
    let whole = min(maximumMilliseconds, baseMilliseconds << min(attempt - 1, 16))
    let jittered = whole / 2 + Int(random.next() % UInt64(max(1, whole / 2 + 1)))
    guard let asked else { return jittered }
    return asked <= patienceMilliseconds ? max(asked, jittered) : nil
  }

  /// What `Retry-After` (RFC 9110, 10.2.3) or `retry-after-ms` asks for.
  static func askedMilliseconds(_ headers: [String: String], now: Int) -> Int? {
    if let text = headers["retry-after-ms"], let number = Double(text), number >= 0, number < 1e9 {
      return Int(number.rounded(.up))
    }
    guard let text = headers["retry-after"] else { return nil }
    if let number = Double(text) {
      return number >= 0 && number < 1e6 ? Int((number * 1_000).rounded(.up)) : nil
    }
    return moment(text).map { max(0, ($0 - now) * 1_000) }
  }

  /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
  private static func moment(_ text: String) -> Int? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]), (1...31).contains(day),
      let month = months.firstIndex(of: String(words[2])), let year = Int64(words[3]),
      (1_970...9_999).contains(year)
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int64($0) }
    guard time.count == 3, time.allSatisfy({ (0...60).contains($0) }) else { return nil }
    let days = GregorianCalendar.days(year: year, month: Int64(month + 1), day: day)
    return Int(days * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2])
  }
}
