package import GovernorCore

extension PersonID {
    /// Reads 32 lower-case hexadecimal digits.
    package init?(hexadecimal text: some StringProtocol) {
        guard let (high, low) = words(ofHexadecimal: text) else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String { GovernorRuntime.hexadecimal(high) + GovernorRuntime.hexadecimal(low) }
}

extension DecisionID {
    /// Reads 32 lower-case hexadecimal digits.
    package init?(hexadecimal text: some StringProtocol) {
        guard let (high, low) = words(ofHexadecimal: text) else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String { GovernorRuntime.hexadecimal(high) + GovernorRuntime.hexadecimal(low) }
}

extension FactID {
    /// Reads 32 lower-case hexadecimal digits.
    package init?(hexadecimal text: some StringProtocol) {
        guard let (high, low) = words(ofHexadecimal: text) else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    package var hexadecimal: String { GovernorRuntime.hexadecimal(high) + GovernorRuntime.hexadecimal(low) }
}

private func words(ofHexadecimal text: some StringProtocol) -> (UInt64, UInt64)? {
    let isHexadecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    guard text.utf8.count == 32, isHexadecimal, let high = UInt64(text.prefix(16), radix: 16),
        let low = UInt64(text.dropFirst(16), radix: 16)
    else { return nil }
    return (high, low)
}
