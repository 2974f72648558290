// Where the proposals of a campaign lie on the scales of its parameters, so that those most like a
// new one are found without reading them all again. A pure function of the proposals: it is made
// from the mirror and follows it; it decides nothing.

import Base

/// The places of proposals in the space of parameters.
final class ChangeIndex {
  private let parameters: [Parameter]
  private var ids: [NodeID] = []
  /// Row by row, one place per parameter: 0 to 1 by scale, the number of a choice, or NaN.
  private var places: [Double] = []
  private var patches: [Text] = []
  private var changesFiles: [Bool] = []

  init(_ campaign: Campaign) { parameters = campaign.editable.parameters }

  /// The identities of at most `count` earlier proposals, nearest first, newer ones first among
  /// equals. What was never run is left out: it says nothing, and copies of copies would hide the
  /// first. O(proposals · parameters).
  func nearest(to proposal: MirrorNode, in mirror: Mirror, count: Int) -> [NodeID] {
    follow(mirror)
    guard count > 0, let row = ids.lastIndex(of: proposal.id) else { return [] }
    var best: [(distance: Double, id: NodeID)] = []
    for other in (0..<row).reversed() {
      let distance = distance(row, other)
      if best.count == count, let worst = best.last, distance >= worst.distance { continue }
      let status = mirror[ids[other]]?.text("status") ?? ""
      if status == "rejected" || status == "terminated" { continue }
      let position = best.firstIndex { $0.distance > distance } ?? best.count
      best.insert((distance, ids[other]), at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.id)
  }

  /// The largest distance over the parameters; 2 more where files differ or may differ.
  private func distance(_ row: Int, _ other: Int) -> Double {
    let width = parameters.count
    var largest = 0.0
    for column in 0..<width {
      let first = places[row * width + column]
      let second = places[other * width + column]
      let isChoice = parameters[column].domain.isChoice
      let apart = isChoice ? (first == second ? 0 : 1) : abs(first - second)
      largest = max(largest, apart.isNaN ? 1 : apart)
    }
    let isElsewhere = patches[row] != patches[other] || changesFiles[row] || changesFiles[other]
    return largest + (isElsewhere ? 2 : 0)
  }

  /// Takes in proposals that have come since; begins again where the mirror was read anew and has
  /// others.
  private func follow(_ mirror: Mirror) {
    let all = mirror.identities("Proposal")
    if all.count < ids.count || (ids.last.map { all[ids.count - 1] != $0 } ?? false) {
      ids = []
      places = []
      patches = []
      changesFiles = []
    }
    for id in all[ids.count...] {
      guard let node = mirror[id] else { continue }
      let values = ProposalBuilder<PendingObjects>.parameters(of: node)
      for parameter in parameters {
        let value = values[Text(parameter.name)].flatMap { parameter.domain.value(of: $0) }
        places.append(value.map { parameter.domain.place(of: $0) } ?? .nan)
      }
      patches.append(node.text("patchName") ?? "")
      let names = node.texts("changed")
      changesFiles.append(names.contains(where: { $0.string.hasPrefix("file:") }))
      ids.append(id)
    }
  }
}

extension Parameter.Domain {
  var isChoice: Bool {
    switch self {
    case .choice, .boolean: true
    case .integer, .number: false
    }
  }

  /// The place on the unit scale, or the number of a choice.
  func place(of value: ParameterValue) -> Double {
    if let position = unitPosition(of: value) { return position }
    switch (self, value) {
    case (.choice(let choices), .choice(let text)):
      return choices.firstIndex { $0.utf8.elementsEqual(text.utf8) }.map(Double.init) ?? .nan
    case (.boolean, .boolean(let flag)): return flag ? 1 : 0
    default: return .nan
    }
  }
}
