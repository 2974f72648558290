// How a store is opened. Every limit is named here.

/// Settings of an open store.
package struct StoreOptions: Sendable, Hashable {
  package var isReadOnly = false
  /// Address space reserved for the file, which is also the largest it can grow to. Address space
  /// is free; less is taken where the process may not have so much.
  package var mapBytes = 1 << 40
  /// Slots for readers over all processes.
  package var maximumReaders = 1024

  package init(isReadOnly: Bool = false) { self.isReadOnly = isReadOnly }

  /// The same for writing.
  var forWriting: StoreOptions {
    var options = self
    options.isReadOnly = false
    return options
  }
}
