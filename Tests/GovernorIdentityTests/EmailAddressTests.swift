import GovernorTesting
import Testing

@testable import GovernorIdentity

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("ana@example.com", "ana@example.com"),
        ("  Ana@Example.COM \n", "ana@example.com"),
        ("mailto:Ana@example.com", "ana@example.com"),
        ("MAILTO:ana@example.com", "ana@example.com"),
        ("ana.b.c@example.com", "ana.b.c@example.com"),
        ("ana+news@example.com", "ana+news@example.com"),
        ("a..b.@docomo.example", "a..b.@docomo.example"),
        ("o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana@sub.domain.example", "ana@sub.domain.example"),
        ("ana@3com.example", "ana@3com.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@bu\u{308}cher.example", "ana@xn--bcher-kva.example"),
        ("ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@例え。テスト", "ana@xn--r8jz45g.xn--zckzah"),
        ("ana@ＥＸＡＭＰＬＥ.com", "ana@example.com"),
        ("ana@пример.рф", "ana@xn--e1afmkfd.xn--p1ai"),
        ("JOSÉ@example.com", "josé@example.com"),
        ("jose\u{301}@example.com", "josé@example.com"),
        ("用户@example.com", "用户@example.com"),
        (String(repeating: "a", count: 64) + "@example.com", String(repeating: "a", count: 64) + "@example.com"),
    ])
    func spellings(text: String, expected: String) throws {
        let address = try EmailAddress(text)
        #expect(Array(address.text.utf8) == Array(expected.utf8))
        #expect(try EmailAddress(address.text) == address)
    }

    static let longLabel = String(repeating: "a", count: 63)

    @Test(
        arguments: [
            ("", .empty), ("   ", .empty), ("ana", .atSignMissing), ("ana.example.com", .atSignMissing),
            ("@example.com", .localPartEmpty), ("ana@", .domainEmpty), ("ana@.", .domainLabelEmpty),
            ("ana b@example.com", .localPartCharacter), ("ana@bob@example.com", .localPartCharacter),
            ("<ana@example.com>", .localPartCharacter), ("ana\u{0}@example.com", .localPartCharacter),
            ("jos\u{e9}\u{200b}x@example.com", .localPartCharacter), ("\"ana b\"@example.com", .localPartQuoted),
            (String(repeating: "a", count: 65) + "@example.com", .localPartTooLong),
            (String(repeating: "é", count: 33) + "@example.com", .localPartTooLong),
            ("ana@example", .domainWithoutDot), ("ana@localhost", .domainWithoutDot),
            ("ana@[192.0.2.1]", .domainIsAddress), ("ana@192.0.2.1", .domainIsAddress),
            ("ana@example.123", .domainIsAddress),
            ("ana@example..com", .domainLabelEmpty), ("ana@.example.com", .domainLabelEmpty),
            ("ana@example_x.com", .domainCharacter), ("ana@exa mple.com", .domainCharacter),
            ("ana@example.com>", .domainCharacter),
            ("ana@-example.com", .domainHyphen), ("ana@example-.com", .domainHyphen),
            ("ana@" + longLabel + "a.com", .domainLabelTooLong),
            ("ana@" + [longLabel, longLabel, longLabel, longLabel].joined(separator: "."), .domainTooLong),
            (
                "abcdefgh@" + [longLabel, longLabel, longLabel, String(longLabel.dropLast(6))].joined(separator: "."),
                .tooLong
            ),
            (String(repeating: "a", count: 5_000) + "@example.com", .tooLong),
            ("ana@xn--zzzzzzzz--.com", .domainNotInternational), ("ana@ü\u{200b}\u{2fff}.com", .domainNotInternational),
        ] as [(String, IdentifierError.Email)])
    func refused(text: String, problem: IdentifierError.Email) {
        #expect(throws: IdentifierError.email(problem)) { try EmailAddress(text) }
    }

    @Test func invalidUTF8IsNamed() {
        for bytes in [[0x61, 0xff, 0x40, 0x62, 0x2e, 0x63], [0x61, 0x40, 0xc3, 0x28, 0x2e, 0x63]] as [[UInt8]] {
            #expect(throws: IdentifierError.email(.invalidUTF8)) {
                try bytes.withUnsafeBytes { try EmailAddress(utf8: $0) }
            }
        }
    }

    /// Whatever is accepted is a spelling of itself, within the limits.
    @Test func canonicalFormsAreStable() {
        var random = SeededGenerator.announced("canonicalFormsAreStable")
        let pieces = [
            "a", "B", ".", "-", "@", "é", "e\u{301}", "ß", "xn--", "例", "。", "Ａ", " ", "+", "_", "1", "com", "\u{200d}",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...8, using: &random) { text += random.pick(pieces) }
            if random.oneIn(2) { text = "ana@" + text + ".com" }
            guard let once = try? EmailAddress(text) else { continue }
            accepted += 1
            #expect(once.text.utf8.count <= EmailAddress.bytesMax)
            let twice = try? EmailAddress(once.text)
            #expect(twice == once, "\(text.debugDescription)")
        }
        #expect(accepted > 1_000)
    }
}
