// The signatures of the scalar functions that are not about time (those are beside this file).

extension ScalarFunction {
  /// Looked up, since the texts in it are costly to make.
  package var signature: FunctionSignature { Self.signatures[self] ?? temporalSignature }

  private static let signatures: [ScalarFunction: FunctionSignature] = {
    var table: [ScalarFunction: FunctionSignature] = [:]
    for function in allCases {
      table[function] =
        function.generalSignature ?? function.graphSignature ?? function.mathematicalSignature
        ?? function.stringSignature ?? function.temporalSignature
    }
    return table
  }()

  private var generalSignature: FunctionSignature? {
    switch self {
    case .coalesce:
      FunctionSignature(1, nil, result: .any, summary: "coalesce(a, b, ...): the first not null")
    case .nullIf:
      FunctionSignature(2, 2, result: .any, summary: "nullIf(a, b): null where a = b, else a")
    case .toBoolean, .toBooleanOrNull:
      FunctionSignature(1, 1, result: .boolean, summary: "\(rawValue)(value): as a boolean")
    case .toFloat, .toFloatOrNull:
      FunctionSignature(1, 1, result: .float, summary: "\(rawValue)(value): as a float")
    case .toInteger, .toIntegerOrNull:
      FunctionSignature(1, 1, result: .integer, summary: "\(rawValue)(value): as an integer")
    case .toString, .toStringOrNull:
      FunctionSignature(1, 1, result: .string, summary: "\(rawValue)(value): as a string")
    case .toBooleanList:
      FunctionSignature(1, 1, result: .list(of: [.boolean, .null]), summary: "each as a boolean")
    case .toFloatList:
      FunctionSignature(1, 1, result: .list(of: [.float, .null]), summary: "each as a float")
    case .toIntegerList:
      FunctionSignature(1, 1, result: .list(of: [.integer, .null]), summary: "each as an integer")
    case .toStringList:
      FunctionSignature(1, 1, result: .list(of: [.string, .null]), summary: "each as a string")
    case .size:
      FunctionSignature(
        1, 1, [[.string, .list, .map, .bytes]], result: .integer,
        summary: "size(list or string): how many elements or code points")
    case .valueType:
      FunctionSignature(1, 1, result: .string, summary: "valueType(value): the name of its type")
    case .isEmpty:
      FunctionSignature(
        1, 1, [[.string, .list, .map]], result: .boolean, summary: "isEmpty(list, map or string)")
    case .head, .last:
      FunctionSignature(
        1, 1, [.list], result: .any,
        summary: "\(rawValue)(list): the \(self == .head ? "first" : "last") element")
    case .tail:
      FunctionSignature(
        1, 1, [.list], result: .list(of: .any), summary: "tail(list): all but the first")
    case .reverse:
      FunctionSignature(
        1, 1, result: StaticType([.list, .string, .null]), summary: "reverse(list or string)")
    case .range:
      FunctionSignature(
        2, 3, result: .list(of: .integer), summary: "range(start, end[, step]): both ends included")
    default: nil
    }
  }

  private var graphSignature: FunctionSignature? {
    switch self {
    case .id:
      FunctionSignature(
        1, 1, [[.node, .edge]], result: .integer, summary: "id(entity): its number")
    case .elementId:
      FunctionSignature(
        1, 1, [[.node, .edge]], result: .string,
        summary: "elementId(entity): its number as a string")
    case .labels:
      FunctionSignature(
        1, 1, [.node], result: .list(of: .string), summary: "labels(node): its labels")
    case .type:
      FunctionSignature(1, 1, [.edge], result: .string, summary: "type(relationship): its type")
    case .properties:
      FunctionSignature(
        1, 1, [[.node, .edge, .map]], result: .map, summary: "properties(entity): as a map")
    case .keys:
      FunctionSignature(
        1, 1, [[.node, .edge, .map]], result: .list(of: .string),
        summary: "keys(entity or map): its property names")
    case .exists:
      FunctionSignature(
        1, 1, result: .boolean, summary: "exists(n.property): whether it is not null")
    case .startNode, .endNode:
      FunctionSignature(
        1, 1, [.edge], result: .node,
        summary: "\(rawValue)(relationship): the node it "
          + (self == .startNode ? "starts at" : "ends at"))
    case .nodes:
      FunctionSignature(1, 1, [.path], result: .list(of: .node), summary: "nodes(path)")
    case .relationships:
      FunctionSignature(1, 1, [.path], result: .list(of: .edge), summary: "relationships(path)")
    case .length:
      FunctionSignature(
        1, 1, [.path], result: .integer, summary: "length(path): how many relationships")
    default: nil
    }
  }

  private var mathematicalSignature: FunctionSignature? {
    switch self {
    case .abs, .sign:
      FunctionSignature(1, 1, result: .number, summary: "\(rawValue)(number)")
    case .ceil, .floor:
      FunctionSignature(1, 1, result: .float, summary: "\(rawValue)(number): a whole float")
    case .round:
      FunctionSignature(
        1, 3, result: .float, summary: "round(number[, digits[, mode]]): to the nearest")
    case .rand:
      FunctionSignature(
        0, 0, result: .float, isDeterministic: false, summary: "rand(): a float in [0, 1)")
    case .isNaN:
      FunctionSignature(1, 1, result: .boolean, summary: "isNaN(number)")
    case .e, .pi:
      FunctionSignature(0, 0, result: .float, summary: "\(rawValue)(): the constant")
    case .atan2:
      FunctionSignature(2, 2, result: .float, summary: "atan2(y, x)")
    case .exp, .log, .log10, .sqrt, .sin, .cos, .tan, .cot, .asin, .acos, .atan, .degrees,
      .radians, .haversin:
      FunctionSignature(1, 1, result: .float, summary: "\(rawValue)(number)")
    default: nil
    }
  }

  private var stringSignature: FunctionSignature? {
    switch self {
    case .left, .right:
      FunctionSignature(
        2, 2, result: .string, summary: "\(rawValue)(string, count): code points at that end")
    case .substring:
      FunctionSignature(
        2, 3, result: .string, summary: "substring(string, start[, count]): start counts from 0")
    case .replace:
      FunctionSignature(3, 3, result: .string, summary: "replace(string, search, replacement)")
    case .split:
      FunctionSignature(
        2, 2, result: .list(of: .string), summary: "split(string, separator): the parts")
    case .toLower, .toUpper, .lower, .upper:
      FunctionSignature(1, 1, result: .string, summary: "\(rawValue)(string)")
    case .trim, .ltrim, .rtrim, .btrim:
      FunctionSignature(
        1, 2, result: .string, summary: "\(rawValue)(string): without spaces at its ends")
    case .charLength, .characterLength:
      FunctionSignature(1, 1, result: .integer, summary: "\(rawValue)(string): its code points")
    case .normalize:
      FunctionSignature(1, 2, result: .string, summary: "normalize(string): in Unicode's form C")
    case .randomUUID:
      FunctionSignature(
        0, 0, result: .string, isDeterministic: false, summary: "randomUUID(): a fresh UUID")
    default: nil
    }
  }
}
