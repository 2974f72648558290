// What each byte of a sound LMDB file is for, written anew from the format and sharing nothing with
// the reader that it tests. Only bytes in use can change what a store says.

import Base

struct ByteMap {
  enum Use: String {
    case used
    case olderMeta = "older-meta"
    /// Fields and gaps that nothing reads.
    case idle
    case freePage = "free-page"
    /// Which transaction freed pages; only when they are used again depends on it.
    case freedBy = "freed-by"
  }

  struct Malformed: Error {}

  private let bytes: [UInt8]
  private(set) var uses: [Use]
  private let pageBytes = 4096

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    uses = [Use](repeating: .freePage, count: bytes.count)
    let newest = number(0 + 136 + 8, 8) > number(4096 + 136 + 8, 8) ? 0 : 1
    set(0, 2 * pageBytes, .idle)
    set((1 - newest) * pageBytes, 152, .olderMeta)
    meta(newest * pageBytes)
    try tree(newest * pageBytes + 40, isFreeList: true, isMain: false)
    try tree(newest * pageBytes + 88, isFreeList: false, isMain: true)
  }

  private func number(_ offset: Int, _ width: Int) -> Int {
    (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
  }

  private mutating func set(_ offset: Int, _ count: Int, _ use: Use) {
    for index in offset..<offset + count { uses[index] = use }
  }

  private mutating func meta(_ page: Int) {
    set(page, 8, .used)
    set(page + 10, 2, .used)
    set(page + 16, 8, .used)
    // The page size lies in the padding of the free list; address and map size are hints.
    set(page + 40, 48, .used)
    set(page + 92, 44, .used)
    set(page + 136, 16, .used)
  }

  /// A tree whose description lies at `description`.
  private mutating func tree(_ description: Int, isFreeList: Bool, isMain: Bool) throws {
    let root = number(description + 40, 8)
    if root == -1 { return }
    try page(root, isFreeList: isFreeList, isMain: isMain)
  }

  private mutating func page(_ page: Int, isFreeList: Bool, isMain: Bool) throws {
    let start = page * pageBytes
    guard start + pageBytes <= bytes.count else { throw Malformed() }
    set(start, pageBytes, .idle)
    set(start, 8, .used)
    set(start + 10, 6, .used)
    let isBranch = number(start + 10, 2) == 1
    let count = (number(start + 12, 2) - 16) / 2
    set(start + 16, 2 * count, .used)
    for index in 0..<count {
      let node = start + number(start + 16 + 2 * index, 2)
      let keyCount = number(node + 6, 2)
      set(node, 8, .used)
      if isBranch {
        if index > 0 { set(node + 8, keyCount, .used) }
        let child = number(node, 4) | number(node + 4, 2) << 32
        try self.page(child, isFreeList: isFreeList, isMain: isMain)
        continue
      }
      set(node + 8, keyCount, isFreeList ? .freedBy : .used)
      try value(node, keyCount, isFreeList: isFreeList, isMain: isMain)
    }
  }

  private mutating func value(
    _ node: Int, _ keyCount: Int, isFreeList: Bool, isMain: Bool
  ) throws {
    let count = number(node, 4)
    var start = node + 8 + keyCount
    if number(node + 4, 2) & 1 == 1 {
      set(start, 8, .used)
      let run = number(start, 8) * pageBytes
      let pages = number(run + 12, 4)
      set(run, pages * pageBytes, .idle)
      set(run, 8, .used)
      set(run + 10, 6, .used)
      start = run + 16
    }
    // A list of free pages may have room for more than it has.
    set(start, isFreeList ? 8 + 8 * number(start, 8) : count, .used)
    guard isMain else { return }
    // A table: its padding is not used.
    set(start, 4, .idle)
    try tree(start, isFreeList: false, isMain: false)
  }
}
