// What can go wrong in a store, small enough to be thrown in a hot loop. At the edge of `Store` it
// becomes a `StemmaError` with words and advice (StoreError+Edge.swift); it never carries text.

/// An error of the store: trivially copyable, no allocation.
@frozen
public struct StoreError: Error, BitwiseCopyable, Hashable, Sendable {
  @frozen
  public enum Code: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// There is no store at the path.
    case missing
    /// There is a store (or something else) where one was to be created.
    case exists
    /// The folder holds something that is not a store.
    case notAStore
    /// Written by a newer version of Stemma.
    case newerFormat
    /// Of a format that was never released.
    case olderFormat
    /// The bytes contradict themselves or a hash.
    case damaged
    /// The address space reserved for the file is used up; the transaction is lost, the store not.
    case mapFull
    /// The disk or quota is full; the transaction is lost, the store not.
    case diskFull
    /// Every slot for readers is taken.
    case readersFull
    /// A write was asked of a store opened for reading.
    case readOnly
    /// Another process has it open, where it is needed alone.
    case openElsewhere
    /// This user may not read it.
    case forbidden
    /// A creation was interrupted; there is nothing to open.
    case halfMade
    /// A copy of a store was interrupted; there is nothing to open.
    case halfCopied
    /// Objects, secrets or the journal of a store are there, and its file is not.
    case fileMissing
    /// Read without locks while somebody wrote: the answer may be wrong.
    case changedWhileRead
    /// The store is in use in a way that excludes this one.
    case busy
    /// A write was started inside a write on the same thread.
    case nestedWrite
    /// Its last writer did not close it, and this user may not put it in order.
    case unsettled
    /// The journal is of other tables than those beside it.
    case foreignJournal
    /// Records of the journal are gone that the tables were made from.
    case brokenJournal
    /// The file system cannot share memory between machines safely.
    case networkFileSystem
    /// The system refused; `number` is its errno.
    case inputOutput
    /// A key is empty or longer than 511 bytes.
    case keyLength
    /// `append` was given a key that is not above every other.
    case keyOrder
    /// There is no object with the hash.
    case objectMissing
    /// An object's bytes do not have its hash.
    case objectDamaged
    /// The path is a link, folder or device where a file was expected.
    case notAFile
    /// A fault that a test injected.
    case injected
  }

  public var code: Code
  /// errno, or LMDB's own number, where there was one.
  public var number: Int32
  /// The table at hand.
  public var table: Table?

  @inlinable
  public init(_ code: Code, number: Int32 = 0, table: Table? = nil) {
    self.code = code
    self.number = number
    self.table = table
  }
}
