// A tool with an effect. The server itself cannot write: whoever serves for an actor who may hands
// such tools in, and they write through the one path that there is.

package import Base
import Stemma

/// A tool that appends something, as one named actor.
package struct WritingTool: ContextTool {
  let name: String
  let title: String
  let description: String
  let input: StaticString
  let output: StaticString
  private let write: @Sendable (_ arguments: ValueMap) throws -> Value

  /// `write` gets arguments whose names are those of `input`, and returns the structured answer.
  package init(
    name: String, title: String, description: String, input: StaticString, output: StaticString,
    write: @escaping @Sendable (_ arguments: ValueMap) throws -> Value
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.input = input
    self.output = output
    self.write = write
  }

  var writes: Bool { true }

  func run(_ arguments: ToolArguments, _ database: Database) throws -> ToolAnswer {
    ToolAnswer(try write(arguments.values))
  }
}
