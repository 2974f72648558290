// Splits texts into the terms that the index knows. Both sides of a comparison go through here, so
// SQLite never has to understand a language: it is handed terms with blanks between them.

import Base

enum WordSplitter {
  /// Terms of a text are cut off after this many; shorter than two bytes says nothing.
  static let termLimit = 256
  private static let shortest = 2
  private static let longest = 40

  /// The distinct terms in the order in which they first appear: letters and digits, small, without
  /// the plural's s, without the words that every text has. A number keeps its decimal point.
  static func terms(in text: String) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    var word: [UInt8] = []
    let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
    let bytes = Array(isPlain ? text.utf8 : text.lowercased().utf8)
    func end() {
      defer { word.removeAll(keepingCapacity: true) }
      guard (shortest...longest).contains(word.count), found.count < termLimit else { return }
      let term = String(decoding: stemmed(word), as: UTF8.self)
      guard !common.contains(term), seen.insert(term).inserted else { return }
      found.append(term)
    }
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
        word.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
      case UInt8(ascii: "."):
        if isDigit(word.last), index + 1 < bytes.count, isDigit(bytes[index + 1]) {
          word.append(byte)
        } else {
          end()
        }
      default: end()
      }
    }
    end()
    return found
  }

  private static func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The S-stemmer (Harman 1991): it joins plurals with their singulars and does little harm.
  private static func stemmed(_ word: [UInt8]) -> ArraySlice<UInt8> {
    let s = UInt8(ascii: "s")
    guard word.count > 3, word.last == s else { return word[...] }
    let before = word[word.count - 2]
    if before == s || before == UInt8(ascii: "u") || before == UInt8(ascii: "i") || isDigit(before)
    {
      return word[...]
    }
    return word.dropLast()
  }

  private static let common: Set<String> = [
    "the", "and", "for", "with", "that", "this", "from", "into", "of", "to", "in", "on", "at", "by",
    "is", "it", "as", "an", "or", "be", "are", "was", "not", "than", "then", "its", "has", "have",
    "but", "so", "we", "if", "should", "will", "can", "may", "a",
  ]
}
