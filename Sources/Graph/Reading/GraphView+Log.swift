// The log as readers see it: single records up to the snapshot.

package import Base
import Store

extension GraphView {
  /// The record of a transaction; `nil` for zero and for what lies after the snapshot. One look-up
  /// and a decoding.
  package func record(of transaction: TransactionNumber) throws -> LogRecord? {
    guard transaction > .zero, transaction <= snapshot else { return nil }
    guard let row = try reading.get(.log, LogWriter.logKey(transaction).bytes) else {
      throw StemmaError.damaged("log", "\(transaction.rawValue) is missing")
    }
    do {
      return try LogRecord(bytes: [UInt8](copying: row))
    } catch {
      throw StemmaError.damaged("log", "\(transaction.rawValue) is no record")
    }
  }
}
