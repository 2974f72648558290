// Reads the options of a Python program from its own argparse parser: the program is started in a
// sandbox with a parser that tells of itself and ends instead of parsing. Where that does not work
// there are no options, which is no error.

import Base
import Loop
import Models

enum ArgumentReader {
  private static let limitBytes = 1 << 20

  /// Started as `python -c TEXT PROGRAM`; the description goes to descriptor 3.
  static let probe = """
    import argparse, json, os, runpy, sys

    def plain(value):
        number = isinstance(value, (int, float))
        if number and not -(2**63) < value < 2**63:  # NaN and infinities too
            return None
        return value if isinstance(value, (bool, int, float, str)) else None

    def tell(parser, *rest, **named):
        skipped = (argparse._HelpAction, argparse._VersionAction)
        options = [
            {
                "name": action.dest,
                "flag": max(action.option_strings, key=len, default=""),
                "default": plain(action.default),
                "type": getattr(action.type, "__name__", ""),
                "choices": [str(choice) for choice in action.choices or []],
                "help": action.help or "",
                "required": bool(action.required),
                "takes": action.nargs is None,
            }
            for action in parser._actions if not isinstance(action, skipped)
        ]
        data = json.dumps(options, allow_nan=False).encode()
        while data:
            data = data[os.write(3, data):]
        os._exit(0)

    argparse.ArgumentParser.parse_args = tell
    argparse.ArgumentParser.parse_known_args = tell
    sys.argv = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
    """

  /// What the probe told; nothing where it told nothing that reads.
  static func options(in answer: [UInt8]) -> [ProgramOption] {
    guard case .list(let all)? = try? JSONReader.read(answer, limitBytes: limitBytes) else {
      return []
    }
    return all.compactMap { value in
      guard case .map(let map) = value else { return nil }
      func text(_ name: Text) -> String {
        if case .string(let text)? = map[name] { return text.string }
        return ""
      }
      let name = text("name")
      guard !name.isEmpty else { return nil }
      var option = ProgramOption(
        name: name, flag: text("flag"), initial: initial(map["default"], type: text("type")))
      if case .list(let choices)? = map["choices"] {
        option.choices = choices.compactMap {
          if case .string(let text) = $0 { text.string } else { nil }
        }
      }
      option.help = String(text("help").prefix(200))
      option.isRequired = map["required"] == .boolean(true)
      option.takesValue = map["takes"] == .boolean(true)
      return option
    }
  }

  private static func initial(_ value: Value?, type: String) -> ProgramOption.Default {
    switch value {
    case .boolean(let flag)?: .flag(flag)
    case .integer(let number)?: type == "float" ? .number(Double(number)) : .integer(number)
    case .float(let number)?: .number(number)
    case .string(let text)?: .text(text.string)
    default: .none
    }
  }
}
