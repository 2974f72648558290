// How many tokens a text is, near enough to keep a budget without knowing whose tokens they are.

/// A stated way of counting tokens.
package struct TokenEstimator: Sendable {
  /// As it stands in the brief: part of what makes its bytes.
  package let name: String
  package let count: @Sendable (String) -> Int

  package init(name: String, count: @escaping @Sendable (String) -> Int) {
    self.name = name
    self.count = count
  }

  /// A token is four bytes: right for English within a fifth, for most tokenizers.
  package static let fourBytes = TokenEstimator(name: "bytes/4") { ($0.utf8.count + 3) / 4 }
  /// A token is three bytes: for numbers, code and languages that take more.
  package static let threeBytes = TokenEstimator(name: "bytes/3") { ($0.utf8.count + 2) / 3 }
  /// A word is four thirds of a token, and so is a mark.
  package static let words = TokenEstimator(name: "words*4/3") { text in
    var words = 0
    var isInside = false
    for byte in text.utf8 {
      let isWord =
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
      if isWord ? !isInside : byte > 0x20 { words += 1 }
      isInside = isWord
    }
    return (words * 4 + 2) / 3
  }

  package static let all = [fourBytes, threeBytes, words]
}
