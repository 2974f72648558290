// One run over the bits of a data file: worker processes, each with every n-th of the bits and a
// copy of the store, and the one that watches them. They share a page of numbers each.

import Base
import CrashPoints
import Foundation

/// The flips of a data file, shared out to processes.
struct FlipRun {
  private let folder: String
  private let step: Int
  private let first: Int
  private let workers: [Worker]
  private let map: ByteMap

  /// How long one bit may take before it counts as a hang.
  private static let patienceSeconds = 30
  private static let checksPerSecond = 10

  init(_ folder: String, step: Int, first: Int, processes: Int) throws {
    self.folder = folder
    self.step = step
    self.first = first
    map = try ByteMap(try TamperedFile(folder + "/data.mdb").bytes)
    guard try TamperProbe.faults(folder) == 0 else {
      throw StemmaError(.storeDamaged, "it was not sound before")
    }
    workers = try (0..<processes).map { try Worker("\(folder)-\($0)", number: $0) }
    for worker in workers {
      try? FileManager.default.removeItem(atPath: worker.folder)
      try FileManager.default.copyItem(atPath: folder, toPath: worker.folder)
    }
  }

  /// Whether everything in use was reported and nothing trapped or hung.
  func run() throws -> Bool {
    for worker in workers { try start(worker, at: first + worker.number * step) }
    var traps = 0
    var hangs = 0
    while workers.contains(where: { $0.process > 0 }) {
      usleep(UInt32(1_000_000 / Self.checksPerSecond))
      for worker in workers where worker.process > 0 {
        switch worker.look() {
        case .working: break
        case .done: worker.process = 0
        case .failed: throw StemmaError(.storeInputOutput, "a worker failed")
        case .trapped(let signal):
          traps += 1
          print("trapped \(worker[.bit]) \(place(worker[.bit])) by signal \(signal)")
          try goOn(worker)
        case .stuck where worker.patience > Self.patienceSeconds * Self.checksPerSecond:
          hangs += 1
          print("hung \(worker[.bit]) \(place(worker[.bit]))")
          worker.end()
          try goOn(worker)
        case .stuck: break
        }
      }
    }
    return conclude(traps: traps, hangs: hangs)
  }

  private func place(_ bit: Int) -> String { "page \(bit / 8 / 4096) byte \(bit / 8 % 4096)" }

  private func goOn(_ worker: Worker) throws {
    try FileManager.default.removeItem(atPath: worker.folder)
    try FileManager.default.copyItem(atPath: folder, toPath: worker.folder)
    try start(worker, at: worker[.bit] + step * workers.count)
  }

  private func start(_ worker: Worker, at bit: Int) throws {
    fflush(nil)
    worker.process = crash_points_fork()
    if worker.process < 0 { throw StemmaError(.storeInputOutput, "no more processes") }
    guard worker.process == 0 else { return }
    do {
      try flip(worker, from: bit)
      fflush(nil)
      _exit(0)
    } catch {
      print("error \(error)")
      fflush(nil)
      _exit(1)
    }
  }

  /// What a worker does.
  private func flip(_ worker: Worker, from start: Int) throws {
    let file = try TamperedFile(worker.folder + "/data.mdb")
    for bit in stride(from: start, to: file.bytes.count * 8, by: step * workers.count) {
      worker[.bit] = bit
      worker[.flips] += 1
      let use = map.uses[bit / 8]
      if use == .used { worker[.used] += 1 }
      // Free pages are read by nobody.
      guard use != .freePage else {
        worker[.freePage] += 1
        continue
      }
      try file.flip(bit)
      let isReported = try TamperProbe.faults(worker.folder) != 0
      try file.flip(bit)
      if isReported {
        worker[.reported] += 1
      } else if use == .used {
        worker[.missed] += 1
        print("missed \(bit) \(place(bit))")
        fflush(nil)
      } else {
        worker[use == .olderMeta ? .olderMeta : use == .freedBy ? .freedBy : .idle] += 1
      }
    }
  }

  private func conclude(traps: Int, hangs: Int) -> Bool {
    func sum(_ number: Worker.Number) -> Int { workers.reduce(0) { $0 + $1[number] } }
    print(
      "flips \(sum(.flips)) used \(sum(.used)) reported \(sum(.reported))"
        + " exempt older-meta \(sum(.olderMeta)) exempt free-page \(sum(.freePage))"
        + " exempt freed-by \(sum(.freedBy)) exempt idle \(sum(.idle))"
        + " trapped \(traps) hung \(hangs) missed \(sum(.missed))")
    fflush(nil)
    for worker in workers { try? FileManager.default.removeItem(atPath: worker.folder) }
    return traps == 0 && hangs == 0 && sum(.missed) == 0
  }
}

/// One worker process, as its parent sees it, and the numbers that they share.
private final class Worker {
  enum Number: Int {
    case bit, flips, used, reported, missed, olderMeta, freePage, freedBy, idle
  }

  enum State {
    case working, done, failed, stuck
    case trapped(Int32)
  }

  let folder: String
  let number: Int
  var process: Int32 = 0
  /// How often it was seen at the same bit.
  private(set) var patience = 0
  private var lastBit = -1
  private let memory: UnsafeMutablePointer<Int>

  init(_ folder: String, number: Int) throws {
    self.folder = folder
    self.number = number
    guard let shared = crash_points_share(4096) else {
      throw StemmaError(.storeInputOutput, "no shared memory")
    }
    memory = shared.bindMemory(to: Int.self, capacity: 512)
  }

  subscript(number: Number) -> Int {
    get { memory[number.rawValue] }
    set { memory[number.rawValue] = newValue }
  }

  func look() -> State {
    var status: Int32 = 0
    if waitpid(process, &status, WNOHANG) == process {
      let signal = status & 0x7F
      if signal != 0 { return .trapped(signal) }
      return status >> 8 & 0xFF == 0 ? .done : .failed
    }
    patience = self[.bit] == lastBit ? patience + 1 : 0
    lastBit = self[.bit]
    return patience > 0 ? .stuck : .working
  }

  func end() {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    patience = 0
  }
}
