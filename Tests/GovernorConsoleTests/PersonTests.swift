import Foundation
import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorTesting
import Testing

@testable import GovernorConsole

@Suite struct PersonSearchTests {
    @Test(arguments: [
        ("+1 212 555 0100", "phone:+1 212 555 0100"),
        ("(212) 555-0100", "phone:(212) 555-0100 in US"),
        ("tel:+12125550100", "phone:+12125550100"),
        (" ana@example.com ", "email:ana@example.com"),
        ("crm:8841", "id:crm:8841"),
        ("8841", "id:crm:8841"),
        ("A-77/4", "id:crm:A-77/4"),
        ("+12125550100; ana@example.com;8841", "phone:+12125550100 email:ana@example.com id:crm:8841"),
        ("٢١٢٥٥٥٠١٠٠", "phone:٢١٢٥٥٥٠١٠٠ in US"),
    ])
    func readsWhatIsTyped(text: String, meaning: String) throws {
        let contact = try PersonSearch(text, region: "US", namespace: "crm").contact
        var parts: [String] = []
        if let phone = contact.phone { parts.append("phone:\(phone)" + (contact.country.map { " in \($0)" } ?? "")) }
        if let email = contact.email { parts.append("email:\(email)") }
        parts += contact.ids.map { "id:\($0)" }
        #expect(parts.joined(separator: " ") == meaning)
    }
}

