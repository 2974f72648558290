// The schema that new stores get unless told otherwise. Its source is schema/lineage.gql; a copy is
// compiled in, so that the program needs no files of its own.

public import Base

/// The shipped graph type.
public enum LineageSchema {
  /// The name of the graph type.
  public static let name: Text = "lineage"

  /// The text of schema/lineage.gql.
  public static var text: String { ShippedTexts.schema }
}
