// The process that flips bits. It makes a small store with something of everything in it, then
// inverts one bit after the other, has the store verified each time, and counts what was noticed.
// It is a process of its own, because what it tests is that nothing traps.
//
//   tamper-probe make FOLDER                     makes the store
//   tamper-probe verify FOLDER FIRST STEP COUNT  flips bits FIRST, FIRST + STEP, ... of data.mdb
//   tamper-probe objects FOLDER                  flips every bit of every object
//
// Says "missed BIT WHY" for each flip of a byte in use that verify did not report, and ends with
// "flips N used N reported N exempt WHAT N ...".

import Base
import Glibc
import Graph
import Stemma
import Store

@main
enum TamperProbe {
  static func main() {
    let arguments = CommandLine.arguments
    do {
      switch arguments.count > 2 ? arguments[1] : "" {
      case "make": try TamperStore.make(in: arguments[2])
      case "verify" where arguments.count == 6:
        try flipFile(
          arguments[2], from: Int(arguments[3]) ?? 0, step: Int(arguments[4]) ?? 1,
          count: Int(arguments[5]) ?? 0)
      case "objects": try flipObjects(arguments[2])
      default: exit(64)
      }
    } catch {
      print("error \(error)")
      exit(1)
    }
  }

  static func isSound(_ folder: String) throws -> Bool {
    try Graph.verify(at: folder, surroundings: .system).faults.isEmpty
  }

  static func flipFile(_ folder: String, from first: Int, step: Int, count: Int) throws {
    let file = try TamperedFile(folder + "/data.mdb")
    let map = try ByteMap(file.bytes)
    guard try isSound(folder) else { throw StemmaError(.storeDamaged, "it was not sound before") }
    var flips = 0
    var used = 0
    var reported = 0
    var exempt: [ByteMap.Use: Int] = [:]
    var bit = first
    while flips < count, bit < file.bytes.count * 8 {
      let use = map.uses[bit / 8]
      flips += 1
      var isReported = false
      // Free pages are read by nobody.
      if use != .freePage {
        try file.flip(bit)
        isReported = try !isSound(folder)
        try file.flip(bit)
      }
      if isReported { reported += 1 }
      if use == .used {
        used += 1
        if !isReported { print("missed \(bit) page \(bit / 8 / 4096) byte \(bit / 8 % 4096)") }
      } else if !isReported {
        exempt[use, default: 0] += 1
      }
      bit += step
    }
    let others = exempt.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { " exempt \($0.key.rawValue) \($0.value)" }.joined()
    print("flips \(flips) used \(used) reported \(reported)" + others)
  }

  static func flipObjects(_ folder: String) throws {
    let objects = ObjectStore(storePath: folder, isReadOnly: true)
    var flips = 0
    for digest in try objects.all() {
      let hex = digest.hex
      let path = folder + "/objects/" + hex.prefix(2) + "/" + hex.dropFirst(2)
      chmod(path, 0o644)
      let file = try TamperedFile(path)
      for bit in 0..<file.bytes.count * 8 {
        try file.flip(bit)
        if try objects.damaged() != [digest] { print("missed \(bit) of \(digest.hex)") }
        try file.flip(bit)
        flips += 1
      }
    }
    print("flips \(flips) used \(flips) reported \(flips)")
  }
}

/// A file whose bits can be inverted in place.
final class TamperedFile {
  private let descriptor: Int32
  private(set) var bytes: [UInt8] = []

  init(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw StemmaError(.fileUnreadable, "cannot open \(path)")
    }
    bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else {
      throw StemmaError(.fileUnreadable, "cannot read \(path)")
    }
  }

  deinit { close(descriptor) }

  func flip(_ bit: Int) throws {
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    guard pwrite(descriptor, [bytes[bit / 8]], 1, off_t(bit / 8)) == 1 else {
      throw StemmaError(.fileUnreadable, "cannot write byte \(bit / 8)")
    }
  }
}
