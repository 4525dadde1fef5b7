/// Which of a cluster's 16,384 slots a key is in.
enum HashSlot {
    static let count = 16_384

    /// Source: CRC-16 with the polynomial 0x1021 and no inversion, as in Redis Cluster's specification, "Key
    /// distribution model".
    private static let table: [UInt16] = (0..<256).map { byte in
        var crc = UInt16(byte) << 8
        for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
        return crc
    }

    /// Of the part between the first `{` and the next `}` when there is one with something in it, else of the whole key.
    static func slot(of key: [UInt8]) -> UInt16 {
        if let open = key.firstIndex(of: UInt8(ascii: "{")) {
            let rest = key[(open + 1)...]
            if let close = rest.firstIndex(of: UInt8(ascii: "}")), close != rest.startIndex {
                return crc(rest[..<close]) & 0x3fff
            }
        }
        return crc(key[...]) & 0x3fff
    }

    private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes { crc = crc << 8 ^ table[Int(crc >> 8 ^ UInt16(byte))] }
        return crc
    }
}
