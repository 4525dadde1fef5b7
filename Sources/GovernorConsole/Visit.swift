import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorStore

/// One request of a reader, from its path to its page.
struct Visit {
    let console: Console
    let request: SiteRequest
    var reader: Reader
    var cookies: [(name: String, value: String)] = []

    var root: String { console.root }
    var governor: Governor { console.governor }

    mutating func answer(_ path: String) async -> SiteAnswer {
        let isPost = request.method == "POST"
        guard isPost || request.method == "GET" else { return page(405, .notFoundTitle, .notFoundText) }
        if isPost, isForeign { return page(403, .foreignFormTitle, .foreignFormText) }
        if request.isBodyTooLarge { return tooLarge(console.bodyBytesMax(request)) }
        let form = isPost ? FormFields(request.body) : FormFields(request.query.utf8)
        switch (path, isPost) {
        case ("/sign-in", false): return signInPage(200)
        case ("/sign-in", true): return signIn(form)
        case ("/settings", true) where reader.session == nil: return choose(form)
        default: break
        }
        guard let session = reader.session else { return signedOut(path, form, isPost: isPost) }
        if isPost, !session.owns(formToken: form["form"]) { return page(403, .foreignFormTitle, .foreignFormText) }
        return await answer(path, form, isPost: isPost, session)
    }

    private mutating func answer(
        _ path: String, _ form: FormFields, isPost: Bool, _ session: Session
    ) async -> SiteAnswer {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        if parts.isEmpty { return go(reader.isAuditor ? Place.overview.path : Place.person.path) }
        if let place = Place.allCases.first(where: { $0.path == "/" + parts[0] }), !place.roles.contains(reader.role) {
            return forbidden(place)
        }
        switch (parts[0], parts.count, isPost) {
        case ("sign-out", 1, true): return signOut(session)
        case ("settings", 1, false): return settings(isSaved: form["saved"] != nil)
        case ("settings", 1, true): return choose(form)
        case ("person", 1, false): return searchPage(200)
        case ("person", 1, true): return await search(form)
        case ("person", 2, false): return await person(parts[1], form)
        case ("person", 3, true):
            switch parts[2] {
            case "merge": return await merge(parts[1], form)
            case "undo": return await undoMerge(parts[1], form)
            case "apart": return await keepApart(parts[1], form)
            case "link": return preferenceLink(parts[1], form)
            default: return await act(parts[1], parts[2], form)
            }
        case ("person", 3, false) where parts[2] == "dossier": return await dossier(parts[1])
        case ("overview", 1, false): return overview()
        case ("overview", 2, false) where parts[1] == "live": return overviewStream(session)
        case ("decisions", 1, _): return await decisions(form, isPost: isPost)
        case ("decisions", 2, false): return await decision(parts[1])
        case ("policies", 1, false): return policies(nil, form)
        case ("policies", 2, false): return policies(parts[1], form)
        case ("check", 1, _): return await check(form, isPost: isPost)
        case ("check", 2, true) where parts[1] == "live": return await checkLive(form)
        case ("shadow", 1, false): return await shadow(form)
        case ("guards", 1, false): return await guards()
        case ("registries", 1, false): return registries()
        case ("opt-outs", 1, false): return await optOuts(form)
        default: return page(404, .notFoundTitle, .notFoundText)
        }
    }

    /// Another site sent this, by what the browser says of it. Source: Fetch Metadata, section 2.
    private var isForeign: Bool {
        if let site = request["sec-fetch-site"] { return site != "same-origin" && site != "none" }
        guard let origin = request["origin"], let host = request["host"] else { return false }
        return !origin.hasSuffix("://" + host)
    }

    // MARK: Answers

    /// What every page is sent with: nothing is loaded from elsewhere, run from inside a page, framed or kept.
    static let fields: [(name: String, value: String)] = [
        ("content-type", "text/html; charset=utf-8"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("referrer-policy", "same-origin"), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"), ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ]

    func show(
        _ status: Int, _ title: String, _ place: Place? = nil, @HTMLBuilder _ content: (Frame) -> HTML
    ) -> SiteAnswer {
        let frame = console.frame(reader, title, place)
        let text = frame.page { content(frame) }
        return SiteAnswer(status, fields: Self.fields + cookies, content: .bytes(Array(text.utf8)))
    }

    /// Sends the browser to another page of the console, after which a reload sends no form again.
    func go(_ path: String) -> SiteAnswer {
        SiteAnswer(303, fields: Self.fields + [("location", root + path)] + cookies)
    }

    func page(_ status: Int, _ title: FrameWords, _ text: FrameWords, _ values: [String: String] = [:]) -> SiteAnswer {
        page(status, title: title, text: text, values)
    }

    /// The same with other words than the frame's own.
    func page(
        _ status: Int, title: some WordTable, text: some WordTable, _ values: [String: String] = [:]
    ) -> SiteAnswer {
        show(status, reader(title)) { frame in
            section(Attribute("class", "card empty")) {
                Icon.later.html()
                h1 { reader(title) }
                p { reader(text, values) }
                a(Attribute("class", "button quiet"), .path("href", root)) { reader(FrameWords.back) }
            }
        }
    }

    func tooLarge(_ most: Int) -> SiteAnswer {
        let size = most >= 1 << 20 ? "\(most >> 20) MiB" : "\(most >> 10) KiB"
        return page(413, .tooLargeTitle, .tooLargeText, ["size": size])
    }

    func forbidden(_ place: Place) -> SiteAnswer {
        let roles = Role.allCases.filter { place.roles.contains($0) }.map(\.rawValue).joined(separator: ", ")
        return page(403, .forbiddenTitle, .forbiddenText, ["roles": roles, "role": reader.role.rawValue])
    }

    func trouble(_ error: StoreError) -> SiteAnswer {
        page(503, .troubleTitle, .troubleText, ["detail": "\(error)"])
    }
}
