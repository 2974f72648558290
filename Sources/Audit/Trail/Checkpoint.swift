// A checkpoint: what a log was at one size, in the three lines of C2SP tlog-checkpoint. Anyone who
// kept them can tell years later whether the log was only extended since.

public import Base
public import Signing

/// The head of a log's tree.
public struct Checkpoint: Sendable, Hashable {
  /// Which log: a name that no other log has.
  public var origin: String
  /// The number of records.
  public var size: UInt64
  public var root: Digest

  public init(origin: String, size: UInt64, root: Digest) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// The text of the note: three lines. Nothing of ours is added to them.
  public var text: String {
    "\(origin)\n\(size)\n" + Base64.encode(root.bytes) + "\n"
  }

  /// Reads the text of a note; lines after the third are of no meaning to us.
  public init(text: String) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, lines.last == "", !lines.dropLast().contains(""),
      let size = UInt64(lines[1]), String(size) == lines[1],
      let root = Base64.decode(String(lines[2])).flatMap({ Digest(bytes: $0) })
    else {
      throw StemmaError(
        .argumentInvalid, "this is not a checkpoint",
        advice: "a checkpoint has three lines: origin, number of records, root in base64")
    }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  /// Reads what somebody kept: a whole note, or only its three lines. There are no signatures then.
  public static func read(_ text: String) throws -> (checkpoint: Checkpoint, note: SignedNote?) {
    if let note = try? SignedNote(parsing: text) {
      return (try Checkpoint(text: note.text), note)
    }
    let lines = text.split(separator: "\n").prefix(3).map { $0 + "\n" }
    return (try Checkpoint(text: lines.joined()), nil)
  }
}
