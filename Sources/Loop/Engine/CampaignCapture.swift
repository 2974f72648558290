// Everything that a campaign's runs will need, stored before the first of them: the base tree,
// declared patches, the evaluator. Data is recorded by reference and hash, never copied.

import Base
import Glibc
import Models

struct CampaignCapture {
  struct PatchFile {
    /// `patch:NAME` for a diff, `patch:NAME:PATH` for a replaced file.
    var name: String
    var hash: String
    var size: Int
  }

  /// Data or weights that stay where they are.
  struct Reference {
    var declaration: ReferenceDeclaration
    /// The hash of the manifest, which is an object.
    var hash: String
    var size: Int

    var isWeights: Bool { declaration.kind == .weights }
  }

  var baseTree: String
  var evaluatorTree: String
  var patchFiles: [PatchFile]
  var references: [Reference]

  static let patchSizeLimitBytes = 16 << 20

  /// `stamps` is where stamps of large files are kept between two looks.
  static func make(
    _ campaign: Campaign, objects: some ObjectStore, stamps: String? = nil
  ) throws -> CampaignCapture {
    let base = try TreeFolder.capture(
      campaign.source.directory, include: campaign.source.include,
      exclude: campaign.source.exclude, into: objects)
    guard !base.files.isEmpty else {
      throw StemmaError(
        .campaignInvalid, "the source folder \(campaign.source.directory) holds no file",
        advice: "Check 'include' and 'exclude' of [source].")
    }
    try checkPlaces(campaign.references, in: base)
    let evaluator = try TreeFolder.capture(
      campaign.evaluation.directory, exclude: ["**/__pycache__/**", "**/*.pyc"], into: objects)
    let capture = CampaignCapture(
      baseTree: try base.store(in: objects), evaluatorTree: try evaluator.store(in: objects),
      patchFiles: try campaign.editable.patches.flatMap { try files(of: $0, objects) },
      references: try references(of: campaign, stamps: stamps, objects))
    try checkPatches(campaign, capture, base, objects)
    return capture
  }

  /// A file of the tree cannot be covered by a reference, nor hold one; a folder may be covered by
  /// a folder.
  private static func checkPlaces(_ references: [ReferenceDeclaration], in base: Tree) throws {
    for reference in references where reference.isFor(.run) {
      guard let place = reference.place else { continue }
      let isFolder = FilePaths.kind(of: reference.path) == .directory
      guard
        let file = base.files.first(where: { file in
          file.path == place || place.hasPrefix(file.path + "/")
            || (!isFolder && file.path.hasPrefix(place + "/"))
        })
      else { continue }
      throw StemmaError(
        .campaignInvalid,
        "the reference '\(reference.name)' cannot be seen at '\(place)': the tree has a file "
          + "'\(file.path)'",
        advice: "Give it another 'at', or leave the file out by 'exclude' of [source].")
    }
  }

  private static func files(
    of patch: DeclaredPatch, _ objects: some ObjectStore
  ) throws -> [PatchFile] {
    func store(_ name: String, _ path: String) throws -> PatchFile {
      let bytes = try FileBytes.read(path, limitBytes: patchSizeLimitBytes)
      return PatchFile(name: name, hash: try objects.store(bytes), size: bytes.count)
    }
    switch patch.change {
    case .diff(let path): return [try store("patch:\(patch.name)", path)]
    case .replacements(let replacements):
      return try replacements.map { try store("patch:\(patch.name):\($0.path)", $0.with) }
    }
  }

  /// A patch that does not fit the base tree is a mistake of the campaign, found before anything
  /// runs.
  private static func checkPatches(
    _ campaign: Campaign, _ capture: CampaignCapture, _ base: Tree, _ objects: some ObjectStore
  ) throws {
    let files = capture.patchFiles.map { ($0.name, $0.hash) }
    let patching = Patching(objects: objects, editable: campaign.editable.files)
    for patch in campaign.editable.patches {
      guard let captured = CapturedPatch.find(patch.name, in: files) else { continue }
      do { _ = try patching.apply(captured, to: base) } catch let error as StemmaError {
        var line: Int?
        if case .file(_, let found, _)? = error.place { line = found }
        throw StemmaError(
          .campaignInvalid, "the patch '\(patch.name)' does not apply: \(error.message)",
          at: .file(path: patch.change.path, line: line, column: line == nil ? nil : 1),
          advice: error.advice ?? "'files' of [editable] says what a patch may touch.")
      }
    }
  }

  /// Everything that a campaign reads where it lies: what it declares as references, and what runs
  /// and evaluators see read-only or hidden.
  static func references(
    of campaign: Campaign, stamps: String?, _ objects: some ObjectStore
  ) throws -> [Reference] {
    func plain(_ paths: [String], _ split: String) -> [ReferenceDeclaration] {
      paths.map { path in
        var reference = ReferenceDeclaration(
          name: String(path.split(separator: "/").last ?? "data"), kind: .dataset, path: path,
          audience: .run)
        reference.split = split
        return reference
      }
    }
    let all =
      plain(campaign.run.readOnly, "train") + campaign.references
      + plain(campaign.evaluation.hidden, "validation")
      + plain(campaign.holdout?.hidden ?? [], "holdout")
    return try all.map { declaration in
      let manifest = try ReferenceManifest.of(declaration.path, stamps: stamps)
      let hash = try objects.store(manifest.bytes)
      if let wanted = declaration.hash, wanted != hash {
        throw StemmaError(
          .campaignInvalid,
          "the reference '\(declaration.name)' is not what the campaign says: its hash is \(hash)",
          at: .file(path: declaration.path, line: nil, column: nil),
          advice: "Bring it back as it was, or correct 'hash'.")
      }
      return Reference(declaration: declaration, hash: hash, size: manifest.size)
    }
  }
}

extension DeclaredPatch.Change {
  /// The file that the patch comes from; the first one of several.
  fileprivate var path: String {
    switch self {
    case .diff(let path): path
    case .replacements(let all): all.first?.with ?? ""
    }
  }
}

extension CapturedPatch {
  /// The patch called `name` among the campaign's artifacts.
  static func find(_ name: String, in files: [(name: String, hash: String)]) -> CapturedPatch? {
    if let diff = files.first(where: { $0.name == "patch:\(name)" }) {
      return .diff(hash: diff.hash)
    }
    let prefix = "patch:\(name):"
    let parts = files.filter { $0.name.hasPrefix(prefix) }
      .map { (path: String($0.name.dropFirst(prefix.count)), hash: $0.hash) }
    return parts.isEmpty ? nil : .replacements(parts)
  }
}

/// Command lines as texts.
enum CommandText {
  /// As a JSON array: exact, whatever the arguments hold.
  static func json(_ command: [String]) -> String {
    JSONWriter.write(.list(command.map { .text($0) }))
  }
}
