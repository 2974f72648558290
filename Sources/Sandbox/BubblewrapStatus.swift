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
    firstProcess = BubblewrapStatus.number(after: "\"child-pid\":", in: bytes)
    exitCode = BubblewrapStatus.number(after: "\"exit-code\":", in: bytes)
  }

  /// The integer after a key, if something follows it: a number at the very end may be cut.
  private static func number(after key: String, in text: [UInt8]) -> Int32? {
    var rest = text[...]
    while !rest.starts(with: key.utf8) {
      guard let quote = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
      rest = rest[quote...]
    }
    rest = rest.dropFirst(key.utf8.count).drop { $0 == UInt8(ascii: " ") }
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits.endIndex != text.endIndex else { return nil }
    return KernelFile.decimal(digits).flatMap { Int32(exactly: $0) }
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
