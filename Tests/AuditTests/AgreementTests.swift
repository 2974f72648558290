// Two verifiers that share no code, before the same mutated bundles: they must come to the same
// verdict on each. `make agree` has a thousand; a sample of the same kind is in every test run.

import Base
import Foundation
import Signing
import Stemma
import Testing

@testable import Audit

/// verify.py in a process that answers for one folder after the other.
final class VerifierProcess {
  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())
  private let script: String

  private static let driver = """
    import importlib.util, json, sqlite3, sys
    spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
    verify = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(verify)
    for line in sys.stdin:
        folder, key, statement = json.loads(line)
        if statement:
            base = sqlite3.connect(folder + "/graph.sqlite")
            base.execute(statement)
            base.commit()
            base.close()
            print("{}", flush=True)
            continue
        del verify.FAULTS[:], verify.UNCHECKED[:]
        verify.Bundle(folder, [verify.Key(key)], []).check()
        print(json.dumps(verify.FAULTS), flush=True)
    """

  init() throws {
    let python = try #require(BundleCopy.python)
    script =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-verify-\(UUID().uuidString)").path
    try VerifierText.text.write(toFile: script + ".py", atomically: false, encoding: .utf8)
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-B", "-c", Self.driver, script + ".py"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(atPath: script + ".py")
  }

  private func ask(_ question: [String]) throws -> Data {
    let line = try JSONSerialization.data(withJSONObject: question) + Data([10])
    try input.fileHandleForWriting.write(contentsOf: line)
    let answer = BundleCopy.bytes(output.fileHandleForReading, untilLineEnds: true)
    try #require(answer.last == 10, "verify.py ended")
    return answer
  }

  /// The faults that verify.py finds.
  func faults(_ folder: String, key: String) throws -> [String] {
    try #require(
      JSONSerialization.jsonObject(with: ask([folder, key, ""])) as? [String])
  }

  /// Runs a statement on the SQLite copy.
  func change(_ folder: String, _ statement: String) throws {
    _ = try ask([folder, "", statement])
  }
}

/// Makes one change to a bundle after the other, from a seed.
struct Mutator {
  var random: SplitMix64

  private mutating func number(below limit: Int) -> Int {
    limit < 1 ? 0 : Int(random.next() % UInt64(limit))
  }

  /// Changes the bundle; says what was done.
  mutating func change(_ bundle: BundleCopy, _ verifier: VerifierProcess) throws -> String {
    let files = bundle.files.filter { !$0.hasPrefix("bundle.") }
    // The small files that much depends on come more often than one in twenty.
    let vital = files.filter {
      $0.hasPrefix("checkpoint") || $0.hasPrefix("tile") || $0.contains("records")
        || $0.contains("absent") || $0.contains("keys") || $0.hasSuffix("sqlite")
    }
    let chosen = number(below: 3) == 0 ? files : vital
    let file = chosen[number(below: chosen.count)]
    var bytes = try bundle.read(file)
    let (start, length) = (number(below: bytes.count), 1 + number(below: 40))
    let end = min(bytes.count, start + length)
    let what: String
    switch number(below: 12) {
    case 0...3:
      what = "flip a bit"
      if !bytes.isEmpty { bytes[start] ^= 1 << UInt8(number(below: 8)) }
    case 4:
      what = "cut bytes out"
      bytes.removeSubrange(start..<end)
    case 5:
      what = "repeat bytes"
      bytes.insert(contentsOf: Array(bytes[start..<end]), at: start)
    case 6:
      what = "zeros"
      for index in start..<end { bytes[index] = 0 }
    case 7:
      what = "digits"
      if let index = bytes[start...].firstIndex(where: { (0x30...0x39).contains($0) }) {
        bytes[index] = 0x30 + UInt8(number(below: 10))
      }
    case 8:
      what = "another file's contents"
      bytes = try bundle.read(files[number(below: files.count)])
    case 9:
      try bundle.remove(file)
      return "remove \(file)"
    case 10:
      what = "cut short"
      bytes.removeLast(min(bytes.count, length))
    default: return try changeTable(bundle, verifier)
    }
    try bundle.write(file, bytes)
    return "\(what) in \(file) at \(start)"
  }

  private mutating func changeTable(
    _ bundle: BundleCopy, _ verifier: VerifierProcess
  ) throws -> String {
    let id = 1 + number(below: 20)
    let statements = [
      "UPDATE nodes SET key = key || 'x' WHERE id = \(id)",
      "UPDATE nodes SET created = created + 0.0 WHERE id = \(id)",
      "UPDATE nodes SET labels = json_array('Eval') WHERE id = \(id)",
      "UPDATE edges SET type = 'REFUTES' WHERE id = \(id)",
      "UPDATE records SET actor = 'nobody' WHERE record = \(id)",
      "DELETE FROM nodes WHERE id = \(id)", "DELETE FROM records WHERE record = \(id)",
      "INSERT INTO nodes VALUES (\(1_000 + id), NULL, NULL, '[]', 1, '{}')",
      "UPDATE nodes SET properties = CAST(properties AS BLOB) WHERE id = \(id)",
      "UPDATE about SET text = 'x'", "DROP INDEX nodes_key", "DROP TABLE edges",
    ]
    let statement = statements[number(below: statements.count)]
    try verifier.change(bundle.path, statement)
    return statement
  }
}

@Suite(.enabled(if: BundleCopy.python != nil)) struct AgreementTests {
  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  @Test func bothVerifiersComeToTheSameVerdict() throws {
    let fixture = try BundleTests.rich()
    let honest = BundleCopy()
    _ = try fixture.trail.export(to: honest.path, key: fixture.key)
    let key = NoteKey(fixture.key.publicKey)
    let stranger = try SigningKey(name: "stranger", seed: [UInt8](repeating: 5, count: 32))
    let verifier = try VerifierProcess()
    let count = Self.setting("AGREE_COUNT") ?? 40
    var mutator = Mutator(random: SplitMix64(seed: UInt64(Self.setting("AGREE_SEED") ?? 1)))
    var (sound, unsound, apart) = (0, 0, [String]())
    for _ in 0..<count {
      let copy = try honest.copy()
      var what = try mutator.change(copy, verifier)
      // Mostly by who has the log's key, or only the hashes would ever be wrong.
      switch mutator.random.next() % 8 {
      case 0: what += ", not sealed"
      case 1:
        what += ", sealed by a stranger"
        try copy.seal(stranger)
      default: try copy.seal(fixture.key)
      }
      let first = try verifier.faults(copy.path, key: key.text)
      let second = try copy.check(keys: [key]).faults
      if first.isEmpty != second.isEmpty {
        apart.append("\(what)\n  verify.py: \(first)\n  stemma: \(second)")
      }
      if first.isEmpty { sound += 1 } else { unsound += 1 }
    }
    #expect(apart.isEmpty, "\(apart.joined(separator: "\n"))")
    #expect(unsound > sound)
    print("\(count) mutated bundles: \(unsound) not sound, \(sound) sound, both verifiers agree")
  }
}
