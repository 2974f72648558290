// Unicode's normal forms. The standard library has the tables (its own `==` needs them) behind an
// SPI; importing it here, and nowhere else, saves the core a copy of them.

@_spi(_Unicode) import Swift

extension Text {
  /// Composed: "é" is one code point. Linear.
  package var inNormalFormC: Text {
    var scalars = String.UnicodeScalarView()
    for scalar in string._nfc { scalars.append(scalar) }
    return Text(String(scalars))
  }

  /// Decomposed: "é" is a letter and an accent. Linear.
  package var inNormalFormD: Text {
    var scalars = String.UnicodeScalarView()
    for scalar in string._nfd { scalars.append(scalar) }
    return Text(String(scalars))
  }
}
