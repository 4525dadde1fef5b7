/// The Castagnoli checksum: finds every change of up to three bits in a record, and any burst of up to 32.
///
/// Source: RFC 3720, appendix B.4; the eight tables at once after Kounavis and Berry, "A Systematic Approach to Building
/// High Performance Software-Based CRC Generators" (2005).
public enum CRC32C {
    /// Eight tables of 256, one behind the other.
    private static let tables: [UInt32] = {
        var t = [UInt32](repeating: 0, count: 8 * 256)
        for i in 0..<256 {
            var crc = UInt32(i)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1 }
            t[i] = crc
        }
        for i in 0..<256 {
            for k in 1..<8 {
                let before = t[(k - 1) * 256 + i]
                t[k * 256 + i] = (before >> 8) ^ t[Int(before & 0xff)]
            }
        }
        return t
    }()

    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { t in
            var crc: UInt32 = 0xffff_ffff
            var i = 0
            while i + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)) ^ UInt64(crc)
                crc =
                    t[7 * 256 + Int(word & 0xff)] ^ t[6 * 256 + Int(word >> 8 & 0xff)]
                    ^ t[5 * 256 + Int(word >> 16 & 0xff)] ^ t[4 * 256 + Int(word >> 24 & 0xff)]
                    ^ t[3 * 256 + Int(word >> 32 & 0xff)] ^ t[2 * 256 + Int(word >> 40 & 0xff)]
                    ^ t[1 * 256 + Int(word >> 48 & 0xff)] ^ t[Int(word >> 56)]
                i += 8
            }
            while i < bytes.count {
                crc = (crc >> 8) ^ t[Int((crc ^ UInt32(bytes[i])) & 0xff)]
                i += 1
            }
            return ~crc
        }
    }
}
