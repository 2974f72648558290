// One request over HTTP and what came of it, without saying who carries it.

/// What is sent. Only POST of JSON is needed here.
struct HTTPRequest: Sendable {
  var url: String
  /// Without the key.
  var headers: [(name: String, value: String)]
  /// The header that carries the key, with what stands before it: `Authorization`, `Bearer `.
  var keyHeader: (name: String, prefix: String)
  var key: Secret?
  var body: [UInt8]
  var timeoutMilliseconds: Int
  var connectTimeoutMilliseconds: Int
  /// Nothing for so long means that the connection is dead; a streamed answer then ends early.
  var stallMilliseconds: Int
  var limitBytes: Int
}

/// What came back.
struct HTTPResponse: Sendable, Hashable {
  var status: Int
  /// Names in small letters.
  var headers: [String: String]
  var body: [UInt8]
}

/// Why nothing whole came back.
struct HTTPFault: Error, Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case timeout, unreachable, cut, security, tooLong, cancelled, program
  }

  var kind: Kind
  var message: String
  /// What had come by then.
  var partial: [UInt8] = []

  /// Whether the same request may succeed later.
  var isTransient: Bool { [.timeout, .unreachable, .cut].contains(kind) }
}

/// Sends requests.
protocol HTTPTransport: Sendable {
  func send(
    _ request: HTTPRequest, isCancelled: @Sendable () -> Bool
  ) -> Result<HTTPResponse, HTTPFault>
}
