import GovernorCore
import GovernorPages
import GovernorRuntime

extension Visit {
    func signInPage(
        _ status: Int, fault: String? = nil, note: FrameWords? = nil, kept: (path: String, fields: FormFields)? = nil
    ) -> SiteAnswer {
        show(status, reader(FrameWords.signIn)) { frame in
            div(Attribute("class", "card")) {
                h1 { reader(kept == nil ? FrameWords.signIn : .expired) }
                if let note { p(Attribute("role", "status")) { reader(note) } }
                p { reader(kept == nil ? FrameWords.signInIntro : .expiredIntro) }
                form(post: root + "/sign-in") {
                    input("hidden", Attribute("name", "zone"), Attribute("data-zone"), Attribute("value", ""))
                    if let kept { keptFields(kept.path, kept.fields) }
                    div(Attribute("class", "field")) {
                        label(Attribute("for", "key")) { reader(FrameWords.key) }
                        HTML.void(
                            "input",
                            [
                                Attribute("id", "key"), Attribute("name", "key"), Attribute("type", "password"),
                                Attribute("autocomplete", "current-password"), Attribute("required"),
                                Attribute("autofocus"), Attribute("aria-describedby", "key-hint"),
                            ] + (fault == nil ? [] : [Attribute("aria-invalid", "true")]))
                        if let fault { p(Attribute("class", "fault"), Attribute("role", "alert")) { fault } }
                        p(Attribute("class", "hint"), Attribute("id", "key-hint")) { reader(FrameWords.keyHint) }
                    }
                    button(Attribute("class", "broad")) { reader(FrameWords.signIn) }
                }
            }
            languages
        }
    }

    private var languages: HTML {
        form(post: root + "/settings", Attribute("class", "row")) {
            input("hidden", Attribute("name", "from"), Attribute("value", "/sign-in"))
            for language in Language.allCases where language != reader.language {
                button(
                    Attribute("class", "link"), Attribute("name", "language"), Attribute("value", language.rawValue),
                    Attribute("lang", language.rawValue)
                ) { Self.name(language) }
            }
        }
    }

    static func name(_ language: Language) -> String {
        switch language {
        case .english: "English"
        case .german: "Deutsch"
        case .french: "Français"
        }
    }

    /// Whoever has no session: a page asks for one, and a form that came too late keeps what was typed.
    func signedOut(_ path: String, _ form: FormFields, isPost: Bool) -> SiteAnswer {
        if path == "/check/live" || path.hasSuffix("/live") { return SiteAnswer(401, fields: Self.fields) }
        guard isPost, path != "/sign-out" else { return signInPage(path.isEmpty ? 200 : 401) }
        return signInPage(401, kept: (path, form))
    }

    @HTMLBuilder private func keptFields(_ path: String, _ fields: FormFields) -> HTML {
        input("hidden", Attribute("name", "kept_path"), Attribute("value", path))
        for field in fields.fields where field.name != "form" && field.name != "key" {
            if field.value.contains("\n") {
                HTML.element(
                    "textarea", [Attribute("name", "kept_" + field.name), Attribute("hidden")]
                ) { "\n" + field.value }
            } else {
                input("hidden", Attribute("name", "kept_" + field.name), Attribute("value", field.value))
            }
        }
    }

    mutating func signIn(_ form: FormFields) -> SiteAnswer {
        let kept = form["kept_path"].map { path in
            (
                path: path,
                fields: FormFields(
                    form.fields.compactMap { field in
                        field.name.hasPrefix("kept_") && field.name != "kept_path"
                            ? (String(field.name.dropFirst(5)), field.value) : nil
                    })
            )
        }
        let client = request.client
        if let seconds = console.limiter.wait(client, at: reader.now) {
            var answer = signInPage(
                429, fault: reader(FrameWords.tooManyAttempts, ["seconds": "\(seconds)"]), kept: kept)
            answer.fields.append(("retry-after", "\(seconds)"))
            return answer
        }
        guard let session = console.sessions.open(key: form.text("key") ?? "", at: reader.now) else {
            console.limiter.noteFailure(client, at: reader.now)
            return signInPage(401, fault: reader(FrameWords.wrongKey), kept: kept)
        }
        guard session.caller.role != .dialer else {
            console.sessions.close(session.token)
            return signInPage(403, fault: reader(FrameWords.dialerKey), kept: kept)
        }
        cookies.append(
            Cookie.field(Cookie.session, session.token, root: root, isSecure: request.isSecure))
        var choices = Choices(Cookie.value(Cookie.choices, in: request) ?? "")
        if choices.zone == nil, let zone = form.text("zone"), governor.zones[ZoneKey(name: zone)] != nil {
            choices.zone = zone
            (reader.zone, reader.zoneName) = console.zone(zone)
            keep(choices)
        }
        reader.session = session
        guard let kept, kept.path.hasPrefix("/"), !kept.path.contains("..") else { return go("") }
        return resumed(kept.path, kept.fields)
    }

