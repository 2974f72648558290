// What is said to a model and what it says, in no server's dialect.

package import Base

/// A tool that a model may call; its answers are data and have no effect.
package struct ModelTool: Sendable {
  package var name: String
  package var description: String
  /// JSON Schema of the arguments.
  package var input: Value
  /// The text for the model. Never throws: a wrong call is an answer too.
  package var call: @Sendable (_ arguments: Value) -> String

  package init(
    name: String, description: String, input: Value,
    call: @escaping @Sendable (_ arguments: Value) -> String
  ) {
    self.name = name
    self.description = description
    self.input = input
    self.call = call
  }
}

/// A call that a model made.
struct ToolCall: Sendable, Hashable {
  var identifier: String
  var name: String
  /// As the model wrote them: JSON, or what should have been.
  var arguments: String
}

/// One thing that was said.
enum Turn: Sendable, Hashable {
  case user(String)
  case model(String, calls: [ToolCall])
  case tool(identifier: String, text: String)
}

/// A whole conversation so far.
struct Conversation: Sendable {
  var system: String
  var turns: [Turn]
  var tools: [ModelTool]

  /// Bytes of what was said, without what the wire adds.
  var byteCount: Int {
    turns.reduce(system.utf8.count) { sum, turn in
      switch turn {
      case .user(let text), .tool(_, let text): sum + text.utf8.count
      case .model(let text, let calls):
        calls.reduce(sum + text.utf8.count) { $0 + $1.arguments.utf8.count }
      }
    }
  }
}

/// What a model said last.
struct ModelSpeech: Sendable, Hashable {
  var text = ""
  var calls: [ToolCall] = []
  /// In the server's words: `stop`, `end_turn`, `length`, `max_tokens`, `tool_use`.
  var stopReason: String?
  var inputTokens: Int?
  var outputTokens: Int?

  /// It was cut off by the limit of tokens.
  var isCutOff: Bool { stopReason == "length" || stopReason == "max_tokens" }
}

/// Speaks one dialect.
protocol Wire: Sendable {
  func request(_ conversation: Conversation, _ endpoint: ModelEndpoint) -> Value
  var path: String { get }
  var headers: [(name: String, value: String)] { get }
  var keyHeader: (name: String, prefix: String) { get }
  /// Reads a whole answer. Throws `provider.answer` where it is none.
  func speech(_ body: Value) throws -> ModelSpeech
  /// Reads the events of a stream. Throws where it ended too early or is none.
  func speech(events: [EventStream.Event]) throws -> ModelSpeech
}
