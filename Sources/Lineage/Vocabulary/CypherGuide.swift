// The page that teaches a model (or a person in a hurry) to ask Stemma. Its source is
// docs/cypher-guide.md; a copy is compiled in.

/// The shipped guide to queries.
public enum CypherGuide {
  /// The text of docs/cypher-guide.md: under 2,000 tokens.
  public static var text: String { ShippedTexts.cypherGuide }
}
