// The material that lies beside the project on its developers' machines. Tests that use it are
// skipped, and say so, where it is absent.

public import Foundation

/// Finds `../shared` beside the checkout.
public enum SharedFolder {
  /// The folder `../shared/<path>`, or `nil` where there is none.
  public static func url(_ path: String, testFile: String = #filePath) -> URL? {
    var folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.fileExists(
        atPath: folder.appendingPathComponent("Package.swift").path)
      {
        let wanted = folder.deletingLastPathComponent().appendingPathComponent("shared")
          .appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: wanted.path) ? wanted : nil
      }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }
}
