// What a job is to do, as JSON. A package is the only thing that a job gets: it never opens a
// store.

import Base
import Models
import Sandbox

/// The order of one job.
enum JobOrder: Sendable {
  case run(RunOrder)
  case evaluation(EvaluationOrder)
  /// Says what the node can hold, and attacks its guards.
  case machine(program: String, allowedWeaknesses: Set<String>)

  static let format = 1

  var bytes: [UInt8] { JSONWriter.bytes(.object(fields)) }

  private var fields: [(Text, Value?)] {
    let format: (Text, Value?) = ("format", .integer(Int64(Self.format)))
    switch self {
    case .run(let order):
      return [
        format, ("kind", .text("run")), ("name", .text(order.name)), ("tree", .text(order.tree)),
        ("parameters", .map(order.parameters)), ("output", .text(order.output)),
      ]
        + Self.ending(order)
        + Self.common(
          order.command, order.environment, order.readOnly, order.mounts, order.seed,
          order.budget, order.allowedWeaknesses)
    case .evaluation(let order):
      return [
        format, ("kind", .text("evaluation")), ("name", .text(order.name)),
        ("outputTree", .text(order.outputTree)), ("evaluatorTree", .text(order.evaluatorTree)),
        ("hidden", .strings(order.hidden)), ("split", .text(order.split)),
      ]
        + Self.common(
          order.command, order.environment, order.readOnly, order.mounts, order.seed,
          order.budget, order.allowedWeaknesses)
    case .machine(let program, let weaknesses):
      return [
        format, ("kind", .text("machine")), ("program", .text(program)),
        ("allowedWeaknesses", .strings(weaknesses.sorted())),
      ]
    }
  }

  /// How a run ends early and what is kept of it then; nothing where the campaign says nothing.
  private static func ending(_ order: RunOrder) -> [(Text, Value?)] {
    let grace = order.graceMilliseconds
    return [
      (
        "resume",
        order.resume.map {
          .object([("run", .text($0.run)), ("bytes", .integer(Int64($0.bytes)))])
        }
      ),
      ("graceMilliseconds", grace == 0 ? nil : .integer(Int64(grace))),
      ("curveRule", order.curveRule?.value),
    ]
  }

  private static func common(
    _ command: [String], _ environment: [(name: String, value: String)], _ readOnly: [String],
    _ mounts: [PlacedMount], _ seed: Int64, _ budget: SandboxBudget, _ weaknesses: Set<String>
  ) -> [(Text, Value?)] {
    [
      ("command", .strings(command)),
      ("environment", .pairs(environment.map { ($0.name, $0.value) })),
      ("readOnly", .strings(readOnly)),
      ("mounts", .pairs(mounts.map { ($0.source, $0.target) })), ("seed", .integer(seed)),
      ("budget", budget.fields),
      ("allowedWeaknesses", .strings(weaknesses.sorted())),
    ]
  }

  /// Throws `sandbox.failed` for anything that `bytes` would not have written.
  init(_ bytes: [UInt8]) throws {
    let fields = try JobFields(JSONReader.read(bytes, limitBytes: JobPackage.textLimitBytes))
    guard fields.number("format") == Self.format else {
      throw StemmaError(
        .sandboxFailed, "a package has another format than this Stemma reads",
        advice: "Nodes and the machine of the loop need the same Stemma.")
    }
    let weaknesses = Set(try fields.strings("allowedWeaknesses"))
    switch try fields.string("kind") {
    case "run": self = .run(try Self.run(fields, weaknesses))
    case "evaluation": self = .evaluation(try Self.evaluation(fields, weaknesses))
    case "machine":
      self = .machine(program: try fields.string("program"), allowedWeaknesses: weaknesses)
    default: throw JobFields.damaged("kind")
    }
  }

