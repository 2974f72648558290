// `stemma doctor`: what this machine and this store can do, and what is wrong.

import ArgumentParser
import Base
import Glibc
import Rendering
import Stemma

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine and the store.",
    discussion: """
      Examples:
        stemma doctor
        stemma doctor --store /data/lab
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    var rows = [["stemma", Version.text]]
    rows += storeRows()
    let table = TableText(columns: [.init("what"), .init("finding")], rows: rows)
    try Terminal.print(table.render(maximumWidth: Terminal.width, style: Terminal.style))
  }

  private func storeRows() -> [[String]] {
    do {
      let path = try StoreLocation.find(store.store)
      let database = try Database.open(at: path, readOnly: true, surroundings: .real)
      let transactions = try database.lastTransaction().rawValue
      return [
        ["store", path], ["transactions", NumberText.grouped(Int(clamping: transactions))],
      ]
    } catch let error as StemmaError {
      return [["store", error.message]]
    } catch {
      return [["store", "\(error)"]]
    }
  }
}
