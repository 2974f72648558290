// The schema that new stores get unless told otherwise. Its source is schema/lineage.gql; a copy is
// compiled in, so that the program needs no files of its own.

/// The shipped graph type.
public enum LineageSchema {
  /// The text of schema/lineage.gql.
  public static var text: String { ShippedTexts.schema }
}
