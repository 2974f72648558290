// What a run's numbers depend on besides its tree, and how it stands in the graph. Two machines
// with the same facts are the same environment, whatever they are called.

import Base
import Sandbox

/// Machine, kernel, interpreter, packages.
package struct RunEnvironment: Sendable, Hashable {
  package var name: String
  package var kernel: String
  package var machine: String
  package var processors: Int
  package var memoryBytes: Int
  /// The program that runs start, with the hash of its file; empty where it is not known.
  package var program: String
  /// The processor, as it calls itself.
  package var processor = ""
  /// The driver of the accelerators, and each of them.
  package var driver = ""
  package var devices: [String] = []
  /// `venv`, `conda`, `image`, `modules`; empty where there is nothing but the system.
  package var kind = ""
  /// The manifest of the environment's folder, and of the installations that it stands on.
  package var packages = ""
  /// Names and hashes of lock files.
  package var locks: [String] = []
  package var image = ""
  package var modules: [String] = []

  package init(
    name: String, kernel: String, machine: String, processors: Int, memoryBytes: Int,
    program: String
  ) {
    self.name = name
    self.kernel = kernel
    self.machine = machine
    self.processors = processors
    self.memoryBytes = memoryBytes
    self.program = program
  }

  /// One line per fact, without the name.
  package var description: String {
    var lines = [
      "kernel \(kernel)", "machine \(machine)", "processors \(processors)",
      "memory \(memoryBytes)", "program \(program)",
    ]
    let optional = [
      ("processor", processor), ("driver", driver), ("kind", kind), ("packages", packages),
      ("image", image),
    ]
    lines += optional.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }
    lines += devices.map { "device \($0)" }
    lines += locks.map { "lock \($0)" }
    lines += modules.map { "module \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  var contentHash: String { SHA256.hash(Array(description.utf8)).hex }

  /// Adds what a campaign declares. What Python compiles beside its sources is left out: it says
  /// nothing that the sources do not.
  mutating func add(_ declaration: EnvironmentDeclaration, stamps: String?) throws {
    guard declaration != EnvironmentDeclaration() else { return }
    kind = declaration.kind
    let manifests = try declaration.mounts.map { mount in
      try ReferenceManifest.of(
        mount.source, excluding: ["**/__pycache__/**", "**/*.pyc"], stamps: stamps
      ).hash
    }
    packages = manifests.joined(separator: " ")
    locks = try declaration.locks.map { path in
      let bytes = try FileBytes.read(path, limitBytes: 64 << 20)
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return "\(name) sha256:\(SHA256.hash(bytes).hex)"
    }
    image = declaration.image ?? ""
    modules = declaration.modules
  }

  /// As a node of the graph; what is not known is left out.
  func properties(hash: String) -> [(Text, Value?)] {
    func text(_ value: String) -> Value? { value.isEmpty ? nil : .text(value) }
    func list(_ values: [String]) -> Value? {
      values.isEmpty ? nil : .list(values.map { .text($0) })
    }
    return [
      ("name", .text(name)), ("contentHash", .text(hash)), ("description", .text(description)),
      ("kernel", .text(kernel)), ("machine", .text(machine)),
      ("processors", .integer(Int64(processors))), ("memoryBytes", .integer(Int64(memoryBytes))),
      ("processor", text(processor)), ("driver", text(driver)), ("devices", list(devices)),
      ("kind", text(kind)), ("packagesHash", text(packages)), ("locks", list(locks)),
      ("image", text(image)), ("modules", list(modules)),
    ]
  }
}
