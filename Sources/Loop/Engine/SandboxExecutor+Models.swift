// The sockets of runs that may ask models. Socket and journal lie beside the store, one folder per
// order; only the folder with the socket is shown, read-only.

package import Base
package import Models
import Sandbox

/// A grant as it is handed to the executor.
package struct RelayOrder: Sendable {
  package var grant: ModelGrant
  /// What earlier attempts took of it.
  package var used: RelayUse
  package var now: @Sendable () -> Timestamp
}

extension SandboxExecutor {
  /// Where programs see the socket.
  private static let modelsFolder = "/run/stemma/models"

  /// Carries something out with a socket for models, where it is granted one.
  func withModels<Result>(
    _ order: RelayOrder?, named name: String, _ specification: inout SandboxSpecification,
    _ body: (SandboxSpecification) throws -> Result
  ) throws -> Result {
    guard let order else { return try body(specification) }
    let place = callsFolder + "/" + name
    try TreeFolder.makeFolders(callsFolder)
    let socket = try ModelSocket(order.grant, used: order.used, place: place, now: order.now)
    defer { socket.close() }
    specification.placed.append(
      SandboxMount(source: place + "/" + ModelSocket.folder, target: Self.modelsFolder))
    specification.environment.append(
      (name: "STEMMA_MODEL_SOCKET", value: Self.modelsFolder + "/" + ModelSocket.name))
    return try body(specification)
  }

  package func calls(of order: String) throws -> [RelayedCall] {
    callsFolder.isEmpty ? [] : try ModelSocket.calls(at: callsFolder + "/" + order)
  }

  package func forgetCalls(of order: String) {
    if !callsFolder.isEmpty { FolderRemoval.remove(callsFolder + "/" + order) }
  }
}