  private static func run(_ fields: JobFields, _ weaknesses: Set<String>) throws -> RunOrder {
    guard case .map(let parameters) = fields["parameters"] else {
      throw JobFields.damaged("parameters")
    }
    var order = RunOrder(
      name: try fields.string("name"), tree: try fields.string("tree"), parameters: parameters,
      seed: Int64(try fields.integer("seed")), command: try fields.strings("command"),
      environment: try fields.pairs("environment").map { (name: $0.0, value: $0.1) },
      readOnly: try fields.strings("readOnly"), mounts: try mounts(fields),
      output: try fields.string("output"),
      budget: try SandboxBudget(fields.fields("budget")), allowedWeaknesses: weaknesses)
    if !fields["resume"].isNull {
      let resume = try fields.fields("resume")
      order.resume = (run: try resume.string("run"), bytes: try resume.integer("bytes"))
    }
    order.graceMilliseconds = fields.number("graceMilliseconds") ?? 0
    if !fields["curveRule"].isNull {
      order.curveRule = try CurveRuleOrder(fields.fields("curveRule"))
    }
    return order
  }

  private static func evaluation(
    _ fields: JobFields, _ weaknesses: Set<String>
  ) throws -> EvaluationOrder {
    EvaluationOrder(
      name: try fields.string("name"), outputTree: try fields.string("outputTree"),
      evaluatorTree: try fields.string("evaluatorTree"), command: try fields.strings("command"),
      environment: try fields.pairs("environment").map { (name: $0.0, value: $0.1) },
      hidden: try fields.strings("hidden"), readOnly: try fields.strings("readOnly"),
      mounts: try mounts(fields), split: try fields.string("split"),
      seed: Int64(try fields.integer("seed")),
      budget: try SandboxBudget(fields.fields("budget")), allowedWeaknesses: weaknesses)
  }

  private static func mounts(_ fields: JobFields) throws -> [PlacedMount] {
    try fields.pairs("mounts").map { PlacedMount(source: $0.0, target: $0.1) }
  }

  /// The trees that the order names.
  var trees: [String] {
    switch self {
    case .run(let order): [order.tree]
    case .evaluation(let order): [order.outputTree, order.evaluatorTree]
    case .machine: []
    }
  }

  /// Other objects that the order names.
  var objects: [String] {
    guard case .run(let order) = self else { return [] }
    return order.curveRule?.reference ?? []
  }

  /// What the job may use at most.
  var budget: SandboxBudget {
    switch self {
    case .run(let order): order.budget
    case .evaluation(let order): order.budget
    case .machine: SandboxBudget()
    }
  }
}

extension SandboxBudget {
  fileprivate var fields: Value {
    .object([
      ("wallMilliseconds", .integer(Int64(wallMilliseconds))),
      ("cpuMilliseconds", .integer(Int64(cpuMilliseconds))),
      ("memoryBytes", .integer(Int64(memoryBytes))), ("processes", .integer(Int64(processes))),
      ("diskBytes", .integer(Int64(diskBytes))), ("inodes", .integer(Int64(inodes))),
      ("logBytes", .integer(Int64(logBytes))), ("openFiles", .integer(Int64(openFiles))),
      ("thousandthsOfCpus", .integer(Int64((cpus * 1_000).rounded()))),
    ])
  }

  fileprivate init(_ fields: JobFields) throws {
    self.init(
      wallMilliseconds: try fields.integer("wallMilliseconds"),
      cpuMilliseconds: try fields.integer("cpuMilliseconds"),
      memoryBytes: try fields.integer("memoryBytes"),
      processes: try fields.integer("processes"), diskBytes: try fields.integer("diskBytes"),
      inodes: try fields.integer("inodes"), logBytes: try fields.integer("logBytes"),
      openFiles: try fields.integer("openFiles"),
      cpus: Double(try fields.integer("thousandthsOfCpus")) / 1_000)
  }
}

extension CurveRuleOrder {
  fileprivate var value: Value {
    .object([
      ("metric", .text(declaration.metric)), ("direction", .text(declaration.direction.rawValue)),
      ("after", .integer(declaration.after)), ("quantile", .float(declaration.quantile)),
      ("points", .integer(Int64(declaration.points))), ("reference", .strings(reference)),
    ])
  }

  fileprivate init(_ fields: JobFields) throws {
    guard let direction = Objective.Direction(rawValue: try fields.string("direction")),
      case .float(let quantile) = fields["quantile"]
    else { throw JobFields.damaged("curveRule") }
    declaration = CurveRuleDeclaration(
      metric: try fields.string("metric"), direction: direction,
      after: Int64(try fields.integer("after")), quantile: quantile,
      points: try fields.integer("points"))
    reference = try fields.strings("reference")
  }
}
