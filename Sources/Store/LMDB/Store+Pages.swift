// Pages of the file that a process has looked at count as its memory, although the system can take
// them back at any time. Whoever walks over a whole store gives them back, so that what he takes
// stays small whatever the store's size.

internal import CLMDB
internal import Glibc

extension Store {
  /// Forgets the pages of the file that were read so far; the next look at one finds it in the
  /// system's cache. Readers of other threads go on undisturbed. Costs some milliseconds.
  package func releasePages() {
    guard case .disk(let environment, _) = engine, let range = Self.map(of: environment) else {
      return
    }
    // The map is the file's own pages, and nothing is written through it.
    unsafe madvise(
      UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
  }

  /// Where the file is mapped, as the system lists it; `nil` where it does not say.
  private static func map(of environment: Environment) -> Range<UInt>? {
    var descriptor: Int32 = -1
    var status = stat()
    guard unsafe mdb_env_get_fd(environment.handle, &descriptor) == 0,
      unsafe fstat(descriptor, &status) == 0, let list = unsafe fopen("/proc/self/maps", "r")
    else { return nil }
    defer { unsafe fclose(list) }
    var line = [CChar](repeating: 0, count: 1 << 12)
    while unsafe fgets(&line, Int32(line.count), list) != nil {
      // start-end, rights, offset, device, inode, path.
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let words = text.split(separator: " ", omittingEmptySubsequences: true)
      guard words.count >= 5, words[4] == "\(status.st_ino)", words[1].hasSuffix("s") else {
        continue
      }
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      if ends.count == 2, ends[0] < ends[1] { return ends[0]..<ends[1] }
    }
    return nil
  }
}
