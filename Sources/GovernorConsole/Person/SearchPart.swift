import GovernorPages

/// The field that a person is looked up with.
struct SearchPart {
    let reader: Reader
    let frame: Frame
    var typed = ""
    var fault: String?

    /// With its label and hint.
    var whole: HTML { field(isWhole: true) }

    /// As it stands above a person.
    var compact: HTML { field(isWhole: false) }

    private func field(isWhole: Bool) -> HTML {
        form(post: frame.root + "/person", Attribute("class", "search"), Attribute("role", "search")) {
            frame.token
            div(Attribute("class", "field")) {
                label(Attribute("for", "q"), Attribute("class", isWhole ? "" : "hidden-visually")) {
                    reader(PersonWords.searchLabel)
                }
                HTML.void(
                    "input",
                    [
                        Attribute("id", "q"), Attribute("name", "q"), Attribute("type", "text"),
                        Attribute("autocomplete", "off"), Attribute("spellcheck", "false"), Attribute("data-search"),
                        Attribute("value", typed.utf8.count > 600 ? String(typed.prefix(200)) : typed),
                    ]
                        + (isWhole
                            ? [Attribute("autofocus")] : [Attribute("placeholder", reader(PersonWords.searchLabel))])
                        + (fault == nil ? [] : [Attribute("aria-invalid", "true")])
                        + [Attribute("aria-describedby", isWhole ? "q-hint" : "")].filter { _ in isWhole })
            }
            button { reader(PersonWords.searchButton) }
            if isWhole {
                div(Attribute("class", "more")) {
                    if let fault { p(Attribute("class", "fault"), Attribute("role", "alert")) { fault } }
                    p(Attribute("class", "hint"), Attribute("id", "q-hint")) { reader(PersonWords.searchHint) }
                }
            }
        }
    }

    /// The page on which a search begins.
    var page: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(PersonWords.findTitle) }
                p(Attribute("class", "lede")) { reader(PersonWords.findIntro) }
            }
            div(Attribute("class", "card")) { whole }
        }
    }
}

/// What an action came to.
struct NoticePart {
    let reader: Reader
    let frame: Frame

    func html(_ notice: Notice) -> HTML {
        section(
            Attribute("class", "notice \(notice.isGood ? "done" : "trouble")"),
            Attribute("role", notice.isGood ? "status" : "alert")
        ) {
            h2 { notice.title }
            if let text = notice.readOut { HTML.element("blockquote") { text } }
            for line in notice.lines { p { line } }
            if let message = notice.message {
                p { a(Attribute("href", message)) { reader(IdentityWords.linkMail) } }
            }
            if let id = notice.factID {
                p(Attribute("class", "small")) {
                    reader(ActionWords.factID, ["id": ""]).trimmed + " "
                    code { id }
                    if reader.isAuditor {
                        " · "
                        a(.path("href", "\(frame.root)/decisions?id=\(id)")) { reader(ActionWords.trace) }
                    }
                }
            }
        }
    }
}
