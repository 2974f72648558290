// The words of a command line in one text, as a shell would cut them: blanks part words, quotes and
// backslashes keep them together. Nothing is replaced: variables and globs stay as they are.

import Base

enum ShellWords {
  /// - Throws: `argument.invalid` where a quote is not closed or there is no word.
  static func split(_ text: String) throws -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else {
      throw StemmaError(
        .argumentInvalid, "a quote in --command is not closed: \(text)",
        advice: "for example: --command 'python train.py --name \"two words\"'")
    }
    if let word { words.append(word) }
    guard !words.isEmpty else { throw StemmaError(.argumentInvalid, "--command is empty") }
    return words
  }
}
