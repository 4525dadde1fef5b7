import CPhoneNumber
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorIdentity

@Suite struct PhoneNumberTests {
    @Test(
        "a number has one other form where a country changed its numbers, and that one leads back",
        arguments: [
            ("+22997123456", "+2290197123456"), ("+22921301234", "+2290121301234"),
            ("+551181234567", "+5511981234567"), ("+552199999999", "+5521999999999"), ("+551123456789", nil),
            ("+5511901234567", nil), ("+841201234567", "+84701234567"), ("+841621234567", "+84321234567"),
            ("+841991234567", "+84591234567"), ("+84901234567", nil), ("+842412345678", nil), ("+14155550123", nil),
            ("+2290297123456", nil), ("+22890123456", nil), ("+8413123456", nil),
        ] as [(String, String?)])
    func renumbered(text: String, other: String?) throws {
        let number = try PhoneNumber(text)
        #expect(number.renumbered?.e164 == other)
        if let there = number.renumbered { #expect(there.renumbered == number) }
    }

    @Test(arguments: [
        // What is dialled at home, abroad, on paper, in links, with extensions and in other digits.
        ("+1 212 555 0100", "", "+12125550100"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("1-212-555-0100", "US", "+12125550100"),
        ("212.555.0100", "CA", "+12125550100"),
        ("001 212 555 0100", "GB", "+12125550100"),
        ("+1 (212) 555-0100 ext. 7", "", "+12125550100"),
        ("+12125550100;ext=7", "", "+12125550100"),
        ("tel:+1-212-555-0100", "", "+12125550100"),
        ("tel:555-0100;phone-context=+1-212", "", "+12125550100"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("+1 809 555 0123", "", "+18095550123"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "", "+442079460018"),
        ("0044 20 7946 0018", "DE", "+442079460018"),
        ("07911 123456", "GB", "+447911123456"),
        ("01481 960194", "GG", "+441481960194"),
        ("030 901820", "DE", "+4930901820"),
        ("+49 (0) 30 901820", "", "+4930901820"),
        ("0049 30 901820", "FR", "+4930901820"),
        ("0171 1234567", "DE", "+491711234567"),
        ("01 42 68 53 00", "FR", "+33142685300"),
        ("+33 6 12 34 56 78", "", "+33612345678"),
        ("0033612345678", "BE", "+33612345678"),
        ("06 6982", "IT", "+39066982"),
        ("+39 06 6982", "", "+39066982"),
        ("+39 347 123 4567", "", "+393471234567"),
        ("0549 886377", "SM", "+3780549886377"),
        ("91 123 45 67", "ES", "+34911234567"),
        ("+34 612 345 678", "", "+34612345678"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("+54 9 11 2345 6789", "", "+5491123456789"),
        ("+54 11 15 2345 6789", "", "+5491123456789"),
        ("+52 55 1234 5678", "", "+525512345678"),
        ("(11) 96123-4567", "BR", "+5511961234567"),
        ("0 15 11 96123-4567", "BR", "+5511961234567"),
        ("+55 11 96123 4567", "", "+5511961234567"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("+7 495 123 45 67", "", "+74951234567"),
        ("8 727 250 1234", "KZ", "+77272501234"),
        ("03-1234-5678", "JP", "+81312345678"),
        ("０３−１２３４−５６７８", "JP", "+81312345678"),
        ("+81 90 1234 5678", "", "+819012345678"),
        ("+٤٩ ٣٠ ٩٠١٨٢٠", "", "+4930901820"),
        ("0412 345 678", "AU", "+61412345678"),
        ("(02) 9374 4000", "AU", "+61293744000"),
        ("0011 1 212 555 0100", "AU", "+12125550100"),
        ("+61 2 9374 4000", "", "+61293744000"),
        ("098765 43210", "IN", "+919876543210"),
        ("+91 98765 43210", "", "+919876543210"),
        ("0911 123456", "AT", "+43911123456"),
        ("8123 4567", "SG", "+6581234567"),
        ("2123 4567", "HK", "+85221234567"),
        ("010 1234 5678", "CN", "+861012345678"),
        ("021 123 4567", "NZ", "+64211234567"),
        ("082 123 4567", "ZA", "+27821234567"),
        ("0803 123 4567", "NG", "+2348031234567"),
        ("054-123-4567", "IL", "+972541234567"),
        ("0532 123 45 67", "TR", "+905321234567"),
        ("+800 1234 5678", "", "+80012345678"),
        // Accepted although the library's data of 2022 know no such area.
        ("+1 227 555 0100", "", "+12275550100"),
        ("(472) 555-0100", "US", "+14725550100"),
        // National prefixes in a row, of which the library drops one at a time.
        ("+49 00 30 901820", "", "+4930901820"),
        // Surrounded by what is pasted along with it.
        ("  +14155550123\n", "", "+14155550123"),
        ("\u{feff}+1 415 555 0123\u{a0}", "", "+14155550123"),
    ])
    func spellings(text: String, country: String, expected: String) throws {
        let number = try PhoneNumber(text, country: Jurisdiction(country) ?? .unknown)
        #expect(number.e164 == expected)
        // The canonical form is a spelling of itself.
        #expect(try PhoneNumber(number.e164) == number)
    }

    @Test(
        arguments: [
            ("", "", .empty), (" \t\n", "US", .empty), ("hello", "US", .notANumber), ("+", "", .notANumber),
            ("+1 x", "", .notANumber), ("\u{0}", "US", .notANumber),
            ("crm:8841", "", .countryMissing), ("415 555 0123", "", .countryMissing), ("555 0123", "", .countryMissing),
            ("442079460018", "", .countryMissing),
            ("+999 123 4567", "", .unknownCallingCode), ("+0 415 555 0123", "", .unknownCallingCode),
            ("+210 1234567", "", .unknownCallingCode),
            ("+1 415", "", .tooShort), ("415 55", "US", .tooShort), ("+44 20", "", .tooShort),
            ("+33 1 42 68", "", .tooShort),
            ("+1 415 555 01234", "", .tooLong), ("+1 4155 550 123 45 67", "", .tooLong),
            ("+33 6 12 34 56 78 9", "", .tooLong),
            ("+442079460018123456", "", .tooLong), ("+" + String(repeating: "9", count: 300), "", .tooLong),
            ("555-0123", "US", .areaCodeMissing), ("555 0123", "CA", .areaCodeMissing),
            ("+1 5550123", "", .areaCodeMissing),
            ("+65 1234 56 789", "", .impossibleLength), ("442079460018", "US", .tooLong),
        ] as [(String, String, IdentifierError.Phone)])
    func impossible(text: String, country: String, problem: IdentifierError.Phone) {
        #expect(throws: IdentifierError.phone(problem)) {
            try PhoneNumber(text, country: Jurisdiction(country) ?? .unknown)
        }
    }

    @Test(arguments: [227, 257, 369, 472, 645, 738, 835])
    func newAreaCodesAreAcceptedAndMarked(area: Int) throws {
        let canonical = try PhoneNumber("+1\(area)5550100")
        let national = try PhoneNumber("(\(area)) 555-0100", country: try #require(Jurisdiction("US")))
        #expect(canonical == national)
        #expect(!canonical.details().isValid)
        #expect(canonical.details().lineType == .unknown)
    }

    @Test(arguments: [
        ("+14155550123", true, LineType.fixedOrMobile, "US"), ("+442079460018", true, .fixed, "GB"),
        ("+447400123456", true, .mobile, "GB"), ("+447911123456", true, .mobile, "GG"),
        ("+393471234567", true, .mobile, "IT"),
        ("+390612345678", true, .fixed, "IT"), ("+18005550199", true, .tollFree, "US"),
        ("+19005550199", true, .premium, "US"),
        ("+33612345678", true, .mobile, "FR"), ("+77272501234", true, .fixed, "KZ"),
        ("+80012345678", true, .tollFree, "unknown"),
    ])
    func details(text: String, isValid: Bool, type: LineType, region: String) throws {
        let details = try PhoneNumber(text).details()
        #expect(details.isValid == isValid)
        #expect(details.lineType == type)
        #expect(details.region.description == region)
    }

    @Test(arguments: [
        ("+14155550123", true), ("+442079460018", true), ("+34612345678", true), ("+3906698212", true),
        ("+4930901820", true),
        ("14155550123", false), ("+1 4155550123", false), ("+1415555012", false), ("+141555501234", false),
        ("+04155550123", false), ("+11155550123", false), ("+9991234567", false), ("", false), ("+", false),
        ("+1", false),
        ("+5491123456789", false), ("+٤١٥٥٥٥٠١٢٣", false),
    ])
    func fastPath(text: String, isTaken: Bool) {
        let number = Array(text.utf8).withUnsafeBytes { PhoneNumber.canonical(utf8: $0) }
        #expect((number != nil) == isTaken)
        if let number { #expect(number.e164 == text) }
    }

    /// The fast path may only take what the library reads as the very same number and finds possible.
    @Test func fastPathEqualsTheLibrary() {
        var random = SeededGenerator.announced("fastPathEqualsTheLibrary")
        let codes = Places.shared.data.dialling.map { Int($0.callingCode) }
        var taken = 0
        for round in 0..<200_000 {
            // Every calling code comes round; one in eight numbers starts with any digits.
            let code = round % 8 == 7 ? Int.random(in: 1...999, using: &random) : codes[round % codes.count]
            var text = "+\(code)"
            // Prefixes at which national numbers are rewritten come more often than by chance.
            if random.oneIn(3) {
                text += random.pick(["0", "00", "1", "8", "9", "15", "90", "01", "044", "54", "3754", "06"])
            }
            let length = text.utf8.count + Int.random(in: 2...12, using: &random)
            while text.utf8.count < length { text += "\(Int.random(in: 0...9, using: &random))" }
            guard let number = Array(text.utf8).withUnsafeBytes({ PhoneNumber.canonical(utf8: $0) }) else { continue }
            taken += 1
            let answer = Array(text.utf8).withUnsafeBytes { governor_phone_parse($0.baseAddress, $0.count, nil, false) }
            let isPossible = answer.status == UInt8(GOVERNOR_PHONE_POSSIBLE.rawValue)
            if number.e164 != text || answer.digits != number.digits || !isPossible {
                Issue.record(
                    "\(text) is taken as \(number.e164), the library reads \(answer.digits), status \(answer.status)")
            }
        }
        // The test means something only while much is taken.
        #expect(taken > 25_000)
    }

    /// What the library reads stays what it is when it is read again, so a caller may keep our form.
    @Test func canonicalFormsAreStable() {
        var random = SeededGenerator.announced("canonicalFormsAreStable")
        let codes = Places.shared.data.dialling.map { Int($0.callingCode) }
        for round in 0..<30_000 {
            var text = "+\(codes[round % codes.count])"
            let length = text.utf8.count + Int.random(in: 4...12, using: &random)
            while text.utf8.count < length { text += "\(Int.random(in: 0...9, using: &random))" }
            guard let once = try? PhoneNumber(text) else { continue }
            let twice = try? PhoneNumber(once.e164)
            if once != twice { Issue.record("\(text) becomes \(once.e164), then \(twice?.e164 ?? "nothing")") }
        }
    }

    /// Any bytes get an answer.
    @Test func garbageIsRefused() {
        var random = SeededGenerator.announced("garbageIsRefused")
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                random.oneIn(2)
                    ? UInt8.random(in: 0x28...0x3a, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
            let number = bytes.withUnsafeBytes { try? PhoneNumber(utf8: $0, country: Jurisdiction("US") ?? .unknown) }
            if let number { #expect(number.digitCount >= 4) }
        }
    }

    @Test func manyThreadsReadAtOnce() async {
        let texts = ["(212) 555-0100", "1-212-555-0100", "+1 (212) 555 0100", "212.555.0100"]
        await withTaskGroup(of: Bool.self) { group in
            for i in 0..<64 {
                group.addTask {
                    (0..<50).allSatisfy { _ in
                        let number = try? PhoneNumber(texts[i % texts.count], country: Jurisdiction("US") ?? .unknown)
                        return number?.e164 == "+12125550100" && number?.details().isValid == true
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func descriptionsHoldNoNumber() throws {
        let number = try PhoneNumber("+14155550123")
        #expect(!"\(number)".contains("415"))
    }
}
