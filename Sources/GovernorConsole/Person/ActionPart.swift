import GovernorCore
import GovernorPages
import GovernorRuntime

/// The forms beside a person: what she may say, and one button that makes it true everywhere.
struct ActionPart {
    let page: PersonPage

    private var reader: Reader { page.reader }

    var html: HTML {
        section(Attribute("class", "acts"), Attribute("aria-labelledby", "acts")) {
            h2(Attribute("id", "acts")) { reader(ActionWords.title) }
            if let draft = page.draft {
                section(Attribute("class", "notice trouble"), Attribute("role", "alert")) {
                    h2 { reader(ActionWords.cannotTitle) }
                    p { draft.faults["form"] ?? reader(ActionWords.cannotText) }
                }
            }
            for action in Action.allCases { details(action) }
        }
    }

    private func details(_ action: Action) -> HTML {
        let draft = page.draft?.action == action ? page.draft : nil
        return HTML.element(
            "details",
            [
                Attribute("id", "act-\(action.rawValue)"), Attribute("class", action == .optOut ? "main-act" : ""),
                Attribute("open", draft != nil),
            ]
        ) {
            HTML.element("summary") {
                icon(action).html()
                reader(action.title)
            }
            div(Attribute("class", "inside")) {
                p { reader(action.lead) }
                ActionForm(
                    reader: reader, token: page.frame.token, path: "\(page.path)/\(action.rawValue)", action: action,
                    contact: page.view.contact, channels: page.view.channels, purposes: page.view.purposes,
                    brands: brands, channel: page.channel, purpose: page.purpose, draft: draft
                ).html
            }
        }
    }

    private var brands: [String] {
        let touched = page.view.touches.compactMap { $0.names.text($0.touch.brand) }
        return Array(
            Set(touched + Vocabulary.of(page.view.answers.first?.first?.policies ?? PolicySet(rules: [])).brands)
        )
        .sorted().prefix(50).map { $0 }
    }

    private func icon(_ action: Action) -> Icon {
        switch action {
        case .optOut: .no
        case .complaint: .later
        case .refusal: .optOuts
        case .quiet: .bell
        case .appointment: .clock
        case .optIn: .yes
        }
    }
}

/// One form of an action.
struct ActionForm {
    let reader: Reader
    let token: HTML
    let path: String
    let action: Action
    let contact: ContactForm?
    let channels: [String]
    let purposes: [String]
    let brands: [String]
    let channel: String
    let purpose: String
    var draft: ActionDraft?
    var submit: ActionWords = .record

    private func value(_ name: String, or fallback: String = "") -> String { draft?.fields[name] ?? fallback }
    private func id(_ name: String) -> String { "\(action.rawValue)-\(name)" }

    var html: HTML {
        form(post: path) {
            token
            input(
                "hidden", Attribute("name", "fact"),
                Attribute("value", value("fact", or: RandomText.hexadecimal(words: 2))))
            input("hidden", Attribute("name", "c"), Attribute("value", channel))
            input("hidden", Attribute("name", "p"), Attribute("value", purpose))
            ContactFields.hidden(contact)
            own
            note
            HTML.element("button", action == .optOut ? [Attribute("class", "stop")] : []) { reader(submit) }
        }
    }

    @HTMLBuilder private var own: HTML {
        switch action {
        case .optOut:
            fieldset {
                legend { reader(ActionWords.reachLabel) }
                choice("reach", "all", .reachEverywhere, isFirst: true)
                choice("reach", "channel", .reachChannel)
                picker("channel", .channel, channels, inWords: true)
                choice("reach", "brand", .reachBrand)
                text("brand", .brand, hint: .brandHint, list: brands)
            }
        case .optIn:
            fieldset {
                legend { reader(ActionWords.channel) }
                choice("reach", "all", .reachEverywhere, isFirst: true)
                choice("reach", "channel", .reachChannel)
                picker("channel", .channel, channels, inWords: true)
            }
            picker("purpose", .purposeLabel, purposes, inWords: true, none: .purposeAll)
        case .complaint, .refusal: HTML()
        case .quiet:
            div(Attribute("class", "field")) {
                label(Attribute("for", id("days"))) { reader(ActionWords.days) }
                select(Attribute("id", id("days")), Attribute("name", "days")) {
                    for (value, word) in [
                        ("daily", ActionWords.everyDay), ("weekdays", .weekdays), ("weekend", .weekend),
                    ] { entry(value, reader(word), isChosen: self.value("days") == value) }
                }
            }
            div(Attribute("class", "fields")) {
                dated("from", .from, type: "time", fallback: "18:00")
                dated("to", .to, type: "time", fallback: "20:00")
                dated("until", .untilDate, type: "date", hint: .forGood)
            }
        case .appointment:
            div(Attribute("class", "fields")) {
                dated("date", .date, type: "date")
                dated("time", .time, type: "time")
                div(Attribute("class", "field")) {
                    label(Attribute("for", id("lasts"))) { reader(ActionWords.lasts) }
                    select(Attribute("id", id("lasts")), Attribute("name", "lasts")) {
                        for minutes in ["15", "30", "60", "120"] {
                            entry(
                                minutes, reader(ActionWords.minutes, ["count": minutes]),
                                isChosen: value("lasts", or: "30") == minutes)
                        }
                    }
                }
                div(Attribute("class", "field")) {
                    label(Attribute("for", id("clock"))) { reader(ActionWords.clock) }
                    select(Attribute("id", id("clock")), Attribute("name", "clock")) {
                        entry("hers", reader(PersonWords.whereTitle), isChosen: value("clock") != "mine")
                        entry("mine", reader.zoneName, isChosen: value("clock") == "mine")
                    }
                }
            }
        }
    }

