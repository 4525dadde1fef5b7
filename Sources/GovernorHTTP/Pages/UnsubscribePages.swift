import GovernorPages
import GovernorRuntime

/// What a person sees who opens an unsubscribe link, and after she has said no.
enum UnsubscribePages {
    /// Asks; opening it changes nothing, since mail scanners open links too. Source: RFC 8058, section 1.
    static func question(_ link: ContactLink, token: String, _ language: Language) -> Page {
        Page(title: LinkPageWords.unsubscribeTitle(language), language: language) {
            main {
                div(Attribute("class", "card")) {
                    h1 { LinkPageWords.unsubscribeTitle(language) }
                    p { scope(link, language) }
                    p { LinkPageWords.unsubscribeQuestion(language) }
                    form(post: "/u/\(token)") {
                        input("hidden", Attribute("name", "List-Unsubscribe"), Attribute("value", "One-Click"))
                        button(Attribute("class", "stop broad")) { LinkPageWords.unsubscribeButton(language) }
                    }
                }
            }
        }
    }

    static func done(_ link: ContactLink, _ language: Language) -> Page {
        Page(title: LinkPageWords.unsubscribedTitle(language), language: language) {
            main {
                div(Attribute("class", "card notice done"), Attribute("role", "status")) {
                    h1 { LinkPageWords.unsubscribedTitle(language) }
                    p { LinkPageWords.unsubscribedText(language) }
                    p { scope(link, language) }
                    p(Attribute("class", "soft")) { LinkPageWords.unsubscribedUndo(language) }
                }
            }
        }
    }

    private static func scope(_ link: ContactLink, _ language: Language) -> String {
        let parts = ContactLink.ScopeDimension.allCases.compactMap { dimension -> String? in
            guard let texts = link.scope[dimension], !texts.isEmpty else { return nil }
            return texts.map { CommonWords.word($0, in: language) }.joined(separator: ", ")
        }
        return parts.isEmpty
            ? LinkPageWords.unsubscribeScopeAll(language)
            : LinkPageWords.unsubscribeScope(language, ["scope": parts.joined(separator: " · ")])
    }
}
