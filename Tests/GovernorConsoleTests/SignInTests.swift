import Foundation
import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorTesting
import Testing

@testable import GovernorConsole

@Suite struct SignInTests {
    @Test(arguments: [
        (Role.agent, 303), (.compliance, 303), (.admin, 303), (.dialer, 403),
    ])
    func rolesThatMayEnter(role: Role, status: Int) async throws {
        let test = try TestConsole()
        let (_, key) = try test.keys.add(role: role, agency: "", at: test.clock.now())
        let page = await test.post("/sign-in", [("key", key)])
        #expect(page.status == status)
        #expect((test.cookies[Cookie.session] != nil) == (status == 303))
    }

    @Test(arguments: ["", "gk_nobody", String(repeating: "x", count: 100_000)])
    func aWrongKeyIsTold(key: String) async throws {
        let test = try TestConsole()
        let page = await test.post("/sign-in", [("key", key)])
        #expect(page.status == 401)
        #expect(page.text.contains("Nobody has this key"))
        #expect(!page.text.contains("gk_nobody"))
        #expect(test.cookies[Cookie.session] == nil)
    }

    @Test func theCookieIsOutOfReach() async throws {
        let test = try TestConsole()
        let (_, key) = try test.keys.add(role: .agent, agency: "", at: test.clock.now())
        for (proto, isSecure) in [("http", false), ("https", true), ("https, http", true)] {
            let page = await test.post("/sign-in", [("key", key)], fields: [("x-forwarded-proto", proto)])
            let cookie = try #require(page.fields.first { $0.value.hasPrefix(Cookie.session) }?.value)
            #expect(cookie.contains("; HttpOnly; SameSite=Strict"))
            #expect(cookie.contains("; Path=/console"))
            #expect(cookie.contains("; Secure") == isSecure)
        }
    }

    @Test func wrongKeysAreLimited() async throws {
        let test = try TestConsole()
        for _ in 0..<SignInLimiter.perClientMax {
            #expect(await test.post("/sign-in", [("key", "gk_wrong")]).status == 401)
        }
        let limited = await test.post("/sign-in", [("key", "the-admin-key")])
        #expect(limited.status == 429)
        #expect(limited.field("retry-after") != nil)
        // Another address is not held up, and a minute later neither is this one.
        #expect(await test.post("/sign-in", [("key", "the-admin-key")], peer: "198.51.100.7").status == 303)
        test.clock.manual.advance(by: .minutes(1))
        #expect(await test.post("/sign-in", [("key", "the-admin-key")]).status == 303)
    }

    @Test func aSessionEndsWithItsKey() async throws {
        let test = try TestConsole()
        let id = try await test.signIn(.agent)
        #expect(await test.get("/person").status == 200)
        _ = try test.keys.add(role: .dialer, agency: "other", at: test.clock.now())
        #expect(await test.get("/person").status == 200)
        try test.keys.remove(id: id, at: test.clock.now())
        #expect(await test.get("/person").status == 401)
    }

    @Test(arguments: [
        (Milliseconds.minutes(29), 200), (.minutes(30), 401), (.hours(13), 401),
    ])
    func aSessionEndsWhenIdle(wait: Milliseconds, status: Int) async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        test.clock.manual.advance(by: wait)
        #expect(await test.get("/person").status == status)
    }

    @Test func aSessionEndsAfterHalfADay() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        for _ in 0..<35 {
            test.clock.manual.advance(by: .minutes(20))
            #expect(await test.get("/person").status == 200)
        }
        test.clock.manual.advance(by: .minutes(20))
        #expect(await test.get("/person").status == 401)
    }

    @Test func signingOutEndsIt() async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let before = test.cookies
        let page = await test.post("/sign-out", [("form", await test.formToken())])
        #expect(page.text.contains("You are signed out"))
        test.cookies = before
        #expect(await test.get("/person").status == 401)
    }

    @Test(arguments: [
        ("", [(name: String, value: String)](), 403, "no token"),
        ("00000000000000000000000000000000", [], 403, "another session's token"),
        ("own", [("sec-fetch-site", "cross-site")], 403, "from another site"),
        ("own", [("sec-fetch-site", "same-site")], 403, "from a sibling"),
        ("own", [("origin", "https://evil.example"), ("host", "governor.example")], 403, "another origin"),
        ("own", [("sec-fetch-site", "same-origin")], 303, "our own page"),
        ("own", [], 303, "an old browser"),
    ])
    func formsAreTheSessionsOwn(
        token: String, fields: [(name: String, value: String)], status: Int, what: String
    ) async throws {
        let test = try TestConsole()
        try await test.signIn(.agent)
        let own = await test.formToken()
        let page = await test.post(
            "/person", [("form", token == "own" ? own : token), ("q", "+12125550100")], fields: fields)
        #expect(page.status == status, "\(what)")
    }

    @Test(arguments: [
        (Role.agent, "/overview", 403), (.agent, "/policies", 403), (.agent, "/person", 200),
        (.compliance, "/person", 200),
    ])
    func pagesAreForRoles(role: Role, path: String, status: Int) async throws {
        let test = try TestConsole()
        try await test.signIn(role)
        #expect(await test.get(path).status == status)
    }

    @Test func everyPageIsLockedDown() async throws {
        let test = try TestConsole()
        for path in ["/sign-in", "/person", "/nothing"] {
            let page = await test.get(path)
            let policy = try #require(page.field("content-security-policy"))
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self'"))
            #expect(!policy.contains("unsafe"))
            #expect(page.field("cache-control") == "no-store")
            #expect(page.field("x-content-type-options") == "nosniff")
            #expect(!page.text.contains("<script>") && !page.text.contains(" style="), "\(path)")
        }
    }
}
