// Stores for tests: on both engines, in temporary folders that are removed afterwards.

import Foundation
import Store
import Testing

/// Which engine a test runs on.
enum TestEngine: String, CaseIterable, Sendable { case disk, memory }

/// A fresh store in a folder of its own.
final class TestStore {
  let folder: String
  let store: Store

  init(_ engine: TestEngine, options: StoreOptions = StoreOptions()) throws {
    folder = NSTemporaryDirectory() + "stemma-store-\(UUID().uuidString)"
    let header = FormatHeader(uuid: Array(0..<16), writer: "tests")
    switch engine {
    case .disk: store = try Store.create(at: folder, header: header, options: options)
    case .memory: store = try Store.inMemory(header: header)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// A key of eight bytes.
func key(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(number >> (56 - 8 * $0) & 0xFF) } }

extension Store {
  /// A copy of one value in a snapshot of its own.
  func value(_ table: Table, _ key: [UInt8]) throws -> [UInt8]? {
    try read { reading in try reading.copy(table, key) }
  }
}
