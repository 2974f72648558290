// One B-tree of an LMDB file: its pages are of the right kind at the right depth, keys ascend and
// stay between those of the page above, and the counts that its parent keeps are true.

/// The walk of one tree.
struct LMDBTreeWalk {
  /// What the values of a tree are.
  enum Content {
    case freeList, tables, rows
    /// The list of tables, without going into them.
    case names
  }

  let name: String
  let tree: LMDBTree
  let content: Content
  private var branchPages: UInt64 = 0
  private var leafPages: UInt64 = 0
  private var overflowPages: UInt64 = 0
  private var entries: UInt64 = 0

  init(name: String, tree: LMDBTree, content: Content) {
    self.name = name
    self.tree = tree
    self.content = content
  }

  mutating func walk(_ check: inout LMDBFileCheck) throws(StoreError) {
    if content == .rows { check.report.entries[name] = tree.entries }
    if tree.root == LMDBTree.emptyRoot {
      if tree.depth != 0 || tree.isCounting {
        check.fault(0, name, "it is empty, but its parent counts pages or entries")
      }
      return
    }
    guard (1...LMDBFileCheck.depthLimit).contains(tree.depth) else {
      check.fault(tree.root, name, "a depth of \(tree.depth) is impossible")
      return
    }
    let before = check.report.faults.count
    try page(tree.root, level: 1, from: nil, below: nil, &check)
    check.report.reachablePages += branchPages + leafPages + overflowPages
    guard check.report.faults.count == before else { return }
    let counts = [
      ("branch pages", branchPages, tree.branchPages), ("leaf pages", leafPages, tree.leafPages),
      ("overflow pages", overflowPages, tree.overflowPages), ("entries", entries, tree.entries),
    ]
    for (what, found, expected) in counts where found != expected {
      check.fault(tree.root, name, "\(found) \(what) where its parent counts \(expected)")
    }
  }

  /// One page and everything below it. Keys are at least `low` and below `high`.
  private mutating func page(
    _ number: UInt64, level: Int, from low: [UInt8]?, below high: [UInt8]?,
    _ check: inout LMDBFileCheck
  ) throws(StoreError) {
    guard check.claim(number, name), let page = try check.load(number, count: 1, name) else {
      return
    }
    let isLeaf = level == tree.depth
    guard page.number == number,
      page.flags == (isLeaf ? LMDBPage.Flag.leaf : LMDBPage.Flag.branch)
    else {
      check.fault(number, name, "it is no \(isLeaf ? "leaf" : "branch") page of this number")
      return
    }
    let nodes: [LMDBPage.Node]
    do {
      nodes = try page.nodes()
    } catch {
      check.fault(number, name, error.words)
      return
    }
    guard areOrdered(nodes, isLeaf: isLeaf, from: low, below: high) else {
      check.fault(number, name, "its keys are out of order")
      return
    }
    if isLeaf {
      leafPages += 1
      entries += UInt64(nodes.count)
      for node in nodes { try leaf(node, page, number, &check) }
      return
    }
    branchPages += 1
    for (index, node) in nodes.enumerated() {
      let from = index == 0 ? low : node.key
      let below = index + 1 < nodes.count ? nodes[index + 1].key : high
      try self.page(node.child, level: level + 1, from: from, below: below, &check)
    }
  }

  /// The first key of a branch stands for everything below the second, whatever its bytes.
  private func areOrdered(
    _ nodes: [LMDBPage.Node], isLeaf: Bool, from low: [UInt8]?, below high: [UInt8]?
  ) -> Bool {
    guard !nodes.isEmpty else { return false }
    var previous = low
    var isFirst = true
    for node in isLeaf ? nodes[...] : nodes[1...] {
      if let previous {
        let isAbove = isBefore(previous, node.key)
        guard isAbove || (isFirst && !isBefore(node.key, previous)) else { return false }
      }
      previous = node.key
      isFirst = false
    }
    guard let high, let previous else { return true }
    return isBefore(previous, high)
  }

