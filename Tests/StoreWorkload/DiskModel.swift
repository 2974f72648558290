// A disk that loses power: what was synced is there; of what was written since, any part may be, in
// any order, down to the sector. Folders likewise: a name that was not synced may be missing. It is
// fed with the steps that a process really made, and lays out what a reboot could find.

package import Base
package import Foundation

/// One step of a journal (CrashPoints.h).
package struct DiskStep {
  package var what: Character
  package var path: String
  package var number: Int
  package var bytes: [UInt8]

  package static func all(in journal: Data) -> [DiskStep] {
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
package struct DiskModel {
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

  package init(root: String) { self.root = root }

  /// A disk that holds what is in the folder `root` now, for certain.
  package init(holding root: String) throws {
    self.root = root
    let all = FileManager.default.enumerator(atPath: root)
    while let name = all?.nextObject() as? String {
      let path = root + "/" + name
      var isFolder = false
      var information = ObjCBool(false)
      if FileManager.default.fileExists(atPath: path, isDirectory: &information) {
        isFolder = information.boolValue
      }
      if !isFolder {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        files.append(File(durable: [UInt8](bytes)))
      }
      names[path] = .some(isFolder ? nil : files.count - 1)
    }
    durableNames = names
  }

  /// How many writes and changes of names a loss of power may or may not let through.
  package var pendingCount: Int {
    names.values.reduce(pendingNames.count) { $0 + ($1.map { files[$0].pending.count } ?? 0) }
  }

  package mutating func apply(_ step: DiskStep) {
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
    case "L":
      change(String(decoding: step.bytes, as: UTF8.self), to: .some(names[step.path] ?? nil))
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

  /// What of that which is pending a loss of power lets through. Numbers are places among all that
  /// is pending, `subset` has a bit for each.
  package enum Survival {
    case nothing, everything, some
    case only(Int)
    case allBut(Int)
    case subset(UInt64)
  }

  /// Every way to lose what is pending where that is little; otherwise nothing, everything, each
  /// alone, all but each, and `samples` choices. At most `limit` of the kinds in between.
  package func survivals(samples: Int, limit: Int) -> [Survival] {
    let count = pendingCount
    if count == 0 { return [.nothing] }
    if count <= 4 { return (0..<UInt64(1 << count)).map { .subset($0) } }
    let places = stride(from: 0, to: count, by: max(1, count / limit))
    return [.nothing, .everything] + places.map { .only($0) } + places.map { .allBut($0) }
      + (0..<samples).map { _ in .some }
  }

  /// Decides, one after the other, what survives.
  private struct Judge {
    let survival: Survival
    var random: SplitMix64
    var place = 0

    mutating func next() -> Bool {
      defer { place += 1 }
      return switch survival {
      case .nothing: false
      case .everything: true
      case .some: random.next() % 2 == 0
      case .only(let only): place == only
      case .allBut(let lost): place != lost
      case .subset(let bits): bits >> UInt64(place) & 1 == 1
      }
    }

    /// Whether a write that survives does so in parts.
    mutating func tears() -> Bool {
      if case .some = survival { return random.next() % 4 == 0 }
      return false
    }
  }

  /// Lays out below `folder` what could be found: of what is pending what `survival` says, write by
  /// write and now and then sector by sector.
  package func layOut(
    in folder: String, _ survival: Survival, _ random: inout SplitMix64
  ) throws {
    var judge = Judge(survival: survival, random: SplitMix64(seed: random.next()))
    var found = durableNames
    for change in pendingNames where judge.next() { Self.settle(change, &found) }
    var places: [Int: String] = [:]
    for (path, file) in found.sorted(by: { $0.key < $1.key }) {
      // A name in a folder that is not there is not there.
      var above = Self.parent(of: path)
      while above.count > root.count, found[above] != nil { above = Self.parent(of: above) }
      guard above.count <= root.count else { continue }
      let place = folder + path.dropFirst(root.count)
      if let file, let first = places[file] {
        // A file may have two names, and is one file nonetheless.
        try FileManager.default.linkItem(atPath: first, toPath: place)
      } else if let file {
        try Data(content(of: file, &judge)).write(to: URL(fileURLWithPath: place))
        places[file] = place
      } else {
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
      }
    }
  }

  private func content(of file: Int, _ judge: inout Judge) -> [UInt8] {
    var content = files[file].durable
    // Which of two writes to one place comes last is not certain either.
    var pending = files[file].pending
    if case .some = judge.survival { pending.shuffle(using: &judge.random) }
    for write in pending where judge.next() {
      guard judge.tears() else {
        Self.lay(write.bytes[...], at: write.offset, into: &content)
        continue
      }
      for start in stride(from: 0, to: write.bytes.count, by: Self.sectorBytes)
      where judge.random.next() % 2 == 0 {
        let sector = write.bytes[start..<min(start + Self.sectorBytes, write.bytes.count)]
        Self.lay(sector, at: write.offset + start, into: &content)
      }
    }
    return content
  }
}
