// The journal on the disk: two slots that say which generations are over, and two areas in which
// generations lie by turns. Blocks are written once before they are used, so that a sync of a
// record changes nothing about the file but its content.
//
//        0  a slot: digest of the next 16 bytes (32), "STEMJRNL" (8), generation (8)
//     4096  a second one; the later of those that are whole counts
//     8192  the area of even generations
//   532480  the area of odd generations

internal import Base
internal import Glibc

/// The open file of a journal.
final class JournalFile {
  static let name = "/journal"
  static let areaBytes = 512 * 1024
  private static let firstArea = 2 * RedoBuffer.blockBytes
  private static let byteCount = firstArea + 2 * areaBytes
  private static let slotBytes = 48

  private let file: FileHandle
  /// The slots as they were found last, and what they say.
  private var lookedAt: (bytes: [UInt8], slots: [UInt64]) = ([], [0, 0])

  /// The file in a folder, as it is; `nil` where there is none.
  init?(in folder: String, isReadOnly: Bool) throws(StoreError) {
    let path = folder + Self.name
    do throws(StoreError) {
      file =
        isReadOnly
        ? try FileHandle(readingWithoutFollowing: path) : try FileHandle(updating: path)
    } catch {
      if error.number == ENOENT { return nil }
      throw error
    }
  }

  /// The file in a folder, made where it is missing, with every block of it on the disk.
  init(making folder: String) throws(StoreError) {
    file = try FileHandle(updating: folder + Self.name, creates: true)
    if try file.byteCount() >= Self.byteCount { return }
    do throws(StoreError) {
      try write([UInt8](repeating: 0, count: Self.byteCount), at: 0)
      try sync()
      try FileHandle(folder: folder).sync()
    } catch {
      // A smaller file has never been used: its making was cut short.
      unsafe unlink(folder + Self.name)
      throw error
    }
  }

  /// Overwrites what records said, and removes the file. Call it while nobody writes; nothing
  /// happens where there is none.
  static func destroy(in folder: String) throws(StoreError) {
    guard let file = try JournalFile(in: folder, isReadOnly: false) else { return }
    // The slots stay as long as anything of a record does: without them it would pass for open.
    try file.write([UInt8](repeating: 0, count: byteCount - firstArea), at: firstArea)
    try file.sync()
    if unsafe unlink(folder + name) != 0 { throw StoreError(system: errno) }
  }

  // MARK: Generations

  /// The last generation that is over; 0 where none is.
  func lastClosed() throws(StoreError) -> UInt64 {
    try slots().max() ?? 0
  }

  private func slots() throws(StoreError) -> [UInt64] {
    let bytes = try read(RedoBuffer.blockBytes + Self.slotBytes, at: 0)
    let both = Array(bytes.prefix(Self.slotBytes) + bytes.dropFirst(RedoBuffer.blockBytes))
    // They are looked at for every commit, and change for few.
    if both != lookedAt.bytes {
      let slots = [0, Self.slotBytes].map { Self.generation(at: $0, both) }
      lookedAt = (both, slots)
    }
    return lookedAt.slots
  }

  /// What a slot says; 0 where it is not whole.
  private static func generation(at start: Int, _ bytes: [UInt8]) -> UInt64 {
    guard bytes.count >= start + slotBytes else { return 0 }
    let generation = JournalRecord.number(bytes, at: start + 40)
    return bytes[start..<start + slotBytes].elementsEqual(slot(generation)) ? generation : 0
  }

  private static func slot(_ generation: UInt64) -> [UInt8] {
    let content = [RedoBuffer.magic, generation].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
    return SHA256.hash(content).bytes + content
  }

  /// Says, durably, that everything up to a generation is in the file of the tables.
  func close(_ generation: UInt64) throws(StoreError) {
    // The older slot is written, so that one is whole at any time.
    let slots = try slots()
    let start = slots[0] <= slots[1] ? 0 : RedoBuffer.blockBytes
    try write(Self.slot(generation), at: start)
    try sync()
  }

  /// The generation that is open, and the newest number that was ever used.
  func state() throws(StoreError) -> (open: JournalRecord?, newest: UInt64) {
    let closed = try lastClosed()
    var newest = closed
    var open: JournalRecord?
    for area in 0..<2 as Range<UInt64> {
      let start = Self.start(of: area)
      guard let generation = JournalRecord.generation(try read(64, at: start)) else { continue }
      newest = max(newest, generation)
      guard generation > closed, generation & 1 == area, generation > open?.generation ?? 0,
        let record = JournalRecord(try read(RedoBuffer.limitBytes, at: start)), record.base != nil
      else { continue }
      open = record
    }
    return (open, newest)
  }

  /// The records of a generation, from its first.
  func records(from first: JournalRecord) throws(StoreError) -> [JournalRecord] {
    var records = [first]
    var place = Self.start(of: first.generation) + first.blocksBytes
    let end = Self.end(of: first.generation)
    while place < end {
      let bytes = try read(min(RedoBuffer.limitBytes, end - place), at: place)
      guard let record = JournalRecord(bytes), record.generation == first.generation,
        record.base == nil, record.transaction == records[records.count - 1].transaction + 1
      else { break }
      records.append(record)
      place += record.blocksBytes
    }
    return records
  }

  // MARK: Bytes

  /// Where the area of a generation begins.
  static func start(of generation: UInt64) -> Int {
    firstArea + Int(generation & 1) * areaBytes
  }

  /// Where it ends.
  static func end(of generation: UInt64) -> Int { start(of: generation) + areaBytes }

  private func read(_ count: Int, at offset: Int) throws(StoreError) -> [UInt8] {
    try file.read(count, at: UInt64(offset))
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
    try file.write(bytes, at: UInt64(offset))
  }

  /// Writes everything; returns what went wrong.
  func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> StoreError? {
    unsafe file.put(bytes, at: UInt64(offset))
  }

  func sync() throws(StoreError) { try file.syncData() }
}
