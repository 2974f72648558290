// The history as tools of a model that proposes or criticises: the same that `stemma mcp` has. All
// of them only read, under limits.

import Base
import ContextServer
import Models
import Stemma

enum HistoryTools {
  static func all(_ database: Database) -> [ModelTool] {
    let server = ContextServer(database: database, version: "loop")
    return server.readers.map { reader in
      ModelTool(
        name: reader.name, description: reader.description, input: reader.input,
        call: reader.call)
    }
  }
}
