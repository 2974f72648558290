// The numbers of one, two, four or eight bytes that lie one after another in a sealed column, and
// how eight of them are compared at once.

/// The widths in which integers lie one after another. Comparisons are written for each width:
/// generic ones are made lane by lane.
protocol PackedInteger: FixedWidthInteger, UnsignedInteger, SIMDScalar, BitwiseCopyable, Codable
where SIMD8Storage: BitwiseCopyable {
  /// The lanes of the numbers that lie between two bounds.
  static func lanes(
    of eight: SIMD8<Self>, from least: SIMD8<Self>, to greatest: SIMD8<Self>
  ) -> SIMD8<Int64>
}

extension UInt8: PackedInteger {
  @inline(__always)
  static func lanes(_ mask: SIMDMask<SIMD8<Int8>>) -> SIMD8<Int64> {
    SIMD8(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int8>.self))
  }

  @inline(__always)
  static func lanes(
    of eight: SIMD8<UInt8>, from least: SIMD8<UInt8>, to greatest: SIMD8<UInt8>
  ) -> SIMD8<Int64> { lanes((eight .>= least) .& (eight .<= greatest)) }
}

extension UInt16: PackedInteger {
  @inline(__always)
  static func lanes(
    of eight: SIMD8<UInt16>, from least: SIMD8<UInt16>, to greatest: SIMD8<UInt16>
  ) -> SIMD8<Int64> {
    let mask = (eight .>= least) .& (eight .<= greatest)
    return SIMD8(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int16>.self))
  }
}

extension UInt32: PackedInteger {
  @inline(__always)
  static func lanes(
    of eight: SIMD8<UInt32>, from least: SIMD8<UInt32>, to greatest: SIMD8<UInt32>
  ) -> SIMD8<Int64> {
    let mask = (eight .>= least) .& (eight .<= greatest)
    return SIMD8(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD8<Int32>.self))
  }
}

extension UInt64: PackedInteger {
  @inline(__always)
  static func lanes(
    of eight: SIMD8<UInt64>, from least: SIMD8<UInt64>, to greatest: SIMD8<UInt64>
  ) -> SIMD8<Int64> {
    unsafeBitCast((eight .>= least) .& (eight .<= greatest), to: SIMD8<Int64>.self)
  }
}
