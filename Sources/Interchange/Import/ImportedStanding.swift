// What another store attested is a claim here, since its runner's key does not count here.

import Base
import Graph

/// The standing of what is imported.
enum ImportedStanding {
  static let property: Text = "standing"
  private static let attested: Text = "attested"
  static let claimed: Text = "claimed"

  /// Whether a text of that property must be another here.
  static func isForeign(_ text: Text?) -> Bool { text == attested }

  /// A property as it is here.
  static func own(_ given: Property) -> Property {
    guard given.name == property, case .string(let text) = given.value, isForeign(text) else {
      return given
    }
    return Property(property, .string(claimed))
  }
}
