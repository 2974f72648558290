// Numbers in a configuration file, whichever of TOML, JSON and YAML it is in: lines `key = number`
// or `key: number` whose key occurs once. Anything else, such as several keys on a line, is left
// alone: what is not certain is not proposed.

import Loop

enum ConfigurationReader {
  /// Replaces values in a file and starts a program: `python -c TEXT FILE GIVEN PROGRAM ...`.
  /// `GIVEN` are keys with the variables that have their values: `seed=STEMMA_SEED`.
  static let launcher = """
    import json, os, re, runpy, sys
    path, given, program = sys.argv[1:4]
    text = open(path).read()
    values = json.loads(os.environ["STEMMA_PARAMETERS"])
    for name, _, variable in (pair.partition("=") for pair in given.split(",") if pair):
        said = os.environ[variable]
        values[name] = int(said) if said.isdigit() else said
    for name, value in values.items():
        line = r'(?m)^(\\s*["\\']?' + name + r'["\\']?\\s*[:=]\\s*)[^,#\\s]+'
        text = re.sub(line, lambda found: found[1] + json.dumps(value), text, count=1)
    open(path, "w").write(text)
    sys.argv = sys.argv[3:]
    sys.path[0] = os.path.dirname(os.path.abspath(program))
    runpy.run_path(program, run_name="__main__")
    """

  static func options(in text: String) -> [ProgramOption] {
    let lines = text.split(whereSeparator: \.isNewline).compactMap(Self.assignment)
    var counts: [String: Int] = [:]
    for line in lines { counts[line.key, default: 0] += 1 }
    return lines.compactMap { key, value in
      guard counts[key] == 1, !value.isEmpty else { return nil }
      var option = ProgramOption(name: key, flag: key, initial: .text(value))
      option.isKey = true
      if let number = Int64(value) {
        option.initial = .integer(number)
      } else if let number = Double(value), number.isFinite {
        option.initial = .number(number)
      }
      return option
    }
  }

  /// The key and the bare value of a line.
  private static func assignment(_ line: Substring) -> (key: String, value: String)? {
    let bare = line.drop { $0 == " " || $0 == "\t" }
    guard let mark = bare.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
    let key = bare[..<mark].filter { $0 != " " && $0 != "\"" && $0 != "'" }
    let rest = bare[bare.index(after: mark)...].drop { $0 == " " }
    let value = rest.prefix { $0 != "," && $0 != "#" && $0 != " " }
    let tail = rest.dropFirst(value.count).drop { $0 == " " || $0 == "," }
    guard tail.isEmpty || tail.hasPrefix("#"), let first = key.utf8.first,
      !(48...57).contains(first),
      key.utf8.allSatisfy({
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
      })
    else { return nil }
    return (key, String(value))
  }
}