@Suite struct PersonPageTests {
    @Test func aPersonNobodyKnowsGetsAnAnswer() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = await test.search("+1 212 555 0100")
        #expect(!path.contains("212"))
        let page = await test.get(path)
        #expect(page.status == 200)
        #expect(page.text.contains("Nobody we know"))
        #expect(page.text.contains("Yes, now"))
        #expect(page.text.contains("1 of 1 left"))
        #expect(page.text.contains("New York"))
    }

    @Test func outsideHoursItSaysFromWhen() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        // 22:30 in New York.
        test.clock.manual.advance(by: .minutes(13 * 60 + 30))
        try await test.signIn(.agent)
        let page = await test.get(await test.search("+1 212 555 0100"))
        #expect(page.text.contains("Not now – again tomorrow, 08:00"))
        #expect(page.text.contains("We call between 8 in the morning and 9 in the evening."))
        #expect(page.text.contains("in 9 hours"))
    }

    @Test func anOptOutBindsAndIsReadBack() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = await test.search("+1 212 555 0100")
        let page = await test.get(path)
        let form = page.form + [("phone", "+1 212 555 0100"), ("reach", "all"), ("note", "never again\nshe said")]
        let done = await test.follow(await test.post(path + "/opt-out", form))
        #expect(done.text.contains("we will not contact you again, by any channel"))
        #expect(done.text.contains("No more contact"))
        #expect(done.text.contains("evidence in the ledger"))
        #expect(done.text.contains("She would have to say yes again"))
        // The same form again changes nothing and says so.
        let repeated = await test.follow(await test.post(path + "/opt-out", form))
        #expect(repeated.text.contains("Already recorded"))
    }

    @Test(arguments: [
        ("opt-out", [("reach", "brand"), ("brand", "")], "Name the brand"),
        ("opt-in", [("reach", "all"), ("note", "  ")], "without evidence it is worth nothing"),
        ("quiet-time", [("from", "20:00"), ("to", "08:00")], "the end after the start"),
        ("appointment", [("date", "2026-11-17"), ("time", "10:00")], "in the future"),
        ("appointment", [("date", "tomorrow"), ("time", "10:00")], "in the future"),
    ])
    func aFormThatIsNotRightComesBackFilledIn(action: String, fields: [(String, String)], fault: String) async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = await test.search("+1 212 555 0100")
        let page = await test.get(path)
        let common = page.form + [("phone", "+12125550100")]
        let back = await test.post(path + "/" + action, common + fields)
        #expect(back.status == 422)
        #expect(back.text.contains(fault))
        #expect(back.text.contains("Not recorded"))
    }

    @Test(arguments: [
        ("complaint", [("note", "<b>loud</b>")], "I have recorded your complaint"),
        ("refusal", [], "you do not want this offer"),
        (
            "quiet-time", [("days", "weekdays"), ("from", "12:00"), ("to", "14:00")],
            "Monday to Friday between 12:00 and 14:00"
        ),
        (
            "appointment", [("date", "2026-11-20"), ("time", "10:30"), ("lasts", "30"), ("clock", "hers")],
            "20 Nov 2026, 10:30"
        ),
        (
            "opt-in", [("reach", "channel"), ("channel", "voice"), ("note", "call 4711")],
            "you agree to be contacted again"
        ),
        ("opt-out", [("reach", "channel"), ("channel", "sms")], "we will not use this any more: Text messages"),
        ("opt-out", [("reach", "brand"), ("brand", "<acme>")], "in the name of &lt;acme&gt; any more"),
    ])
    func actionsAreRecordedAndReadBack(action: String, fields: [(String, String)], says: String) async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = await test.search("+1 212 555 0100")
        let page = await test.get(path)
        let common = page.form + [("phone", "+12125550100")]
        let done = await test.follow(await test.post(path + "/" + action, common + fields))
        #expect(done.text.contains(says))
        #expect(done.text.contains("Recorded"))
        #expect(!done.text.contains("<b>loud"))
    }

    @Test func whatWasTypedOutlivesTheSession() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = await test.search("+1 212 555 0100")
        let page = await test.get(path)
        let (_, key) = try test.keys.add(role: .agent, agency: "", at: test.clock.now())
        test.clock.manual.advance(by: .hours(1))
        let typed = "she said \"no\" <twice>"
        let late = await test.post(
            path + "/complaint",
            [
                ("form", page.hidden("form") ?? ""), ("fact", page.hidden("fact") ?? ""), ("phone", "+12125550100"),
                ("note", typed),
            ])
        #expect(late.status == 401)
        #expect(late.text.contains("Nothing was recorded"))
        #expect(late.text.contains("she said &quot;no&quot; &lt;twice&gt;"))
        let back = await test.post(
            "/sign-in",
            [
                ("key", key), ("kept_path", path + "/complaint"), ("kept_fact", page.hidden("fact") ?? ""),
                ("kept_phone", "+12125550100"), ("kept_note", typed),
            ])
        #expect(back.status == 200)
        #expect(back.text.contains("It is not recorded yet"))
        let sent = await test.post(
            path + "/complaint",
            [
                ("form", back.hidden("form") ?? ""), ("fact", page.hidden("fact") ?? ""), ("phone", "+12125550100"),
                ("note", "\n" + typed),
            ])
        #expect(sent.status == 303)
    }

    @Test(arguments: [
        (String(repeating: "9", count: 1_000_000), 413, "That is too long"),
        (String(repeating: "é", count: 20_000), 422, "20,000 characters came"),
        ("", 422, "Type a phone number"),
        ("+1 212", 422, "could not be read"),
        ("<script>alert(1)</script>@", 422, "could not be read"),
    ])
    func badSearchesHaveTheirWords(text: String, status: Int, says: String) async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let page = await test.post("/person", [("form", await test.formToken()), ("q", text)])
        #expect(page.status == status)
        #expect(page.text.contains(says))
        #expect(!page.text.contains("<script>alert"))
        #expect(page.text.utf8.count < 100_000)
    }

    @Test(arguments: ["en", "de", "fr"])
    func aPageSpeaksOneLanguage(language: String) async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = await test.search("+1 212 555 0100")
        let page = await test.get(path, fields: [("accept-language", language)])
        #expect(page.text.contains("<html lang=\"\(language)\">"))
        for (own, word) in [("en", "Yes, now"), ("de", "Ja, jetzt"), ("fr", "Oui, maintenant")] {
            #expect(page.text.contains(word) == (own == language), "\(word)")
        }
    }
}

@Suite struct WordTests {
    @Test func everyWordHasEveryLanguage() {
        func check<Words: WordTable>(_ words: Words.Type) {
            for word in Words.allCases {
                let phrase = word.phrase
                for language in Language.allCases { #expect(!phrase[language].isEmpty, "\(word)") }
                let places = Phrase.places(in: phrase.english)
                #expect(places == Phrase.places(in: phrase.german), "\(word)")
                #expect(places == Phrase.places(in: phrase.french), "\(word)")
            }
        }
        check(FrameWords.self)
        check(PersonWords.self)
        check(ActionWords.self)
        check(FactWords.self)
        check(ReasonWords.self)
        check(TimeWords.self)
        check(PolicyWords.self)
        check(DecisionWords.self)
        check(OverviewWords.self)
        check(ReasonNames.self)
    }
}
