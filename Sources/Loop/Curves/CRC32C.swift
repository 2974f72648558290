// The check sum of Castagnoli (RFC 3720, B.4), with which TensorBoard's event files are written.

enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in
      sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1
    }
  }

  static func sum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    let table = Self.table
    return ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}