  /// Keys are compared as bytes, but the free list's are numbers.
  private func isBefore(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    if content == .freeList { return number(left) < number(right) }
    return left.lexicographicallyPrecedes(right)
  }

  private func number(_ key: [UInt8]) -> UInt64 { LMDBPage(bytes: key).little(0, width: 8) }

  // MARK: Values

  private mutating func leaf(
    _ node: LMDBPage.Node, _ page: LMDBPage, _ number: UInt64, _ check: inout LMDBFileCheck
  ) throws(StoreError) {
    let isTree = node.flags & LMDBPage.NodeFlag.tree != 0
    guard node.flags & ~(LMDBPage.NodeFlag.big | LMDBPage.NodeFlag.tree) == 0,
      isTree == (content == .tables || content == .names)
    else {
      check.fault(number, name, "an entry is of an unknown kind")
      return
    }
    if content == .names { return }
    if content == .tables {
      try table(node, page, number, &check)
      return
    }
    var value = page
    var offset = node.valueOffset
    if node.flags & LMDBPage.NodeFlag.big != 0 {
      let first = page.little(node.valueOffset, width: 8)
      guard let run = try overflow(first, node.valueCount, &check) else { return }
      (value, offset) = (run, LMDBPage.headerBytes)
    }
    if content == .freeList, self.number(node.key) > check.meta.transaction {
      check.fault(number, name, "pages were freed by a transaction that is still to come")
    }
    if content == .freeList { freePages(value, offset, node.valueCount, number, &check) }
  }

  private mutating func table(
    _ node: LMDBPage.Node, _ page: LMDBPage, _ number: UInt64, _ check: inout LMDBFileCheck
  ) throws(StoreError) {
    guard let name = Table.allCases.first(where: { Array($0.name.utf8) == node.key })?.name,
      node.valueCount == LMDBTree.byteCount, node.flags & LMDBPage.NodeFlag.big == 0
    else {
      check.fault(number, self.name, "an entry is none of the tables")
      return
    }
    let tree = LMDBTree(page, at: node.valueOffset)
    guard tree.flags == 0 else {
      check.fault(number, name, "the table has flags that no table has")
      return
    }
    var walk = LMDBTreeWalk(name: name, tree: tree, content: .rows)
    try walk.walk(&check)
  }

  /// Claims the pages of a long value; there may be more than it needs, where a longer one was
  /// there before in the same transaction. Their contents are loaded for the free list only.
  private mutating func overflow(
    _ first: UInt64, _ byteCount: Int, _ check: inout LMDBFileCheck
  ) throws(StoreError) -> LMDBPage? {
    guard first <= check.meta.lastPage, let head = try check.load(first, count: 1, name) else {
      check.fault(first, name, "a value lies behind the last page")
      return nil
    }
    let needed = UInt64((LMDBPage.headerBytes - 1 + byteCount) / check.meta.pageBytes + 1)
    let count = head.overflowCount
    guard head.number == first, head.flags == LMDBPage.Flag.overflow, count >= needed,
      count <= check.meta.lastPage - first + 1
    else {
      check.fault(first, name, "it is no overflow page of at least \(needed)")
      return nil
    }
    for page in first..<first + count where !check.claim(page, name) { return nil }
    overflowPages += count
    if content != .freeList { return head }
    return try check.load(first, count: Int(needed), name)
  }

  /// A list of free pages: how many, then their numbers.
  private func freePages(
    _ value: LMDBPage, _ offset: Int, _ byteCount: Int, _ number: UInt64,
    _ check: inout LMDBFileCheck
  ) {
    let count = value.little(offset, width: 8)
    guard byteCount >= 8, count <= UInt64(byteCount / 8 - 1) else {
      check.fault(number, name, "a list of \(count) free pages has \(byteCount) bytes")
      return
    }
    for index in 0..<Int(count) {
      let page = value.little(offset + 8 + 8 * index, width: 8)
      if check.claim(page, name) { check.report.freePages += 1 }
    }
  }
}
