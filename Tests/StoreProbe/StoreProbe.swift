// The other process of the store's tests: it writes until it is killed, reads while others write,
// or holds a reader open. What it writes is a function of the transaction's number, so that the
// test can tell whole from half.
//
//   store-probe write FOLDER COUNT KILL-AT TORN   appends COUNT transactions, says "ack N" for each
//   store-probe record FOLDER COUNT JOURNAL       the same, with a journal of what reaches the disk
//   store-probe leave FOLDER COUNT                the same, and ends without closing the store
//   store-probe fail FOLDER COUNT CALL ERRNO      tries COUNT times, one call failing: "failed"
//   store-probe make FOLDER COUNT CALL ERRNO JOURNAL
//                                                 makes a store that begins with COUNT rows, one
//                                                 call failing: "made" or "failed"
//   store-probe contend FOLDER COUNT              appends what comes next COUNT times
//   store-probe read FOLDER ROUNDS                checks ROUNDS snapshots, says "ok LAST"
//   store-probe hold FOLDER                       says "holding" and keeps a reader until killed

import Base
import CrashPoints
import Glibc
import Store
import StoreWorkload

@main
enum StoreProbe {
  static func main() {
    let arguments = CommandLine.arguments
    do {
      switch arguments.count > 2 ? arguments[1] : "" {
      case "write" where arguments.count == 6:
        try write(
          arguments[2], count: UInt64(arguments[3]) ?? 0, killAt: Int(arguments[4]) ?? 0,
          isTorn: arguments[5] == "torn")
      case "record" where arguments.count == 5:
        crash_points_record(arguments[4])
        try write(arguments[2], count: UInt64(arguments[3]) ?? 0, killAt: 0, isTorn: false)
      case "leave" where arguments.count == 4:
        let store = try StoreWorkload.openOrCreate(arguments[2])
        try append(UInt64(arguments[3]) ?? 0, to: store)
        withExtendedLifetime(store) { _exit(0) }
      case "fail" where arguments.count == 6:
        try fail(
          arguments[2], Int(arguments[3]) ?? 0, Int(arguments[4]) ?? 0, Int32(arguments[5]) ?? 0)
      case "make" where arguments.count == 7:
        crash_points_record(arguments[6])
        make(
          arguments[2], UInt64(arguments[3]) ?? 0, Int(arguments[4]) ?? 0, Int32(arguments[5]) ?? 0)
      case "contend" where arguments.count == 4:
        let store = try Store.open(at: arguments[2])
        for _ in 0..<(Int(arguments[3]) ?? 0) { try StoreWorkload.appendNext(to: store) }
        say("done")
      case "read" where arguments.count == 4: try read(arguments[2], Int(arguments[3]) ?? 0)
      case "hold": try hold(arguments[2])
      default: exit(64)
      }
    } catch {
      say("error \(error)")
      exit(1)
    }
  }

  static func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  static func write(_ folder: String, count: UInt64, killAt: Int, isTorn: Bool) throws {
    if killAt > 0 { crash_points_arm(killAt, isTorn ? 1 : 0) }
    let store = try StoreWorkload.openOrCreate(folder)
    try append(count, to: store)
    say("done \(crash_points_count())")
  }

  private static func append(_ count: UInt64, to store: Store) throws {
    let last = try StoreWorkload.last(store)
    for number in (last + 1)...(last + count) {
      try StoreWorkload.append(number, to: store)
      crash_points_note(Int(number))
      say("ack \(number)")
    }
  }

  static func fail(_ folder: String, _ count: Int, _ call: Int, _ number: Int32) throws {
    let store = try StoreWorkload.openOrCreate(folder)
    crash_points_fail(call, number)
    for _ in 0..<count {
      do {
        let next = try StoreWorkload.last(store) + 1
        try StoreWorkload.append(next, to: store)
        say("ack \(next)")
      } catch {
        say("failed")
      }
    }
  }

  static func make(_ folder: String, _ count: UInt64, _ call: Int, _ number: Int32) {
    crash_points_fail(call, number)
    do {
      let header = FormatHeader(uuid: Array(0..<16), writer: "probe")
      _ = try Store.create(at: folder, header: header) { store in
        for row in 1...count {
          try store.write { try $0.append(.log, StoreWorkload.key(row), StoreWorkload.value(row)) }
        }
      }
      crash_points_note(Int(count))
      say("made")
    } catch {
      say("failed")
    }
  }

  static func read(_ folder: String, _ rounds: Int) throws {
    var options = StoreOptions(isReadOnly: true)
    options.mapBytes = 1 << 30
    let store = try Store.open(at: folder, options: options)
    var last: UInt64 = 0
    for _ in 0..<rounds {
      let now = try StoreWorkload.check(store)
      if now < last { throw StemmaError(.storeDamaged, "the store went back to \(now)") }
      last = now
    }
    say("ok \(last)")
  }

  static func hold(_ folder: String) throws {
    let store = try Store.open(at: folder)
    try store.read { reading in
      _ = try reading.count(.log)
      say("holding")
      while true { sleep(1000) }
    }
  }
}
