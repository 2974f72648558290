// What somebody made of a tree, found by comparing files. Nothing that is said about a change
// counts, and whatever is not a plain change of an editable file is refused by name.

import Base
import Sandbox
import Signing

/// The difference between a tree and a folder that started as it.
struct TreeChange {
  /// The most that `file_limit` may be, and the most of all changed files together: their base64
  /// has to fit into one answer.
  static let fileLimitBytes = 4 << 20
  static let totalLimitBytes = 5 << 20

  /// By path; `nil` is a file that was removed.
  private(set) var files: [(path: String, bytes: [UInt8]?)] = []
  private(set) var refusals: [ChangeRefusal] = []

  private let surface: Surface
  private let fileLimit: Int

  /// What of a folder belongs to a campaign's tree, and what of it may be changed.
  struct Surface {
    private let editable: [Glob]
    private let include: [Glob]
    private let exclude: [Glob]

    /// What a run leaves, what the source excludes, what is mounted there, and what other tools
    /// keep there, is no part of the tree.
    init(_ campaign: Campaign) {
      editable = campaign.editable.files.map(Glob.init)
      include = campaign.source.include.map(Glob.init)
      exclude =
        (campaign.source.exclude + [
          campaign.run.output, campaign.run.output + "/**", ".git", ".git/**", ".stemma",
          ".stemma/**", Checkout.markName,
        ] + campaign.references.compactMap(\.place).flatMap { [$0, $0 + "/**"] }).map(Glob.init)
    }

    func isEditable(_ path: String) -> Bool { editable.contains { $0.matches(path) } }

    func skips(_ path: String) -> Bool { exclude.contains { $0.matches(path) } }

    func holds(_ path: String) -> Bool {
      !skips(path) && include.contains { $0.matches(path) }
    }
  }

  /// Compares a folder's files with the tree that it started as. `refused` is what could not be
  /// read as a plain file.
  init(
    from base: Tree, to found: [SandboxFile], refused: [(path: String, reason: String)],
    surface: Surface, fileLimitBytes: Int
  ) {
    self.surface = surface
    fileLimit = fileLimitBytes
    for (path, reason) in refused where surface.holds(path) {
      refusals.append(ChangeRefusal(Self.reason(reason), "\(path) (\(reason))"))
    }
    for file in found where surface.holds(file.path) { compare(file, with: base[file.path]) }
    let paths = Set(found.map { Text($0.path) } + refused.map { Text($0.path) })
    for file in base.files where !paths.contains(Text(file.path)) && surface.holds(file.path) {
      if surface.isEditable(file.path) {
        files.append((file.path, nil))
      } else {
        refusals.append(ChangeRefusal(.notEditable, "\(file.path) was removed"))
      }
    }
    let bytes = files.reduce(0) { $0 + ($1.bytes?.count ?? 0) }
    if bytes > Self.totalLimitBytes {
      refusals.append(
        ChangeRefusal(.oversized, "\(bytes) bytes in all; at most \(Self.totalLimitBytes)"))
    }
  }

  private mutating func compare(_ file: SandboxFile, with old: Tree.File?) {
    if let old, old.hash == SHA256.hash(file.bytes).hex {
      guard old.isExecutable != file.isExecutable else { return }
      return refuseMode(file)
    }
    guard surface.isEditable(file.path) else {
      let verb = old == nil ? "was added" : "was changed"
      return refusals.append(ChangeRefusal(.notEditable, "\(file.path) \(verb)"))
    }
    guard file.bytes.count <= fileLimit else {
      return refusals.append(
        ChangeRefusal(
          .oversized, "\(file.path) has \(file.bytes.count) bytes; at most \(fileLimit)"))
    }
    guard file.isExecutable == (old?.isExecutable ?? false) else { return refuseMode(file) }
    files.append((file.path, file.bytes))
  }

  private mutating func refuseMode(_ file: SandboxFile) {
    refusals.append(
      ChangeRefusal(
        .mode, "\(file.path) was made \(file.isExecutable ? "executable" : "not executable")"))
  }

  /// The name for what the walk over a folder says of a file that it does not take.
  static func reason(_ sentence: String) -> ChangeRefusal.Reason {
    let names: [(part: String, reason: ChangeRefusal.Reason)] = [
      ("link", .link), ("bound", .oversized), ("name", .oddName),
    ]
    return names.first { sentence.contains($0.part) }?.reason ?? .specialFile
  }

  /// The changed files as an answer of the provider protocol has them.
  var answer: Value { .list(files.map { Self.answer($0.path, $0.bytes) }) }

  /// One changed file as such an answer has it; `nil` is one that was removed.
  static func answer(_ path: String, _ bytes: [UInt8]?) -> Value {
    let content: (Text, Value)
    if let bytes {
      content =
        Text(validatingUTF8: bytes).map { ("content", .string($0)) }
        ?? ("base64", .text(Base64.encode(bytes)))
    } else {
      content = ("removed", .boolean(true))
    }
    return .map(ValueMap([("path", .text(path)), content]))
  }
}
