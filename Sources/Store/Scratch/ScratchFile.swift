// A file without a name for what does not fit into memory: arrays of plain elements are put at its
// end and read back by their places. It is no part of a store and survives nothing.

package import Base
internal import Glibc

/// A growing file that nobody else can see.
package struct ScratchFile: ~Copyable {
  /// Where an array lies.
  package struct Place: Sendable, Hashable {
    package let offset: UInt64
    /// In elements.
    package let count: Int
  }

  private let handle: FileHandle
  private let folder: String
  package private(set) var byteCount: UInt64 = 0

  /// - Throws: `store.full`, `file.unreadable` with the folder.
  package init(in folder: String) throws(StemmaError) {
    self.folder = folder
    do { handle = try FileHandle(temporaryIn: folder) } catch {
      throw Self.failure(error, folder)
    }
  }

  /// Puts elements at the end. They are written as they lie in memory.
  package mutating func append<Element: BitwiseCopyable>(
    _ elements: [Element]
  ) throws(StemmaError) -> Place {
    let place = Place(offset: byteCount, count: elements.count)
    let size = elements.count * MemoryLayout<Element>.stride
    do { try handle.write(elements, at: byteCount) } catch { throw Self.failure(error, folder) }
    byteCount += UInt64(size)
    return place
  }

  /// The elements at a place, which have to be of the type that was put there.
  package func read<Element: BitwiseCopyable>(
    _ place: Place, as type: Element.Type
  ) throws(StemmaError) -> [Element] {
    do throws(StoreError) {
      let elements: [Element] = try handle.elements(place.count, at: place.offset)
      guard elements.count == place.count else { throw StoreError(system: EIO) }
      return elements
    } catch {
      throw Self.failure(error, folder)
    }
  }

  private static func failure(_ error: StoreError, _ folder: String) -> StemmaError {
    if let full = StemmaError.fullDisk(error.number, writing: folder) { return full }
    return StemmaError(
      .fileUnreadable,
      "cannot use a scratch file in \(folder): \(unsafe String(cString: strerror(error.number)))",
      advice: "name another folder with STEMMA_TMPDIR")
  }
}
