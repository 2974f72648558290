// The version of the programs; a release changes it here and in CHANGELOG.md.

/// The version of this program.
enum Version {
  static let text = "0.1.0"
}
