// What bubblewrap reports on its status pipe, which no process inside can reach: small JSON
// objects, one with the first process, one with the exit code if the program was started at all.

/// The two numbers of bubblewrap's report.
struct BubblewrapStatus {
  /// The first process of the sandbox's process namespace, as seen from outside.
  var firstProcess: Int32?
  /// The program's exit code, 128 + signal where one ended it; `nil` where it never started or
  /// never ended by itself.
  var exitCode: Int32?

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    firstProcess = BubblewrapStatus.number(after: "\"child-pid\":", in: text)
    exitCode = BubblewrapStatus.number(after: "\"exit-code\":", in: text)
  }

  /// The integer after a key, if something follows it: a number at the very end may be cut.
  private static func number(after key: String, in text: String) -> Int32? {
    guard let range = text.firstRange(of: key) else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    return digits.endIndex == text.endIndex ? nil : Int32(digits)
  }
}

/// A pipe of a sandbox.
public enum SandboxStream: Sendable, Hashable {
  case output, errors
  /// Descriptor 3 of the program.
  case channel
  /// Bubblewrap's own report.
  case status
}
