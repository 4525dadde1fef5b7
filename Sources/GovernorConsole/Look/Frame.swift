import GovernorPages
import GovernorRuntime

/// The frame around a page: head, menu, search, content, foot.
struct Frame {
    let reader: Reader
    let root: String
    /// Version in the names of the style sheet and the script, so that browsers may keep them.
    let version: String
    var title: String
    var place: Place?
    /// Fills the width.
    var isWide = true

    func page(@HTMLBuilder _ content: () -> HTML) -> String {
        let inside = content()
        let html = HTML.element(
            "html", [Attribute("lang", reader.language.rawValue)]
        ) {
            head
            HTML.element(
                "body",
                [
                    Attribute("class", reader.session == nil ? "console alone" : "console"),
                    Attribute("data-keys", reader.hasShortcuts ? "on" : "off"),
                ]
            ) {
                Icon.sprite
                a(Attribute("class", "skip"), .path("href", "#content")) { reader(FrameWords.skip) }
                if reader.session == nil { lonelyHeader } else { bar }
                main(Attribute("id", "content"), Attribute("tabindex", "-1")) { inside }
                if reader.session != nil { shortcuts }
            }
        }
        return "<!doctype html>\n" + html.markup
    }

    private var head: HTML {
        HTML.element("head") {
            HTML.void("meta", [Attribute("charset", "utf-8")])
            HTML.void(
                "meta", [Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")])
            HTML.void("meta", [Attribute("name", "color-scheme"), Attribute("content", "light dark")])
            HTML.void("meta", [Attribute("name", "robots"), Attribute("content", "noindex, nofollow")])
            HTML.element("title") { "\(title) · \(reader(FrameWords.product))" }
            HTML.void(
                "link",
                [Attribute("rel", "icon"), Attribute("type", "image/svg+xml"), .path("href", root + "/icon.svg")])
            HTML.void("link", [Attribute("rel", "stylesheet"), .path("href", "\(root)/style-\(version).css")])
            HTML.element("script", [.path("src", "\(root)/script-\(version).js"), Attribute("defer")])
        }
    }

    private var lonelyHeader: HTML {
        header(Attribute("class", "lonely")) {
            span(Attribute("class", "brand")) {
                Icon.mark.html("icon big")
                reader(FrameWords.product)
            }
        }
    }

    private var bar: HTML {
        header(Attribute("class", "bar")) {
            a(Attribute("class", "brand"), .path("href", root)) {
                Icon.mark.html("icon big")
                reader(FrameWords.product)
            }
            menu
            who
        }
    }

    private var menu: HTML {
        nav(Attribute("aria-label", reader(FrameWords.navigation)), Attribute("class", "menu")) {
            ul {
                for (i, place) in Place.all(for: reader.role).enumerated() {
                    li {
                        HTML.element(
                            "a",
                            [.path("href", root + place.path), Attribute("data-key", "\(i + 1)")]
                                + (place == self.place ? [Attribute("aria-current", "page")] : [])
                        ) {
                            place.icon.html()
                            span { reader(place.title) }
                        }
                    }
                }
            }
        }
    }

    private var who: HTML {
        div(Attribute("class", "who")) {
            p(Attribute("class", "small soft")) {
                reader(FrameWords.signedInAs, ["who": ""]).trimmed
                " "
                strong { reader.caller?.id ?? "" }
            }
            div(Attribute("class", "row")) {
                a(.path("href", root + "/settings"), Attribute("class", "small")) { reader(FrameWords.settings) }
                form(post: root + "/sign-out") {
                    token
                    button(Attribute("class", "link small")) { reader(FrameWords.signOut) }
                }
            }
        }
    }

    /// The field that says a form is this session's.
    var token: HTML { input("hidden", Attribute("name", "form"), Attribute("value", reader.session?.formToken ?? "")) }

    private var shortcuts: HTML {
        HTML.element("dialog", [Attribute("id", "keys"), Attribute("aria-labelledby", "keys-title")]) {
            h2(Attribute("id", "keys-title")) { reader(FrameWords.keysTitle) }
            dl(Attribute("class", "keys")) {
                for (key, word) in [
                    ("/", FrameWords.keySearch), ("1 … 8", .keyNumber), ("o", .keyOptOut), ("?", .keyHelp),
                ] {
                    dt { HTML.element("kbd") { key } }
                    dd { reader(word) }
                }
            }
            HTML.element("form", [Attribute("method", "dialog")]) {
                button(Attribute("class", "quiet")) { reader(FrameWords.close) }
            }
        }
    }
}
