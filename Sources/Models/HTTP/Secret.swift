// A key of a model's service. It comes from the environment or a file and goes into one header;
// nothing that is stored, printed or raised may hold it.

import Base
import Glibc

/// A text that is never shown: printing one gives `[key]`.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let text: String

  package init(_ text: String) { self.text = text }

  package var description: String { "[key]" }
  package var debugDescription: String { "[key]" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// Lends the text to what must send it.
  func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result { try body(text) }

  /// The same bytes with every occurrence of the key replaced.
  func hidden(in bytes: [UInt8]) -> [UInt8] {
    let key = Array(text.utf8)
    guard key.count >= 4, bytes.count >= key.count else { return bytes }
    var clean: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == key[0], bytes[place...].starts(with: key) {
        clean += Array("[key]".utf8)
        place += key.count
      } else {
        clean.append(bytes[place])
        place += 1
      }
    }
    return clean
  }

  func hidden(in text: String) -> String {
    String(decoding: hidden(in: Array(text.utf8)), as: UTF8.self)
  }
}

/// Where a key is found.
public enum SecretPlace: Sendable, Hashable {
  case none
  case environment(String)
  case file(String)

  private static let limitBytes = 8 << 10

  /// - Throws: `provider.answer` that says where the key was looked for, never what was there.
  package func read() throws -> Secret? {
    switch self {
    case .none: return nil
    case .environment(let name):
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else {
        throw StemmaError(
          .providerAnswer, "the environment has no \(name), which is to hold a key",
          advice: "export \(name), or name a file with key_file")
      }
      return try Self.checked(value, "the environment's \(name)")
    case .file(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw StemmaError(
          .providerAnswer,
          "cannot read the key file \(path): \(String(cString: strerror(errno)))")
      }
      defer { close(descriptor) }
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_mode & 0o077 != 0 {
        throw StemmaError(
          .providerAnswer, "others may read the key file \(path)", advice: "chmod 600 \(path)")
      }
      var buffer = [UInt8](repeating: 0, count: Self.limitBytes)
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard let text = String(validating: buffer.prefix(max(0, count)), as: UTF8.self) else {
        throw StemmaError(.providerAnswer, "the key file \(path) is not UTF-8")
      }
      return try Self.checked(text, "the key file \(path)")
    }
  }

  private static func checked(_ text: String, _ place: String) throws -> Secret {
    let bytes = text.utf8.drop { $0 <= 0x20 }
    let end = bytes.lastIndex { $0 > 0x20 }.map { bytes.index(after: $0) } ?? bytes.startIndex
    let trimmed = String(Substring(bytes[bytes.startIndex..<end]))
    guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw StemmaError(.providerAnswer, "\(place) is no key: it is empty or has odd characters")
    }
    return Secret(trimmed)
  }
}