    private var note: HTML {
        let isEvidence = action == .optIn
        return div(Attribute("class", "field")) {
            label(Attribute("for", id("note"))) { reader(isEvidence ? ActionWords.evidence : .note) }
            HTML.element(
                "textarea",
                [
                    Attribute("id", id("note")), Attribute("name", "note"), Attribute("rows", "2"),
                    Attribute("maxlength", "\(ActionDraft.noteBytesMax)"),
                    Attribute("aria-describedby", id("note-hint")),
                ] + (draft?.faults["note"] == nil ? [] : [Attribute("aria-invalid", "true")])
            ) { value("note") }
            fault("note")
            p(Attribute("class", "hint"), Attribute("id", id("note-hint"))) {
                reader(isEvidence ? ActionWords.evidenceHint : .noteHint)
            }
        }
    }

    // MARK: Fields

    private func choice(_ name: String, _ value: String, _ word: ActionWords, isFirst: Bool = false) -> HTML {
        label(Attribute("class", "choice")) {
            input(
                "radio", Attribute("name", name), Attribute("value", value),
                Attribute("checked", draft.map { $0.fields[name] == value } ?? isFirst))
            span { reader(word) }
        }
    }

    private func picker(
        _ name: String, _ word: ActionWords, _ values: [String], inWords: Bool, none: ActionWords? = nil
    ) -> HTML {
        div(Attribute("class", "field")) {
            label(Attribute("for", id(name))) { reader(word) }
            select(Attribute("id", id(name)), Attribute("name", name)) {
                if let none { entry("", reader(none), isChosen: value(name).isEmpty) }
                for value in values {
                    entry(
                        value, inWords ? CommonWords.word(value, in: reader.language) : value,
                        isChosen: self.value(name, or: none == nil ? channel : "") == value)
                }
            }
        }
    }

    private func text(_ name: String, _ word: ActionWords, hint: ActionWords, list: [String]) -> HTML {
        div(Attribute("class", "field")) {
            label(Attribute("for", id(name))) { reader(word) }
            input(
                "text", Attribute("id", id(name)), Attribute("name", name), Attribute("maxlength", "128"),
                Attribute("value", value(name)), Attribute("list", id(name + "-list")),
                Attribute("aria-describedby", id(name + "-hint")))
            HTML.element("datalist", [Attribute("id", id(name + "-list"))]) {
                for value in list { option(Attribute("value", value)) { HTML() } }
            }
            fault(name)
            p(Attribute("class", "hint"), Attribute("id", id(name + "-hint"))) { reader(hint) }
        }
    }

    private func dated(
        _ name: String, _ word: ActionWords, type: StaticString, fallback: String = "", hint: ActionWords? = nil
    ) -> HTML {
        div(Attribute("class", "field")) {
            label(Attribute("for", id(name))) { reader(word) }
            input(
                type, Attribute("id", id(name)), Attribute("name", name), Attribute("value", value(name, or: fallback)))
            fault(name)
            if let hint { p(Attribute("class", "hint")) { reader(hint) } }
        }
    }

    private func entry(_ value: String, _ text: String, isChosen: Bool) -> HTML {
        option(Attribute("value", value), Attribute("selected", isChosen)) { text }
    }

    @HTMLBuilder private func fault(_ name: String) -> HTML {
        if let fault = draft?.faults[name] { p(Attribute("class", "fault")) { fault } }
    }
}

/// What was typed about a person, carried along in forms so that a form stands for itself.
enum ContactFields {
    @HTMLBuilder static func hidden(_ contact: ContactForm?) -> HTML {
        if let contact {
            if let phone = contact.phone { field("phone", phone) }
            if let email = contact.email { field("email", email) }
            for id in contact.ids { field("id", id) }
            if let country = contact.country { field("country", country) }
        }
    }

    /// `nil` when a form carries none.
    static func read(_ fields: FormFields) -> ContactForm? {
        var contact = ContactForm()
        contact.phone = fields.text("phone")
        contact.email = fields.text("email")
        contact.ids = Array(fields.all("id").prefix(8))
        contact.country = fields.text("country")
        return contact.phone == nil && contact.email == nil && contact.ids.isEmpty ? nil : contact
    }

    private static func field(_ name: String, _ value: String) -> HTML {
        input("hidden", Attribute("name", name), Attribute("value", value))
    }
}
