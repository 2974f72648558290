// The program that flips bits. It makes a small store with something of everything in it, then
// inverts one bit after the other, has the store verified each time, and counts what was noticed.
// Forked processes do it, each with a copy of the store; where one traps or hangs, that is counted
// and another goes on with the next bit.
//
//   tamper-probe make FOLDER                       makes the store
//   tamper-probe fixture FOLDER                    makes it as Tests/GraphTests/Fixtures has it
//   tamper-probe flip FOLDER STEP FIRST PROCESSES  flips bits FIRST, FIRST + STEP, ... of data.mdb
//   tamper-probe lock FOLDER STEP                  the same with lock.mdb, of which nothing counts
//   tamper-probe objects FOLDER STEP               flips bits 0, STEP, ... of every object's file
//
// Says "missed BIT ..." for each flip of a byte in use that verify did not report, "trapped BIT"
// and "hung BIT", and ends with "flips N used N reported N ... missed N". The exit status is 0
// where nothing was missed and nothing trapped or hung.

import Base
import Foundation
import Graph
import Store

@main
enum TamperProbe {
  static func main() {
    let arguments = CommandLine.arguments
    let numbers = arguments.dropFirst(3).map { Int($0) ?? 0 }
    do {
      switch arguments.count > 2 ? arguments[1] : "" {
      case "make": try TamperStore.make(in: arguments[2])
      case "fixture": try TamperStore.makeFixture(in: arguments[2])
      case "flip" where numbers.count == 3 && numbers[0] > 0 && numbers[2] > 0:
        let isGood = try FlipRun(
          arguments[2], step: numbers[0], first: numbers[1], processes: numbers[2]
        ).run()
        exit(isGood ? 0 : 2)
      case "lock" where numbers.count == 1 && numbers[0] > 0:
        try flipLock(arguments[2], step: numbers[0])
      case "objects" where numbers.count == 1 && numbers[0] > 0:
        try flipObjects(arguments[2], step: numbers[0])
      default: exit(64)
      }
    } catch {
      print("error \(error)")
      exit(1)
    }
  }

  /// What `verify` finds wrong with a store.
  static func faults(_ folder: String) throws -> Int {
    try Graph.verify(at: folder, surroundings: TamperStore.surroundings()).faults.count
  }

  /// The lock file has no data: whatever is in it, a store that nobody else has open is opened and
  /// found sound.
  static func flipLock(_ folder: String, step: Int) throws {
    let file = try TamperedFile(folder + "/lock.mdb")
    var flips = 0
    for bit in stride(from: 0, to: file.bytes.count * 8, by: step) {
      try file.flip(bit)
      if try faults(folder) != 0 { print("missed \(bit) of the lock file: it is called damage") }
      try file.flip(bit)
      flips += 1
    }
    print("flips \(flips) used 0 reported 0 exempt lock-file \(flips)")
  }

  static func flipObjects(_ folder: String, step: Int) throws {
    let objects = try Store.open(at: folder, options: StoreOptions(isReadOnly: true)).objects
    var flips = 0
    for digest in try objects.all() {
      let hex = digest.hex
      let path = folder + "/objects/" + hex.prefix(2) + "/" + hex.dropFirst(2)
      // Those that are rows are part of the tables.
      if access(path, F_OK) != 0 { continue }
      chmod(path, 0o644)
      let file = try TamperedFile(path)
      for bit in stride(from: 0, to: file.bytes.count * 8, by: step) {
        try file.flip(bit)
        if try objects.damaged() != [hex] { print("missed \(bit) of \(digest.hex)") }
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
