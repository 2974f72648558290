// Makes the committed form of operations: as in the body, but with commitments in the places of
// values. Its buffers are used again for each operation, since a transaction may have very many.

import Base

/// Writes committed forms one after another, in the order of the operations.
struct CommittedFormMaker {
  /// The form that was made last.
  private(set) var form = OperationWriter()
  private var value = CBORWriter()
  private var salts: SaltCursor
  private let withheld: [ValuePosition: Digest]

  init(_ salts: Salts, _ withheld: [ValuePosition: Digest]) {
    self.salts = SaltCursor(salts)
    self.withheld = withheld
  }

  /// Passes over the values of an operation whose form is not wanted.
  mutating func skip(_ count: Int) { salts.skip(count) }

  /// Makes the form of the operation with a number; false where a value cannot be written or its
  /// salt is missing.
  mutating func make(_ operation: LoggedOperation, _ index: Int) -> Bool {
    let properties = operation.properties
    var isWhole = true
    let key = withheld.isEmpty ? salts.key : nil
    form.writer.clear()
    form.write(operation) { writer, property in
      let position = ValuePosition(operation: index, property: property)
      if let key {
        value.clear()
        isWhole = value.value(properties[property].value) && isWhole
        let bytes = value.bytes
        writer.digest(key.commitment(UInt32(index), UInt32(property), to: bytes.span.bytes))
        return
      }
      let salt = salts.next(position)
      if !withheld.isEmpty, let commitment = withheld[position] {
        writer.digest(commitment)
        return
      }
      value.clear()
      guard let salt, value.value(properties[property].value) else {
        isWhole = false
        return
      }
      writer.digest(Commitment.of(value.bytes, salt: salt))
    }
    return isWhole
  }
}

/// Hands out salts in the order of the values.
struct SaltCursor {
  /// What salts come from, where they are not disclosed.
  private(set) var key: AuthenticationKey?
  private var disclosed: [Digest?] = []
  private var position = 0

  init(_ salts: Salts) {
    switch salts {
    case .secret(let secret): key = AuthenticationKey(secret)
    case .disclosed(let salts): disclosed = salts
    }
  }

  mutating func next(_ place: ValuePosition) -> Digest? {
    if let key { return Commitment.salt(of: place, under: key) }
    defer { position += 1 }
    return position < disclosed.count ? disclosed[position] : nil
  }

  mutating func skip(_ count: Int) { position += count }
}
