import GovernorCore
import GovernorPages
import GovernorRuntime
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What a person may do by a link.
enum PersonPage: Sendable {
    case unsubscribeQuestion, unsubscribe, preferences, choose
}

/// Why a page says that something did not work.
enum PageTrouble: Sendable {
    case badLink, expired, badRequest, busy, store

    var status: Int {
        switch self {
        case .badLink: 404
        case .expired: 410
        case .badRequest: 400
        case .busy: 429
        case .store: 503
        }
    }

    fileprivate var words: (title: LinkPageWords, text: LinkPageWords) {
        switch self {
        case .badLink: (.badLinkTitle, .badLinkText)
        case .expired: (.expiredTitle, .expiredText)
        case .badRequest: (.badRequestTitle, .badRequestText)
        case .busy: (.busyTitle, .busyText)
        case .store: (.troubleTitle, .troubleText)
        }
    }
}

extension ColdResponder {
    /// Everything that a link's holder sees is a page; nothing that a visitor sends makes another answer.
    func show(_ page: PersonPage, token: String, _ request: Request, _ body: ByteBuffer) async -> ColdAnswer {
        guard visitors.admits(Substring(token), at: governor.clock.now()) else { return trouble(.busy, request) }
        guard let link = governor.link(token) else { return trouble(.badLink, request) }
        if let end = link.expiresAt, governor.clock.now() >= end { return trouble(.expired, request) }
        let language = Language(acceptLanguage: request.headers[.acceptLanguage])
        switch (page, link.kind) {
        case (.unsubscribeQuestion, .unsubscribe):
            return answer(UnsubscribePages.question(link, token: token, language))
        case (.unsubscribe, .unsubscribe): return await unsubscribe(link, token, language, request, body)
        case (.preferences, .preferences):
            return await preferences(link, token, language, request, notice: nil)
        case (.choose, .preferences): return await choose(link, token, language, request, body)
        case (.unsubscribeQuestion, .preferences), (.unsubscribe, .preferences), (.preferences, .unsubscribe),
            (.choose, .unsubscribe):
            return trouble(.badLink, request)
        }
    }

    func trouble(_ trouble: PageTrouble, _ request: Request) -> ColdAnswer {
        let language = Language(acceptLanguage: request.headers[.acceptLanguage])
        let words = trouble.words
        var answer = answer(
            Page(title: words.title(language), language: language) {
                main {
                    div(Attribute("class", "card notice trouble")) {
                        h1 { words.title(language) }
                        p { words.text(language) }
                    }
                }
            }, status: trouble.status)
        if trouble == .busy || trouble == .store { answer.headers[.retryAfter] = "60" }
        return answer
    }

    func answer(_ page: Page, status: Int = 200) -> ColdAnswer {
        var answer = ColdAnswer(status, "text/html", ByteBuffer(string: page.text))
        for (name, value) in Page.headers {
            if let name = HTTPField.Name(name) { answer.headers[name] = value }
        }
        // The same address speaks several languages.
        answer.headers[.vary] = "Accept-Language"
        answer.headers[.contentLanguage] = page.language.rawValue
        return answer
    }

    private func form(_ request: Request, _ body: ByteBuffer) -> FormBody? {
        FormBody(Array(body.readableBytesView), contentType: request.headers[.contentType])
    }

    // MARK: Unsubscribe

    /// One click, by a mail provider or on the page. Source: RFC 8058, section 3.
    private func unsubscribe(
        _ link: ContactLink, _ token: String, _ language: Language, _ request: Request, _ body: ByteBuffer
    ) async -> ColdAnswer {
        guard form(request, body)?["List-Unsubscribe"] == "One-Click" else { return trouble(.badRequest, request) }
        let evidence = "List-Unsubscribe=One-Click, by the link made at \(link.issuedAt)"
        let result: Result<FactAnswer, FactError> = await settled { completion in
            governor.unsubscribe(by: link, token: token, evidence: evidence, completion: completion)
        }
        switch result {
        case .success: return answer(UnsubscribePages.done(link, language))
        case .failure: return trouble(.store, request)
        }
    }

    // MARK: Choices

    private func preferences(
        _ link: ContactLink, _ token: String, _ language: Language, _ request: Request, notice: LinkPageWords?
    ) async -> ColdAnswer {
        let brand = request.uri.queryParameters.get("brand").map { String($0.prefix(128)) } ?? link.brand
        return await preferences(link, token, language, request, brand: brand, notice: notice)
    }

    private func preferences(
        _ link: ContactLink, _ token: String, _ language: Language, _ request: Request, brand: String,
        notice: LinkPageWords?
    ) async -> ColdAnswer {
        let result: Result<PreferenceView, FactError> = await settled { completion in
            governor.preferences(by: link, brand: brand, cells: PreferencePage.cells, completion: completion)
        }
        switch result {
        case .success(let view):
            var generator = SystemRandomNumberGenerator()
            return answer(
                PreferencePage(
                    link: link, token: token, brand: brand, view: view, language: language, notice: notice,
                    visit: hexadecimal(generator.next()), now: governor.clock.now()
                ).page)
        case .failure: return trouble(.store, request)
        }
    }

    private func choose(
        _ link: ContactLink, _ token: String, _ language: Language, _ request: Request, _ body: ByteBuffer
    ) async -> ColdAnswer {
        guard let form = form(request, body), let visit = form["visit"], visit.utf8.count <= 32,
            let brand = form["brand"], brand.utf8.count <= Intake.nameBytesMax,
            !brand.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { return trouble(.badRequest, request) }
        let choices = form["everything"] == nil ? PreferencePage.choices(form, brand: brand) : [.nothingAtAll]
        let evidence = "preference page in \(language.rawValue), by the link made at \(link.issuedAt)"
        let result: Result<[FactAnswer], FactError> = await settled { completion in
            governor.choose(
                choices, by: link, token: token, visit: visit, evidence: evidence, completion: completion)
        }
        switch result {
        case .success:
            return await preferences(
                link, token, language, request, brand: brand, notice: choices.isEmpty ? .nothingChanged : .savedText)
        case .failure: return trouble(.store, request)
        }
    }
}
