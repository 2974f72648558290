// The tools without the protocol, for who talks to a model itself.

package import Base

extension ContextServer {
  /// A tool as a function from arguments to a text for the model; it cannot write.
  package struct Reader: Sendable {
    package var name: String
    package var description: String
    package var input: Value
    package var call: @Sendable (_ arguments: Value) -> String
  }

  package var readers: [Reader] {
    tools.filter { !$0.writes }.map { tool in
      Reader(
        name: tool.name, description: tool.description, input: JSON.literal(tool.input)
      ) { [database] arguments in
        do {
          return try tool.run(try ToolArguments(arguments, for: tool), database).text
        } catch let error as StemmaError {
          return "error: " + error.rendered
        } catch {
          return "error: \(error)"
        }
      }
    }
  }
}
