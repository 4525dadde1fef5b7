import GovernorCore
import GovernorPages
import GovernorRuntime

/// The page on which a person sees what is recorded about her and chooses; works without any script.
struct PreferencePage {
    let link: ContactLink
    let token: String
    /// Empty: every brand.
    let brand: String
    let view: PreferenceView
    let language: Language
    let notice: LinkPageWords?
    /// Of this showing, so that a form sent twice counts once.
    let visit: String
    let now: Timestamp

    static let channels = ["email", "sms", "voice", "whatsapp", "push", "mail"]
    static let purposes = ["marketing", "survey", "service"]
    static let cells = purposes.flatMap { purpose in channels.map { PreferenceCell(channel: $0, purpose: purpose) } }
    static let contactsMax = 20
    static let factsMax = 50
    static let brandsMax = 20

    // MARK: Reading what was chosen

    /// Only what she changed: the page said which ticks were there when she saw it.
    static func choices(_ form: FormBody, brand: String) -> [PreferenceChoice] {
        let (was, may) = (Set(form.all("was")), Set(form.all("may")))
        return purposes.flatMap { purpose -> [PreferenceChoice] in
            func changed(_ isIn: (String) -> Bool) -> [String] { channels.filter { isIn("\($0):\(purpose)") } }
            let stopped = changed { was.contains($0) && !may.contains($0) }
            let allowed = changed { !was.contains($0) && may.contains($0) }
            func choice(_ channels: [String], _ allows: Bool) -> [PreferenceChoice] {
                channels.isEmpty
                    ? []
                    : [PreferenceChoice(channels: channels, purposes: [purpose], brand: brand, allows: allows)]
            }
            return choice(stopped, false) + choice(allowed, true)
        }
    }

    // MARK: Showing

    var page: Page {
        Page(title: LinkPageWords.choicesTitle(language), language: language) {
            main {
                h1 { LinkPageWords.choicesTitle(language) }
                if let notice {
                    div(Attribute("class", "card notice done"), Attribute("role", "status")) {
                        p {
                            if notice == .savedText { strong { LinkPageWords.savedTitle(language) + " " } }
                            notice(language)
                        }
                    }
                }
                brandChoice
                choices
                stopEverything
                recorded
                contacts
                p(Attribute("class", "soft small")) { LinkPageWords.privacy(language) }
            }
        }
    }

    @HTMLBuilder private var brandChoice: HTML {
        let brands = brands
        if !brands.isEmpty {
            nav(Attribute("aria-label", LinkPageWords.brandsHeading(language))) {
                ul {
                    for name in [""] + brands {
                        li {
                            let text = name.isEmpty ? LinkPageWords.everyBrand(language) : name
                            if name == brand {
                                a(.path("href", query(name)), Attribute("aria-current", "page")) { strong { text } }
                            } else {
                                a(.path("href", query(name))) { text }
                            }
                        }
                    }
                }
            }
        }
    }

