// Notes against the texts that the specification and its reference implementation publish.

import Base
import Testing

@testable import Signing

@Suite struct SignedNoteTests {
  /// From the documentation of the reference implementation.
  static let neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  static let note = """
    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn\
    NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

    """
  /// The example of C2SP tlog-cosignature.
  static let cosigned = """
    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRD\
    eOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI\
    5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

    """

  @Test func thePublishedNoteIsSigned() throws {
    let note = try SignedNote(parsing: Self.note)
    let key = try NoteKey(text: Self.neumann)
    #expect(note.isSigned(byAnyOf: [key]))
    #expect(note.rendered == Self.note)
    let changed = try SignedNote(parsing: Self.note.replacing("answer", with: "Answer"))
    #expect(!changed.isSigned(byAnyOf: [key]))
    let other = try SigningKey(name: "PeterNeumann", seed: [UInt8](repeating: 1, count: 32))
    #expect(!note.isSigned(byAnyOf: [NoteKey(other.publicKey)]))
  }

  @Test func witnessesSignATime() throws {
    let note = try SignedNote(parsing: Self.cosigned)
    #expect(note.rendered == Self.cosigned)
    #expect(note.signatures[1].keyHash == "8d66cf3f")
    let time = note.signatures[1].bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    #expect(time == 1_679_315_147)
    let witness = try SigningKey(name: "witness.example.com/w1", seed: [UInt8](32..<64))
    let line = try witness.cosign(note.text, at: time)
    let key = NoteKey(cosigner: witness.publicKey)
    #expect(key.check(line, of: note.text) == .cosigned(at: time))
    #expect(key.check(line, of: note.text + "x\n") == .wrong)
    #expect(try NoteKey(text: key.text) == key)
    #expect(NoteSignature(line: line.line) == line)
  }

  @Test func manySignaturesAndUnknownAlgorithmsAreKept() throws {
    var note = try SignedNote(text: "origin\n1\nroot\n")
    for number in 0..<20 {
      try note.sign(with: SigningKey(name: "k\(number)", seed: [UInt8](repeating: 9, count: 32)))
    }
    let future = Array<UInt8>(repeating: 7, count: 2_428)
    note.add(NoteSignature(name: "future", keyHash: "0a0b0c0d", bytes: future))
    let again = try SignedNote(parsing: note.rendered)
    #expect(again == note)
    let key = try SigningKey(name: "k7", seed: [UInt8](repeating: 9, count: 32)).publicKey
    #expect(again.isSigned(byAnyOf: [NoteKey(key)]))
  }

  @Test(arguments: [
    "", "a", "a\n", "a\n\n", "a\n\nb\n", "a\n\n— x\n", "a\n\n— x AAAA\n",
    "a\n\n— x+y AAAAAAAA\n", "a\n\n— x AAAAAAAA", "a\u{1}\n\n— x AAAAAAAA\n",
    "\n— x AAAAAAAA\n", "a\n— x AAAAAAAA\n",
    "a\r\n\r\n— x AAAAAAAA\r\n",
  ])
  func whatIsNoNoteIsRefused(text: String) {
    #expect(throws: StemmaError.self) { try SignedNote(parsing: text) }
  }
}
