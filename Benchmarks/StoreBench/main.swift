// What the safe interface of `Store` costs over liblmdb in C. Run under callgrind for exact counts:
//
//   store-bench fill|get|scan|append|fresh FOLDER COUNT [c]
//
// `c` does the same in C. `fresh` makes COUNT stores in memory, as a test suite does.

import Base
import CStoreBench
import Store

#if canImport(Glibc)
  import Glibc
#endif

let rows: UInt64 = 100_000

func key(_ number: UInt64) -> InlineArray<8, UInt8> {
  InlineArray { index in UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index)) }
}

func append(_ store: Store, from first: UInt64, count: UInt64) throws {
  let value = [UInt8](repeating: 7, count: 100)
  try store.write { transaction in
    for number in first..<first + count {
      let key = key(number)
      try transaction.append(.log, key.span.bytes, value.span.bytes)
    }
  }
}

func get(_ store: Store, _ operations: UInt64) throws -> UInt64 {
  try store.read { reading in
    var random = SplitMix64(seed: 1)
    var sum: UInt64 = 0
    for _ in 0..<operations {
      let key = key(random.next() % rows + 1)
      if let value = try reading.get(.log, key.span.bytes) {
        sum += UInt64(value.unsafeLoad(as: UInt8.self))
      }
    }
    return sum
  }
}

func scan(_ store: Store, _ rounds: UInt64) throws -> UInt64 {
  try store.read { reading in
    var sum: UInt64 = 0
    for _ in 0..<rounds {
      var cursor = try reading.cursor(.log)
      while try cursor.next() { sum += UInt64(cursor.value.unsafeLoad(as: UInt8.self)) }
    }
    return sum
  }
}

func seconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let count = UInt64(arguments[3]) else {
  print("usage: store-bench fill|get|scan|append|fresh FOLDER COUNT [c]")
  exit(64)
}
let (what, folder) = (arguments[1], arguments[2])
let header = FormatHeader(uuid: Array(0..<16), writer: "bench")
let start = seconds()
var sum: UInt64 = 0
if arguments.count > 4 {
  switch what {
  case "get": sum = bench_get(folder, rows, count)
  case "scan": sum = bench_scan(folder, count)
  default: sum = bench_append(folder, rows + 1, count)
  }
} else {
  switch what {
  case "fill": try append(Store.create(at: folder, header: header), from: 1, count: rows)
  case "get": sum = try get(Store.open(at: folder), count)
  case "scan": sum = try scan(Store.open(at: folder), count)
  case "fresh":
    for _ in 0..<count {
      try append(Store.inMemory(header: header), from: 1, count: 20)
    }
  default: try append(Store.open(at: folder), from: rows + 1, count: count)
  }
}
print("\(what) \(count): sum \(sum), \((seconds() - start) / Double(count) * 1e9) ns each")