    private func query(_ brand: String) -> String {
        let plain = brand.utf8.map { byte -> String in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return "/p/\(token)?brand=\(plain.joined())"
    }

    private var choices: HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "choices")) {
            h2(Attribute("id", "choices")) {
                brand.isEmpty
                    ? LinkPageWords.everyBrand(language) : LinkPageWords.choicesFor(language, ["brand": brand])
            }
            p { LinkPageWords.choicesIntroduction(language) }
            form(post: "/p/\(token)") {
                state
                for purpose in Self.purposes {
                    fieldset {
                        legend {
                            LinkPageWords.choicesLegend(
                                language, ["purpose": CommonWords.word(purpose, in: language)])
                        }
                        for channel in Self.channels { choice(channel, purpose) }
                    }
                }
                button(Attribute("class", "broad")) { LinkPageWords.save(language) }
            }
        }
    }

    private func choice(_ channel: String, _ purpose: String) -> HTML {
        let isAllowed = !view.stopped.contains(PreferenceCell(channel: channel, purpose: purpose))
        let value = "\(channel):\(purpose)"
        return HTML {
            if isAllowed { input("hidden", Attribute("name", "was"), Attribute("value", value)) }
            label(Attribute("class", "choice")) {
                input(
                    "checkbox", Attribute("name", "may"), Attribute("value", value), Attribute("checked", isAllowed))
                span { CommonWords.word(channel, in: language) }
            }
        }
    }

    @HTMLBuilder private var state: HTML {
        input("hidden", Attribute("name", "visit"), Attribute("value", visit))
        input("hidden", Attribute("name", "brand"), Attribute("value", brand))
    }

    private var stopEverything: HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "stop")) {
            h2(Attribute("id", "stop")) { LinkPageWords.stopHeading(language) }
            p { LinkPageWords.stopText(language) }
            form(post: "/p/\(token)") {
                state
                button(Attribute("class", "stop broad"), Attribute("name", "everything"), Attribute("value", "stop")) {
                    LinkPageWords.stopButton(language)
                }
            }
        }
    }

    // MARK: What is recorded

    /// Those that her record or the link names.
    private var brands: [String] {
        var found: Set<String> = link.brand.isEmpty ? [] : [link.brand]
        for person in view.people {
            for touch in person.touches { if let text = person.names.text(touch.brand) { found.insert(text) } }
            for fact in person.facts {
                for name in fact.scope.brands.names { if let text = person.names.text(name) { found.insert(text) } }
            }
        }
        if !brand.isEmpty { found.insert(brand) }
        return Array(found.sorted().prefix(Self.brandsMax))
    }

    private var recorded: HTML {
        let lines = view.people.flatMap { person in
            person.facts.compactMap { fact in line(fact, person.names).map { (fact.at, $0) } }
        }.sorted { $0.0 > $1.0 }.prefix(Self.factsMax)
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "recorded")) {
            h2(Attribute("id", "recorded")) { LinkPageWords.recordHeading(language) }
            if lines.isEmpty {
                p { LinkPageWords.nothingRecorded(language) }
            } else {
                p(Attribute("class", "soft")) { LinkPageWords.recordIntroduction(language) }
                ul(Attribute("class", "plain")) {
                    for (at, text) in lines { li { span(Attribute("class", "soft")) { date(at) + " · " } + text } }
                }
            }
        }
    }

    /// What she said herself; holdings, events and the like are the company's knowledge and not told here.
    private func line(_ fact: Fact, _ names: NameTable) -> HTML? {
        let said: HTML
        switch fact.body {
        case .optOut: said = strong(Attribute("class", "no")) { LinkPageWords.saidNo(language) }
        case .optIn: said = strong(Attribute("class", "yes")) { LinkPageWords.saidYes(language) }
        case .consent(let name, _, let until):
            let name = names.text(name) ?? ""
            said = strong(Attribute("class", "yes")) {
                if let until {
                    LinkPageWords.gaveConsentUntil(language, ["name": name, "date": date(until)])
                } else {
                    LinkPageWords.gaveConsent(language, ["name": name])
                }
            }
        case .withdrawal: said = strong(Attribute("class", "no")) { LinkPageWords.withdrewConsent(language) }
        case .holding, .event, .appointment, .quietTime: return nil
        }
        return said + HTML(": \(scope(fact.scope, names))")
    }

    private func scope(_ scope: FactScope, _ names: NameTable) -> String {
        if scope.isUnlimited { return LinkPageWords.everything(language) }
        func texts<Kind>(_ set: NameSet<Kind>) -> [String] {
            set.names.compactMap { names.text($0) }.map { CommonWords.word($0, in: language) }
        }
        let parts = [
            texts(scope.channels), texts(scope.purposes), texts(scope.brands), texts(scope.products),
            texts(scope.families), texts(scope.subjects),
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }.joined(separator: " · ")
    }

    private var contacts: HTML {
        var seen: Set<TouchID> = []
        let touches = view.people.flatMap { person in
            person.touches.filter { touch in
                switch touch.state {
                case .confirmed, .reported, .external: seen.insert(touch.id).inserted
                // Never made, or not yet.
                case .reserved, .released, .revoked: false
                }
            }.map { ($0, person.names) }
        }.sorted { $0.0.at > $1.0.at }.prefix(Self.contactsMax)
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "contacts")) {
            h2(Attribute("id", "contacts")) { LinkPageWords.contactsHeading(language) }
            if touches.isEmpty {
                p { LinkPageWords.contactsNone(language) }
            } else {
                p(Attribute("class", "soft")) {
                    LinkPageWords.contactsIntroduction(language, ["count": String(touches.count)])
                }
                ul(Attribute("class", "plain")) {
                    for (touch, names) in touches { li { contact(touch, names) } }
                }
            }
        }
    }

    @HTMLBuilder private func contact(_ touch: Touch, _ names: NameTable) -> HTML {
        span(Attribute("class", "soft")) { date(touch.at) + " · " }
        strong { CommonWords.word(names.text(touch.channel) ?? "", in: language) }
        ": " + CommonWords.word(names.text(touch.purpose) ?? "", in: language)
        if let brand = names.text(touch.brand) { " · " + brand }
        " · "
        if touch.direction == .inbound {
            LinkPageWords.inbound(language)
        } else {
            names.text(touch.outcome).map { CommonWords.word($0, in: language) } ?? LinkPageWords.noOutcome(language)
        }
    }

    private func date(_ instant: Timestamp) -> String {
        language.date(millisecondsSince1970: instant.milliseconds)
    }
}
