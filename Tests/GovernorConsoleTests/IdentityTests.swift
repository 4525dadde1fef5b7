import GovernorCore
import GovernorPages
import GovernorRuntime
import Testing

@testable import GovernorConsole

/// Who is who, on the person's page.
@Suite struct IdentityTests {
    /// Two persons, each known by a phone and a key; gives the path of a page that names both.
    private func conflict(_ test: TestConsole) async throws -> String {
        for (i, key) in ["crm:1", "crm:2"].enumerated() {
            var form = FactForm()
            form.id = "l\(i)"
            form.contact.phone = "+1 212 555 010\(i)"
            form.contact.ids = [key]
            let caller = Caller(id: "test", role: .admin)
            var facts = FactIntake(
                intake: test.console.intake, caller: caller, policies: test.governor.policies.current,
                now: test.clock.now())
            let work = try facts.read(form, .link)
            let told: Result<FactAnswer, FactError> = await settled {
                test.governor.take(work, callerText: caller.id, completion: $0)
            }
            _ = try told.get()
        }
        return await test.search("+1 212 555 0100; crm:2")
    }

    private func fields(_ page: TestConsole.Page, _ more: [(String, String)] = []) -> [(String, String)] {
        page.form + [
            ("persons", page.hidden("persons") ?? ""), ("merge", page.hidden("merge") ?? ""),
            ("phone", "+12125550100"), ("id", "crm:2"),
        ] + more
    }

    @Test func aConflictBecomesOnePersonAndTwoAgain() async throws {
        let test = try TestConsole()
        try await test.signIn(.compliance)
        let path = try await conflict(test)
        let page = await test.get(path)
        #expect(page.text.contains("This belongs to 2 different people"))
        let form = fields(page, [("note", "the same <birthday>\u{7}")])
        let merged = await test.follow(await test.post(path + "/merge", form))
        #expect(merged.text.contains("They are one person now") && merged.text.contains("2 records"))
        #expect(!merged.text.contains("different people"))
        // The same form again, as after a lost answer.
        let again = await test.follow(await test.post(path + "/merge", form))
        #expect(again.text.contains("They were one person already"))
        let undone = await test.follow(await test.post(path + "/undo", fields(merged)))
        #expect(undone.text.contains("Taken back") && undone.text.contains("This belongs to 2 different people"))
        let apart = await test.follow(await test.post(path + "/apart", fields(undone)))
        #expect(apart.text.contains("They stay apart"))
    }

    @Test func anAgentMergesAndDoesNotUndo() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let path = try await conflict(test)
        let page = await test.get(path)
        #expect(!page.text.contains("They are different people"))
        let merged = await test.follow(await test.post(path + "/merge", fields(page)))
        #expect(merged.text.contains("They are one person now") && !merged.text.contains("Take it back"))
        let merge = try #require(
            await settled { test.governor.person(PersonID(hexadecimal: String(path.suffix(32)))!, completion: $0) }
                .get().first?.merges.first)
        for action in ["undo", "apart"] {
            let form = fields(page, [("merge", MergeName(merge).description)])
            #expect(await test.post(path + "/" + action, form).status == 403, "\(action)")
        }
        #expect(await test.get(path + "/dossier").status == 403)
    }

    @Test(arguments: [
        ("merge", [("persons", "00000000000000000000000000000001 00000000000000000000000000000002")], "faster"),
        ("undo", [("merge", String(repeating: "0", count: 48))], "faster"),
        ("link", [], "public-url"),
    ])
    func whatCannotBeDoneSaysWhy(action: String, changed: [(String, String)], says: String) async throws {
        let test = try TestConsole()
        try await test.signIn(.compliance)
        let path = try await conflict(test)
        let page = await test.get(path)
        let form = fields(page).filter { field in !changed.contains { $0.0 == field.0 } } + changed
        let told = await test.follow(await test.post(path + "/" + action, form))
        #expect(told.text.contains("Nothing was changed") && told.text.contains(says), "\(action)")
    }

    @Test(arguments: ["", "x", "00000000000000000000000000000001"])
    func aBrokenListOfPersonsIsNoPage(persons: String) async throws {
        let test = try TestConsole()
        try await test.signIn(.compliance)
        let path = try await conflict(test)
        let page = await test.get(path)
        let form = fields(page).filter { $0.0 != "persons" } + [("persons", persons)]
        #expect(await test.post(path + "/merge", form).status == 404)
    }
}
