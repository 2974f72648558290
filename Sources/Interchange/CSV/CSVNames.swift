// What files call their nodes, and which nodes those are.

import Base

/// What a file calls a node.
enum CSVNodeName: Hashable, Sendable {
  case number(Int64)
  case text(Text)
}

extension CSVNodeName: CustomStringConvertible {
  var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .text(let text): text.string
    }
  }
}

/// The names of the nodes of one piece of a file, in their order. Numbers that count up, as many
/// files have them, take no memory.
struct CSVNameList: Sendable {
  private(set) var first: Int64 = 0
  private(set) var counted = 0
  private(set) var others: [CSVNodeName] = []

  subscript(index: Int) -> CSVNodeName {
    index < counted ? .number(first + Int64(index)) : others[index - counted]
  }

  mutating func append(_ name: CSVNodeName) {
    if others.isEmpty, case .number(let number) = name {
      if counted == 0 { first = number }
      if number == first &+ Int64(counted) {
        counted += 1
        return
      }
    }
    others.append(name)
  }
}

/// The nodes of a label by their names in the files, numbered from 0 over all node files.
struct CSVNames: Sendable {
  /// One run of numbers that count up, of nodes that count up.
  private var first: Int64 = 0
  private var firstNode = 0
  private var counted = 0
  private var others: [CSVNodeName: Int] = [:]

  /// Adds the names of a piece, whose first node is `node`. Returns the number within the piece of
  /// a node whose name was there already.
  mutating func add(_ list: CSVNameList, from node: Int) -> Int? {
    var start = 0
    if others.isEmpty, list.counted > 0, continues(list, node) {
      if counted == 0 { (first, firstNode) = (list.first, node) }
      counted += list.counted
      start = list.counted
    }
    for index in start..<list.counted {
      if !add(.number(list.first + Int64(index)), node + index) { return index }
    }
    for (index, name) in list.others.enumerated() {
      if !add(name, node + list.counted + index) { return list.counted + index }
    }
    return nil
  }

  private func continues(_ list: CSVNameList, _ node: Int) -> Bool {
    if counted == 0 { return true }
    let (next, overflows) = first.addingReportingOverflow(Int64(counted))
    return !overflows && list.first == next && node == firstNode + counted
  }

  private mutating func add(_ name: CSVNodeName, _ node: Int) -> Bool {
    if self[name] != nil { return false }
    others[name] = node
    return true
  }

  subscript(name: CSVNodeName) -> Int? {
    if case .number(let number) = name, number >= first {
      let distance = UInt64(bitPattern: number &- first)
      if distance < UInt64(counted) { return firstNode + Int(distance) }
    }
    return others.isEmpty ? nil : others[name]
  }
}
