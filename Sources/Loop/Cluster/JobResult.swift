// What became of a job, as JSON with the bytes beside it as objects. It names the order that it
// answers by hash, so that no result is taken for another's.

import Base
import Models
import Sandbox

/// What a node is and holds.
struct MachineFacts: Sendable {
  var environment: RunEnvironment
  var inexact: [InexactGuard]
  var checks: [GuardCheck]
}

/// The answer of one job.
struct JobResult: Sendable {
  enum Content: Sendable {
    case outcome(SandboxOutcome)
    case machine(MachineFacts)
    /// The node cannot carry it out at all.
    case refused(StemmaError)
  }

  /// The hash of the order's bytes.
  var order: String
  /// The name of the node.
  var node: String
  var content: Content

  /// Stores what belongs to it and returns the text.
  func bytes(storing objects: some ObjectStore) throws -> [UInt8] {
    var fields: [(Text, Value?)] = [
      ("format", .integer(Int64(JobOrder.format))), ("order", .text(order)),
      ("node", .text(node)),
    ]
    switch content {
    case .outcome(let outcome):
      fields.append(("outcome", try outcome.value(storing: objects)))
    case .machine(let facts): fields.append(("machine", facts.value))
    case .refused(let error):
      fields.append(
        (
          "refused",
          .object([
            ("code", .text(error.code.rawValue)), ("message", .text(error.message)),
            ("advice", error.advice.map { .text($0) }),
          ])
        ))
    }
    return JSONWriter.bytes(.object(fields))
  }

  init(order: String, node: String, content: Content) {
    self.order = order
    self.node = node
    self.content = content
  }

  /// Throws `sandbox.failed` for anything that `bytes` would not have written.
  init(_ bytes: [UInt8], objects: some ObjectStore) throws {
    let fields = try JobFields(JSONReader.read(bytes, limitBytes: JobPackage.textLimitBytes))
    order = try fields.string("order")
    node = try fields.string("node")
    if !fields["outcome"].isNull {
      content = .outcome(try SandboxOutcome(fields.fields("outcome"), objects: objects))
    } else if !fields["machine"].isNull {
      content = .machine(try MachineFacts(fields.fields("machine")))
    } else {
      let refused = try fields.fields("refused")
      content = .refused(
        StemmaError(
          ErrorCode(rawValue: try refused.string("code")), try refused.string("message"),
          advice: refused.text("advice")))
    }
  }
}

extension SandboxOutcome {
  fileprivate func value(storing objects: some ObjectStore) throws -> Value {
    let kept = try files.map { file in
      Value.object([
        ("path", .text(file.path)), ("executable", .boolean(file.isExecutable)),
        ("object", .text(try file.keptAs ?? objects.store(file.bytes))),
      ])
    }
    return .object([
      ("status", .text(status.rawValue)), ("exitCode", exitCode.map { .integer(Int64($0)) }),
      ("signal", signal.map { .integer(Int64($0)) }),
      ("exceeded", exceeded.map { .text($0.rawValue) }), ("message", message.map { .text($0) }),
      ("wallMilliseconds", .integer(Int64(wallMilliseconds))),
      ("cpuMilliseconds", .integer(Int64(cpuMilliseconds))),
      ("memoryPeakBytes", .integer(Int64(memoryPeakBytes))),
      ("processesPeak", processesPeak.map { .integer(Int64($0)) }),
      ("diskBytes", .integer(Int64(diskBytes))), ("logBytes", .integer(Int64(logBytes))),
      ("logDroppedBytes", .integer(Int64(logDroppedBytes))),
      ("log", .text(try objects.store(log))), ("channel", .text(try objects.store(channel))),
      ("channelOverflowed", .boolean(channelOverflowed)), ("files", .list(kept)),
      ("refusedFiles", .pairs(refusedFiles.map { ($0.path, $0.reason) })),
      ("guards", .pairs(guards.map { ($0.name, $0.mechanism) })),
    ])
  }

  fileprivate init(_ fields: JobFields, objects: some ObjectStore) throws {
    guard let status = Status(rawValue: try fields.string("status")) else {
      throw JobFields.damaged("status")
    }
    self.init(status: status)
    exitCode = fields.number("exitCode").map { Int32(truncatingIfNeeded: $0) }
    signal = fields.number("signal").map { Int32(truncatingIfNeeded: $0) }
    exceeded = fields.text("exceeded").flatMap(Budget.init)
    message = fields.text("message")
    wallMilliseconds = try fields.integer("wallMilliseconds")
    cpuMilliseconds = try fields.integer("cpuMilliseconds")
    memoryPeakBytes = try fields.integer("memoryPeakBytes")
    processesPeak = fields.number("processesPeak")
    diskBytes = try fields.integer("diskBytes")
    logBytes = try fields.integer("logBytes")
    logDroppedBytes = try fields.integer("logDroppedBytes")
    log = try objects.load(fields.string("log"))
    channel = try objects.load(fields.string("channel"))
    channelOverflowed = fields.isTrue("channelOverflowed")
    files = try fields.list("files").map { element in
      let file = try JobFields(element)
      let bytes = try objects.load(file.string("object"))
      return SandboxFile(
        path: try file.string("path"), bytes: bytes, byteCount: bytes.count,
        isExecutable: file.isTrue("executable"))
    }
    refusedFiles = try fields.pairs("refusedFiles").map { (path: $0.0, reason: $0.1) }
    guards = try fields.pairs("guards").map { (name: $0.0, mechanism: $0.1) }
  }
}

extension MachineFacts {
  fileprivate var value: Value {
    .object([
      ("name", .text(environment.name)), ("kernel", .text(environment.kernel)),
      ("machine", .text(environment.machine)),
      ("processors", .integer(Int64(environment.processors))),
      ("memoryBytes", .integer(Int64(environment.memoryBytes))),
      ("program", .text(environment.program)), ("processor", .text(environment.processor)),
      ("driver", .text(environment.driver)), ("devices", .strings(environment.devices)),
      (
        "inexact", .list(inexact.map { .strings([$0.name, $0.weakness, $0.mechanism]) })
      ),
      (
        "checks",
        .list(
          checks.map { check in
            .object([
              ("name", .text(check.name)), ("mechanism", .text(check.mechanism)),
              ("held", .boolean(check.held)), ("control", .boolean(check.controlPassed)),
              ("evidence", .text(check.evidence)),
              ("milliseconds", .integer(Int64(check.milliseconds))),
            ])
          })
      ),
    ])
  }

  fileprivate init(_ fields: JobFields) throws {
    environment = RunEnvironment(
      name: try fields.string("name"), kernel: try fields.string("kernel"),
      machine: try fields.string("machine"), processors: try fields.integer("processors"),
      memoryBytes: try fields.integer("memoryBytes"), program: try fields.string("program"))
    environment.processor = try fields.string("processor")
    environment.driver = try fields.string("driver")
    environment.devices = try fields.strings("devices")
    inexact = try fields.list("inexact").map { element in
      guard case .list(let words) = element, words.count == 3, case .string(let name) = words[0],
        case .string(let weakness) = words[1], case .string(let mechanism) = words[2]
      else { throw JobFields.damaged("inexact") }
      return InexactGuard(
        name: name.string, weakness: weakness.string, mechanism: mechanism.string)
    }
    checks = try fields.list("checks").map { element in
      let check = try JobFields(element)
      return GuardCheck(
        name: try check.string("name"), mechanism: try check.string("mechanism"),
        held: check.isTrue("held"), controlPassed: check.isTrue("control"),
        evidence: try check.string("evidence"), milliseconds: try check.integer("milliseconds"))
    }
  }
}
