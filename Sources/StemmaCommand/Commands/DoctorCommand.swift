// `stemma doctor`: what this machine and this store can do, and what is wrong.

import ArgumentParser
import Base
import Glibc
import Rendering
import Sandbox
import Stemma

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine and the store.",
    discussion: """
      Examples:
        stemma doctor
        stemma doctor --guards     try to break out of the sandbox, guard by guard
        stemma doctor --store /data/lab

      Of the store it says where the space goes, table by table, and which processes
      read it, since an old snapshot keeps its pages from being used again.

      Exits with 5 where the store cannot be used (none here is no fault), with 8
      where runs cannot be sandboxed or a guard does not hold.
      """)

  @Flag(help: "Prove each guard with a small hostile program and a positive control.")
  var guards = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let style = Terminal.style
    let (storeRows, storeError) = storeRows()
    var rows = [["stemma", Version.text]] + storeRows
    for entry in MachineProbe.current.table {
      let sign = entry.isAvailable ? style.green("yes") : style.yellow("no")
      rows.append([entry.name, sign + "  " + entry.detail])
    }
    rows += weakerGuards(style)
    var text = ""
    let width = rows.map { DisplayWidth.columns(of: $0[0]) }.max() ?? 0
    for row in rows {
      let line = DisplayWidth.pad(row[0], to: width) + "  " + row[1]
      text += (Terminal.width.map { DisplayWidth.cut(line, to: $0) } ?? line) + "\n"
    }
    try Terminal.print(text)
    if guards { try proveGuards(style) }
    if let storeError { throw storeError }
    // The sandbox refuses by its own words what this machine lacks.
    if !guards { try Sandbox().check() }
  }

  /// The budgets that are not exact here, by the names that a campaign's `allow_weaker` takes.
  private func weakerGuards(_ style: Style) -> [[String]] {
    guard let inexact = try? Sandbox().inexactGuards() else { return [] }
    guard !inexact.isEmpty else { return [["weaker guards", "none: every budget is exact"]] }
    return inexact.enumerated().map { index, weak in
      [
        index == 0 ? "weaker guards" : "",
        style.yellow(weak.weakness) + "  \(weak.name): \(weak.mechanism)",
      ]
    }
  }

  /// What is to be said of the store, and the error that makes it unusable.
  private func storeRows() -> ([[String]], StemmaError?) {
    do {
      let path = try StoreLocation.find(store.store)
      FaultGuard.watch(storeAt: path)
      let database = try Database.open(at: path, readOnly: true, surroundings: .system)
      let transactions = try database.lastTransaction().rawValue
      let rows = [
        ["store", path], ["transactions", NumberText.grouped(Int(clamping: transactions))],
      ]
      return (rows + UsageText(report: try database.usage()).rows, nil)
    } catch let error as StemmaError {
      let isAbsent = error.code == .storeMissing && store.store == nil
      return ([["store", error.message]], isAbsent ? nil : error)
    } catch {
      let unknown = StemmaError(.storeInputOutput, "\(error)")
      return ([["store", unknown.message]], unknown)
    }
  }

  private func proveGuards(_ style: Style) throws {
    let checks = try Sandbox().proveGuards()
    let table = TableText(
      columns: [.init("guard"), .init("held"), .init("mechanism"), .init("evidence")],
      rows: checks.map { [$0.name, $0.isProven ? "yes" : "NO", $0.mechanism, $0.evidence] })
    try Terminal.print("\n" + table.render(maximumWidth: Terminal.width, style: style))
    let broken = checks.filter { !$0.isProven }.map(\.name)
    guard broken.isEmpty else {
      throw StemmaError(
        .sandboxUnavailable, "these guards do not hold here: \(broken.joined(separator: ", "))",
        advice: "`stemma sandbox probe` says what this machine lacks")
    }
  }
}
