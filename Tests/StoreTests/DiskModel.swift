// A disk that loses power: what was synced is there; of what was written since, any part may be, in
// any order, down to the sector. Folders likewise: a name that was not synced may be missing. It is
// fed with the steps that a process really made, and lays out what a reboot could find.

import Base
import Foundation

/// One step of a journal (CrashPoints.h).
struct DiskStep {
  var what: Character
  var path: String
  var number: Int
  var bytes: [UInt8]

  static func all(in journal: Data) -> [DiskStep] {
    var steps: [DiskStep] = []
    var offset = 0
    func take(_ count: Int) -> [UInt8] {
      defer { offset += count }
      return Array(journal[offset..<offset + count])
    }
    func number(_ bytes: [UInt8]) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
    while offset < journal.count {
      let what = Character(UnicodeScalar(take(1)[0]))
      let path = String(decoding: take(number(take(2))), as: UTF8.self)
      let value = number(take(8))
      steps.append(DiskStep(what: what, path: path, number: value, bytes: take(number(take(4)))))
    }
    return steps
  }
}

/// The state of a disk with what is certain and what is not.
struct DiskModel {
  private static let sectorBytes = 512

  /// A file apart from its names.
  private struct File {
    var durable: [UInt8] = []
    var pending: [(offset: Int, bytes: [UInt8])] = []
  }

  /// A change of names that is not synced: a name comes (with a file, or as a folder) or goes.
  private struct NameChange {
    var path: String
    var file: Int?
  }

  private let root: String
  private var files: [File] = []
  /// Names as a running process sees them, and as they are certain after a loss of power. A folder
  /// has no file.
  private var names: [String: Int?] = [:]
  private var durableNames: [String: Int?] = [:]
  private var pendingNames: [NameChange] = []

  init(root: String) { self.root = root }

  mutating func apply(_ step: DiskStep) {
    guard step.path.hasPrefix(root) else { return }
    switch step.what {
    case "W", "D":
      let file = file(at: step.path)
      let write = (offset: step.number, bytes: step.bytes)
      if step.what == "D" {
        Self.lay(write.bytes[...], at: write.offset, into: &files[file].durable)
      } else {
        files[file].pending.append(write)
      }
    case "S": sync(step.path)
    case "M": change(step.path, to: .some(nil))
    case "U": change(step.path, to: nil)
    case "R":
      let target = String(decoding: step.bytes, as: UTF8.self)
      let moved = names[step.path] ?? nil
      change(target, to: .some(moved))
      change(step.path, to: nil)
    default: break
    }
  }

  private mutating func file(at path: String) -> Int {
    if let known = names[path] ?? nil { return known }
    files.append(File())
    change(path, to: .some(files.count - 1))
    return files.count - 1
  }

  private mutating func change(_ path: String, to file: Int??) {
    switch file {
    case .none:
      names[path] = nil
      pendingNames.append(NameChange(path: path, file: -1))
    case .some(let file):
      names[path] = .some(file)
      pendingNames.append(NameChange(path: path, file: file))
    }
  }

  private mutating func sync(_ path: String) {
    if let file = names[path] ?? nil {
      for write in files[file].pending {
        Self.lay(write.bytes[...], at: write.offset, into: &files[file].durable)
      }
      files[file].pending = []
      return
    }
    // A folder: its names are certain now.
    let isInside = { (change: NameChange) in Self.parent(of: change.path) == path }
    for change in pendingNames where isInside(change) { Self.settle(change, &durableNames) }
    pendingNames.removeAll(where: isInside)
  }

  private static func settle(_ change: NameChange, _ names: inout [String: Int?]) {
    names[change.path] = change.file == -1 ? nil : .some(change.file)
  }

  private static func parent(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  private static func lay(
    _ bytes: ArraySlice<UInt8>, at offset: Int, into content: inout [UInt8]
  ) {
    let end = offset + bytes.count
    if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
    content.replaceSubrange(offset..<end, with: bytes)
  }

  /// How much of what is pending a loss of power lets through.
  enum Survival { case nothing, everything, some }

  /// Lays out below `folder` what could be found: of what is pending nothing, everything, or what
  /// the generator chooses, write by write and now and then sector by sector.
  func layOut(in folder: String, _ survival: Survival, _ random: inout SplitMix64) throws {
    var found = durableNames
    for change in pendingNames where Self.survives(survival, &random) {
      Self.settle(change, &found)
    }
    for (path, file) in found.sorted(by: { $0.key < $1.key }) {
      // A name in a folder that is not there is not there.
      var above = Self.parent(of: path)
      while above.count > root.count, found[above] != nil { above = Self.parent(of: above) }
      guard above.count <= root.count else { continue }
      let place = folder + path.dropFirst(root.count)
      if let file {
        try Data(content(of: file, survival, &random)).write(to: URL(fileURLWithPath: place))
      } else {
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
      }
    }
  }

  private func content(
    of file: Int, _ survival: Survival, _ random: inout SplitMix64
  ) -> [UInt8] {
    var content = files[file].durable
    for write in files[file].pending.shuffled(using: &random)
    where Self.survives(survival, &random) {
      guard survival == .some, random.next() % 4 == 0 else {
        Self.lay(write.bytes[...], at: write.offset, into: &content)
        continue
      }
      for start in stride(from: 0, to: write.bytes.count, by: Self.sectorBytes)
      where random.next() % 2 == 0 {
        let sector = write.bytes[start..<min(start + Self.sectorBytes, write.bytes.count)]
        Self.lay(sector, at: write.offset + start, into: &content)
      }
    }
    return content
  }

  private static func survives(_ survival: Survival, _ random: inout SplitMix64) -> Bool {
    switch survival {
    case .nothing: false
    case .everything: true
    case .some: random.next() % 2 == 0
    }
  }
}
