import Testing

@testable import GovernorIdentity

@Suite struct NamespacedKeyTests {
    @Test(arguments: [
        ("crm:8841", "crm", "8841"), ("a:b", "a", "b"), ("crm:8841:2", "crm", "8841:2"),
        ("crm-eu_1:Ünï 7", "crm-eu_1", "Ünï 7"),
        (String(repeating: "n", count: 32) + ":x", String(repeating: "n", count: 32), "x"),
        ("crm:" + String(repeating: "v", count: 256), "crm", String(repeating: "v", count: 256)),
    ])
    func accepted(text: String, namespace: String, value: String) throws {
        let key = try NamespacedKey(text)
        #expect(key.namespace == namespace)
        #expect(key.value == value)
    }

    @Test(
        arguments: [
            ("", .colonMissing), ("crm8841", .colonMissing), (":8841", .namespaceEmpty), ("crm:", .valueEmpty),
            (String(repeating: "n", count: 33) + ":x", .namespaceTooLong), ("1crm:x", .namespaceStart),
            ("CRM:x", .namespaceStart),
            ("-crm:x", .namespaceStart), ("cRM:x", .namespaceCharacter), ("cr m:x", .namespaceCharacter),
            ("crmé:x", .namespaceCharacter), ("crm:" + String(repeating: "v", count: 257), .valueTooLong),
            ("crm:a\nb", .valueControlCharacter), ("crm:a\u{0}", .valueControlCharacter),
            ("crm:\u{7f}", .valueControlCharacter),
            ("crm:a\u{85}b", .valueControlCharacter), ("crm: a", .valueSpaceAtEnd), ("crm:a ", .valueSpaceAtEnd),
        ] as [(String, IdentifierError.Key)])
    func refused(text: String, problem: IdentifierError.Key) {
        #expect(throws: IdentifierError.key(problem)) { try NamespacedKey(text) }
    }

    @Test(
        arguments: [
            [0x63, 0x3a, 0xff], [0x63, 0x3a, 0xc0, 0x80], [0x63, 0x3a, 0xed, 0xa0, 0x80],
            [0x63, 0x3a, 0xf4, 0x90, 0x80, 0x80],
            [0x63, 0x3a, 0xe4, 0xb8], [0x63, 0x3a, 0xf8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(throws: IdentifierError.key(.invalidUTF8)) {
            try bytes.withUnsafeBytes { _ = try NamespacedKey.validate(utf8: $0) }
        }
    }

    @Test func everyProblemHasACodeAndASentence() {
        let all =
            IdentifierError.Phone.allCases.map(IdentifierError.phone)
            + IdentifierError.Email.allCases.map(IdentifierError.email)
            + IdentifierError.Key.allCases.map(IdentifierError.key)
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(Set(all.map(\.description)).count == all.count)
    }
}
