// Requests through the program `curl` (docs/decisions/0070-models-through-curl.md):
// TLS, proxies and the protocol are its
// work, and a process of its own holds the key for the time of one request. The key goes in through
// standard input, the body through a file in memory, so neither is ever an argument.

import Base
import Glibc

struct CurlTransport: HTTPTransport {
  /// Beyond the limit of the request itself, for the program to end.
  private static let graceMilliseconds = 2_000
  private static let errorLimitBytes = 4 << 10
  private static let headerLimitBytes = 64 << 10

  func send(
    _ request: HTTPRequest, isCancelled: @Sendable () -> Bool
  ) -> Result<HTTPResponse, HTTPFault> {
    do {
      let body = try MemoryFile(request.body)
      defer { body.close() }
      var child = try ChildProcess(
        command: ["curl", "--disable", "--config", "-"], directory: "/")
      let end = try child.converse(
        input: Array(configuration(request, bodyPath: body.path).utf8),
        timeoutMilliseconds: request.timeoutMilliseconds + Self.graceMilliseconds,
        outputLimitBytes: request.limitBytes + Self.headerLimitBytes,
        errorLimitBytes: Self.errorLimitBytes, isCancelled: isCancelled)
      return result(of: end, request, wasCancelled: isCancelled())
    } catch let error as StemmaError {
      return .failure(HTTPFault(kind: .program, message: error.message))
    } catch {
      return .failure(HTTPFault(kind: .program, message: "\(error)"))
    }
  }

  private func configuration(_ request: HTTPRequest, bodyPath: String) -> String {
    func seconds(_ milliseconds: Int) -> String {
      DecimalText.fixed(Double(milliseconds) / 1_000, decimals: 3)
    }
    var lines = [
      "url = " + Self.quoted(request.url), "request = POST", "silent", "show-error", "include",
      "no-buffer", "suppress-connect-headers", "globoff", "http1.1",
      "proto = \"=http,https\"", "data-binary = " + Self.quoted("@" + bodyPath),
      "max-time = " + seconds(request.timeoutMilliseconds),
      "connect-timeout = " + seconds(request.connectTimeoutMilliseconds),
      "max-filesize = \(request.limitBytes)", "speed-limit = 1",
      "speed-time = \(max(1, (request.stallMilliseconds + 999) / 1_000))",
      // No pause of a second before the body is sent.
      "header = \"Expect:\"",
    ]
    for (name, value) in request.headers {
      lines.append("header = " + Self.quoted("\(name): \(value)"))
    }
    request.key?.reveal { key in
      lines.append(
        "header = " + Self.quoted("\(request.keyHeader.name): \(request.keyHeader.prefix)\(key)"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n", "\r": continue
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  // MARK: What came of it

  private func result(
    of end: ChildProcess.End, _ request: HTTPRequest, wasCancelled: Bool
  ) -> Result<HTTPResponse, HTTPFault> {
    if wasCancelled { return .failure(HTTPFault(kind: .cancelled, message: "interrupted")) }
    let parsed = ResponseReader.read(end.output)
    func fault(_ kind: HTTPFault.Kind, _ message: String) -> Result<HTTPResponse, HTTPFault> {
      .failure(HTTPFault(kind: kind, message: message, partial: parsed?.body ?? end.output))
    }
    // Of a certificate it says more, in lines of its own.
    let lines = String(decoding: end.errors, as: UTF8.self).split(separator: "\n")
    var said = lines.last { $0.hasPrefix("curl: (") } ?? lines.last ?? ""
    if let place = said.firstRange(of: ") ") { said = said[place.upperBound...] }
    let limit = request.timeoutMilliseconds
    switch end.reason {
    case .exited(0):
      guard let parsed else { return fault(.cut, "the answer has no head") }
      return .success(parsed)
    case .timedOut, .exited(28): return fault(.timeout, "no whole answer within \(limit) ms")
    case .outputLimit, .exited(63):
      return fault(.tooLong, "the answer has more than \(request.limitBytes) bytes")
    case .exited(let code):
      let text = said.isEmpty ? "curl exited with \(code)" : String(said)
      switch code {
      case 5, 6, 7: return fault(.unreachable, text)
      case 16, 18, 52, 55, 56, 92, 95: return fault(.cut, text)
      case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 83, 90, 91: return fault(.security, text)
      case 127:
        return fault(.program, "there is no program curl; install it (Debian package curl)")
      default: return fault(.program, text)
      }
    case .signalled(let signal): return fault(.program, "curl was ended by signal \(signal)")
    }
  }
}

/// Bytes as a file that has no name and is gone when it is closed; in memory where there is a
/// folder for that.
private struct MemoryFile {
  private let descriptor: Int32

  /// Readable for processes of the same user, while it is open here.
  var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

  init(_ bytes: [UInt8]) throws {
    var opened: Int32 = -1
    for folder in ["/dev/shm", "/tmp"] where opened < 0 {
      var name = Array("\(folder)/stemma-request-XXXXXX".utf8CString)
      opened = mkstemp(&name)
      guard opened >= 0 else { continue }
      unlink(&name)
      _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
    }
    descriptor = opened
    guard descriptor >= 0 else {
      throw StemmaError(
        .providerAnswer, "cannot make a file for a request: \(String(cString: strerror(errno)))")
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else {
        Glibc.close(descriptor)
        throw StemmaError(
          .providerAnswer, "cannot write a request: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
  }

  func close() { Glibc.close(descriptor) }
}
