// Query parameters on the command line: `--param lr=0.1 --param name=ada`.

import ArgumentParser
import Base

struct ParameterOptions: ParsableArguments {
  @Option(
    name: [.customLong("param"), .customShort("p")],
    help: ArgumentHelp(
      "A parameter of the query; repeatable.",
      discussion: "Numbers, true, false and null are themselves; [1,2] and {a: 1} are lists and "
        + "maps; everything else, or anything in quotes, is a string.",
      valueName: "name=value"))
  var parameters: [String] = []

  /// The parameters by name.
  func values() throws -> [String: Value] {
    var result: [String: Value] = [:]
    for text in parameters {
      let (name, value) = try ParameterText.parse(text)
      guard result.updateValue(value, forKey: name) == nil else {
        throw StemmaError(.argumentInvalid, "the parameter \(name) is given twice")
      }
    }
    return result
  }
}