    /// What was typed before the session ended, to be sent again by one button.
    private func resumed(_ path: String, _ fields: FormFields) -> SiteAnswer {
        show(200, reader(FrameWords.resumeTitle)) { frame in
            section(Attribute("class", "card")) {
                h1 { reader(FrameWords.resumeTitle) }
                p(Attribute("class", "lede")) { reader(FrameWords.resumeIntro) }
                form(post: root + path) {
                    frame.token
                    dl(Attribute("class", "facts")) {
                        for field in fields.fields
                        where !field.value.isEmpty && !["fact", "c", "p"].contains(field.name) {
                            div {
                                dt { field.name }
                                dd { String(field.value.prefix(2_000)) }
                            }
                        }
                    }
                    for field in fields.fields {
                        HTML.element("textarea", [Attribute("name", field.name), Attribute("hidden")]) {
                            "\n" + field.value
                        }
                    }
                    div(Attribute("class", "row")) {
                        button { path == "/person" ? reader(PersonWords.searchButton) : reader(FrameWords.goOn) }
                        a(Attribute("class", "button quiet"), .path("href", root)) { reader(FrameWords.discard) }
                    }
                }
            }
        }
    }

    mutating func signOut(_ session: Session) -> SiteAnswer {
        console.sessions.close(session.token)
        reader.session = nil
        cookies.append(Cookie.field(Cookie.session, "", seconds: 0, root: root, isSecure: request.isSecure))
        return signInPage(200, note: .signedOut)
    }

    // MARK: Settings

    private mutating func keep(_ choices: Choices) {
        cookies.append(
            Cookie.field(
                Cookie.choices, choices.text, seconds: 31_536_000, root: root, isSecure: request.isSecure))
    }

    mutating func choose(_ form: FormFields) -> SiteAnswer {
        var choices = Choices(Cookie.value(Cookie.choices, in: request) ?? "")
        if let language = form.text("language").flatMap(Language.init(rawValue:)) { choices.language = language }
        if let zone = form.text("zone"), zone == "UTC" || governor.zones[ZoneKey(name: zone)] != nil {
            choices.zone = zone
        }
        if let region = form["region"]?.trimmed.uppercased() {
            choices.region = Choices.isRegion(region) ? region : nil
        }
        if form["whole"] != nil { choices.hasShortcuts = form["shortcuts"] == "on" }
        keep(choices)
        return go(form["from"] == "/sign-in" ? "/sign-in" : "/settings?saved=1")
    }

    func settings(isSaved: Bool) -> SiteAnswer {
        show(200, reader(FrameWords.settings)) { frame in
            div(Attribute("class", "page-head")) { h1 { reader(FrameWords.settings) } }
            if isSaved {
                div(Attribute("class", "notice done"), Attribute("role", "status")) { p { reader(FrameWords.saved) } }
            }
            form(post: root + "/settings", Attribute("class", "card")) {
                frame.token
                input("hidden", Attribute("name", "whole"), Attribute("value", "1"))
                div(Attribute("class", "fields")) {
                    div(Attribute("class", "field")) {
                        label(Attribute("for", "language")) { reader(FrameWords.language) }
                        select(Attribute("id", "language"), Attribute("name", "language")) {
                            for language in Language.allCases {
                                option(
                                    Attribute("value", language.rawValue),
                                    Attribute("selected", language == reader.language),
                                    Attribute("lang", language.rawValue)
                                ) { Self.name(language) }
                            }
                        }
                    }
                    div(Attribute("class", "field")) {
                        label(Attribute("for", "zone")) { reader(FrameWords.timeZone) }
                        select(Attribute("id", "zone"), Attribute("name", "zone")) {
                            for zone in console.zoneList {
                                option(Attribute("value", zone), Attribute("selected", zone == reader.zoneName)) {
                                    zone
                                }
                            }
                        }
                    }
                    div(Attribute("class", "field")) {
                        label(Attribute("for", "region")) { reader(FrameWords.region) }
                        input(
                            "text", Attribute("id", "region"), Attribute("name", "region"),
                            Attribute("value", reader.region), Attribute("maxlength", "2"),
                            Attribute("autocomplete", "off"), Attribute("aria-describedby", "region-hint"))
                        p(Attribute("class", "hint"), Attribute("id", "region-hint")) { reader(FrameWords.regionHint) }
                    }
                }
                label(Attribute("class", "choice")) {
                    input(
                        "checkbox", Attribute("name", "shortcuts"), Attribute("value", "on"),
                        Attribute("checked", reader.hasShortcuts))
                    span {
                        strong { reader(FrameWords.shortcuts) }
                        " – " + reader(FrameWords.shortcutsHint)
                    }
                }
                button { reader(FrameWords.save) }
            }
        }
    }
}
