// Time stamps by a test authority that openssl plays: accepted when they fit, refused otherwise.

import Base
import Foundation
import Signing
import Testing

@testable import Audit

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct TimeStampTests {
  /// A folder with a root certificate that may stamp times, and its key.
  private func authority() throws -> BundleCopy {
    let folder = BundleCopy()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try folder.write(
      "ts.conf",
      """
      [req]
      distinguished_name = name
      x509_extensions = stamping
      prompt = no
      [name]
      CN = Test authority
      [stamping]
      basicConstraints = critical, CA:TRUE
      extendedKeyUsage = critical, timeStamping
      [tsa]
      default_tsa = one
      [one]
      serial = \(folder.path)/serial
      crypto_device = builtin
      signer_digest = sha256
      default_policy = 1.2.3.4.1
      digests = sha256
      accuracy = secs:1
      ordering = yes
      tsa_name = no
      ess_cert_id_chain = no
      """)
    try folder.write("serial", "01\n")
    try run(
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"], folder,
      ["-keyout", "key.pem", "-out", "root.pem"])
    return folder
  }

  private func run(_ start: [String], _ folder: BundleCopy, _ files: [String]) throws {
    let end = files.map { $0.hasPrefix("-") ? $0 : folder.path + "/" + $0 }
    let said = try BundleCopy.run(
      "/usr/bin/openssl", start + ["-config", folder.path + "/ts.conf"] + end)
    try #require(said.status == 0, "\(said.output)")
  }

  @Test func aStampIsCheckedAndKept() throws {
    let fixture = try AuditFixture(records: 3)
    let note = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let folder = try authority()
    try folder.write("q.tsq", fixture.trail.timeStampRequest(for: note))
    try run(
      ["ts", "-reply", "-section", "one"], folder,
      ["-queryfile", "q.tsq", "-signer", "root.pem", "-inkey", "key.pem", "-out", "a.tsr"])
    let (response, root) = (try folder.read("a.tsr"), try folder.text("root.pem"))
    let kept = try fixture.trail.keepTimeStamp(response, authorities: root, actor: "test")
    let now = Int64(Date().timeIntervalSince1970)
    #expect(abs(kept.seconds - now) < 600)
    #expect(try fixture.trail.checkpoints()[0].timestamps == [response])
    _ = try fixture.trail.keepTimeStamp(response, authorities: root, actor: "test")
    #expect(try fixture.trail.checkpoints()[0].timestamps.count == 1)

    let other = SHA256.hash([1, 2, 3])
    #expect(throws: StemmaError.self) {
      try TimeStamp.check(response, of: other, authorities: root)
    }
    let stranger = try authority().text("root.pem")
    let own = SHA256.hash(Array(note.text.utf8))
    for authorities in [stranger, "", "no certificate"] {
      #expect(throws: StemmaError.self) {
        try TimeStamp.check(response, of: own, authorities: authorities)
      }
    }
    for position in stride(from: 0, to: response.count, by: 37) {
      var changed = response
      changed[position] ^= 4
      _ = try? TimeStamp.check(changed, of: own, authorities: root)
    }
    #expect(throws: StemmaError.self) { try TimeStamp.check([], of: own, authorities: root) }
  }
}
