import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorWorkbench

/// One person, one screen.
struct PersonPage {
    let reader: Reader
    let frame: Frame
    let zones: ZoneAtlas
    let zoneNames: [ZoneKey: String]
    /// The path of this page: the console's root and the person's id.
    let path: String
    let view: PersonView
    let channel: String
    let purpose: String
    var showsEverything = false
    var notice: Notice?
    /// The form that was sent last and is not right yet.
    var draft: ActionDraft?

    /// Contacts that are shown at first.
    static let touchesShown = 20
    static let touchesMax = 200
    static let factsShown = 30
    static let reasonsShown = 5

    var html: HTML {
        HTML {
            heading
            if let notice { NoticePart(reader: reader, frame: frame).html(notice) }
            identity.conflict
            withoutNumber
            div(Attribute("class", "columns side")) {
                div(Attribute("class", "stack")) {
                    verdictCard
                    matrixCard
                    timelineCard
                }
                div(Attribute("class", "stack")) {
                    ActionPart(page: self).html
                    whereCard
                    leftCard
                    holdsCard
                    saidCard
                    if !view.records.isEmpty { identity.link }
                    identity.merges
                    knownCard
                }
            }
        }
    }

    private var heading: HTML {
        div(Attribute("class", "stack")) {
            SearchPart(reader: reader, frame: frame).compact
            div(Attribute("class", "page-head")) {
                h1 { title }
                if let since = view.records.first?.createdAt {
                    span(Attribute("class", "soft")) { reader(PersonWords.knownSince, ["date": reader.date(since)]) }
                }
                if view.records.isEmpty { p(Attribute("class", "lede")) { reader(PersonWords.notKnownText) } }
            }
        }
    }

    /// What was typed, or that nobody is known.
    var title: String {
        if view.records.isEmpty { return reader(PersonWords.notKnown) }
        guard let contact = view.contact else { return reader(PersonWords.title) }
        return ([contact.phone, contact.email].compactMap { $0 } + contact.ids).joined(separator: " · ")
    }

    private var identity: IdentityPart { IdentityPart(reader: reader, frame: frame, path: path, view: view) }

    @HTMLBuilder private var withoutNumber: HTML {
        if view.contact == nil {
            section(Attribute("class", "notice hold")) {
                h2 { reader(PersonWords.openedByID) }
                p { reader(PersonWords.openedByIDText) }
            }
        }
    }

    // MARK: The answer

    @HTMLBuilder private var verdictCard: HTML {
        if let answer = view.answer(channel, purpose) {
            let standing = Standing(answer.decision)
            section(Attribute("class", "card flush"), Attribute("aria-labelledby", "answer")) {
                div(Attribute("class", "verdict \(standing.style)")) {
                    standing.icon.html("icon huge")
                    p(Attribute("class", "asked")) {
                        reader(
                            PersonWords.forPurpose,
                            [
                                "channel": CommonWords.word(channel, in: reader.language),
                                "purpose": CommonWords.word(purpose, in: reader.language),
                            ])
                    }
                    h2(Attribute("class", "answer"), Attribute("id", "answer")) { sentence(standing) }
                }
                nextPart(standing)
                div(Attribute("class", "inside")) { reasons(answer, standing) }
            }
        }
    }

    private func sentence(_ standing: Standing) -> String {
        switch standing {
        case .yes: reader(PersonWords.yesNow)
        case .later(let at): reader(PersonWords.notNow, ["when": reader.moment(at, in: herZones.first?.table)])
        case .no(.never): reader(PersonWords.noNever)
        case .no(.horizon): reader(PersonWords.noHorizon)
        case .no: reader(PersonWords.noAct)
        }
    }

    @HTMLBuilder private func nextPart(_ standing: Standing) -> HTML {
        if case .later(let at) = standing {
            dl(Attribute("class", "next")) {
                div {
                    dt { reader(PersonWords.nextHers) }
                    for place in herZones.prefix(3) {
                        dd { "\(reader.moment(at, in: place.table)) – \(place.names)" }
                    }
                    if herZones.isEmpty { dd { reader(FrameWords.unknown) } }
                }
                div {
                    dt { reader(PersonWords.nextYours, ["zone": reader.zoneName]) }
                    dd { reader.moment(at) }
                }
                div {
                    dt { reader(PersonWords.nextIn) }
                    dd { reader.ahead(at) }
                }
            }
        }
    }

    @HTMLBuilder private func reasons(_ answer: DecisionAnswer, _ standing: Standing) -> HTML {
        let text = ReasonText(reader: reader)
        if answer.decision.reasons.isEmpty {
            p { reader(PersonWords.noReason) }
        } else {
            let shown = answer.decision.reasons.prefix(Self.reasonsShown)
            let rest = answer.decision.reasons.dropFirst(Self.reasonsShown)
            h3(Attribute("class", "hidden-visually")) { reader(PersonWords.whyTitle) }
            list(Array(shown), answer)
            if !rest.isEmpty {
                HTML.element("details", [Attribute("class", "reasons-more"), Attribute("id", "reasons-more")]) {
                    HTML.element("summary") {
                        reader(PersonWords.moreReasons, ["count": reader.number(rest.count)])
                    }
                    list(Array(rest), answer)
                }
            }
        }
        if case .no = standing {
            let helps = unique(answer.decision.reasons.filter { $0.until == nil }.map { text.help($0.code) })
            if !helps.isEmpty {
                h3 { reader(PersonWords.whatHelps) }
                for help in helps { p { help } }
            }
        }
        let duties = unique(answer.decision.obligations.flatMap { answer.policies.rules[Int($0)].obligations })
        if !duties.isEmpty, standing == .yes {
            h3 { reader(PersonWords.obligationsTitle) }
            ul { for duty in duties { li { duty } } }
        }
        let shadow = unique(answer.decision.shadow.compactMap { $0.rule.map { answer.policies.rules[Int($0)].id } })
        if !shadow.isEmpty {
            p(Attribute("class", "small soft")) {
                reader(PersonWords.shadowAlso, ["rules": shadow.joined(separator: ", ")])
            }
        }
    }

    private func list(_ reasons: [Reason], _ answer: DecisionAnswer) -> HTML {
        let text = ReasonText(reader: reader)
        return ul(Attribute("class", "reasons")) {
            for reason in reasons {
                li {
                    span(Attribute("class", "says")) { text.sentence(reason, of: answer) }
                    span(Attribute("class", "from")) { origin(reason, answer) }
                }
            }
        }
    }

    @HTMLBuilder private func origin(_ reason: Reason, _ answer: DecisionAnswer) -> HTML {
        if let rule = reason.rule.map({ answer.policies.rules[Int($0)] }) {
            if reader.isAuditor, rule.file != "builtin" {
                a(.path("href", PolicyPlace.path(of: rule, root: frame.root))) {
                    reader(PersonWords.rule, ["rule": rule.id])
                }
            } else {
                reader(PersonWords.rule, ["rule": rule.id])
            }
        }
        if let until = reason.until {
            (reason.rule == nil ? "" : " · ")
                + reader(PersonWords.until, ["when": reader.moment(until, in: herZones.first?.table)])
        }
    }

    // MARK: All answers

    private var matrixCard: HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "matrix")) {
            h2(Attribute("id", "matrix")) { reader(PersonWords.mayWe) }
            table(Attribute("class", "matrix")) {
                thead {
                    tr {
                        td { span(Attribute("class", "hidden-visually")) { reader(ActionWords.channel) } }
                        for purpose in view.purposes {
                            th(Attribute("scope", "col")) { CommonWords.word(purpose, in: reader.language) }
                        }
                    }
                }
                tbody {
                    for (i, channel) in view.channels.enumerated() {
                        tr {
                            th(Attribute("scope", "row")) {
                                Icon.channel(channel).html()
                                " " + CommonWords.word(channel, in: reader.language)
                            }
                            for (j, purpose) in view.purposes.enumerated() {
                                td { cell(channel, purpose, Standing(view.answers[i][j].decision)) }
                            }
                        }
                    }
                }
            }
            ul(Attribute("class", "legend")) {
                li(Attribute("class", "y")) {
                    Icon.yes.html()
                    reader(PersonWords.legendYes)
                }
                li(Attribute("class", "l")) {
                    Icon.later.html()
                    reader(PersonWords.legendLater)
                }
                li(Attribute("class", "n")) {
                    Icon.no.html()
                    reader(PersonWords.legendNo)
                }
            }
        }
    }

    private func cell(_ channel: String, _ purpose: String, _ standing: Standing) -> HTML {
        let isHere = channel == self.channel && purpose == self.purpose
        return HTML.element(
            "a",
            [
                Attribute("class", standing.style),
                .path("href", path + FormFields.query([("c", channel), ("p", purpose)])),
            ] + (isHere ? [Attribute("aria-current", "true")] : [])
        ) {
            span(Attribute("class", "purpose")) { CommonWords.word(purpose, in: reader.language) }
            standing.icon.html()
            switch standing {
            case .yes: reader(PersonWords.shortYes)
            case .later(let at): short(at)
            case .no: reader(PersonWords.shortNo)
            }
        }
    }

    /// `16:02` of today, else the date.
    private func short(_ at: Timestamp) -> String {
        let zone = herZones.first?.table ?? reader.zone
        if zone.date(at: at) == zone.date(at: reader.now) { return reader.time(at, in: zone) }
        if zone.date(at: at) == zone.date(at: reader.now).adding(days: 1) { return reader.moment(at, in: zone) }
        return reader.date(at, in: zone)
    }

    // MARK: Where, what is left, what she has

    /// The places she may be in, those with the same clock together.
    private var herZones: [(table: ZoneTable, names: String)] {
        var groups: [(offset: Int, table: ZoneTable, names: [String])] = []
        for key in view.zones {
            guard let table = zones[key] else { continue }
            let offset = table.offset(at: reader.now)
            let name = zoneNames[key].map(Self.city) ?? table.name
            if let i = groups.firstIndex(where: { $0.offset == offset }) {
                if !groups[i].names.contains(name) { groups[i].names.append(name) }
            } else {
                groups.append((offset, table, [name]))
            }
        }
        return groups.sorted { $0.offset < $1.offset }.map { group in
            let shown = group.names.prefix(2).joined(separator: ", ")
            let rest = group.names.count - 2
            let names =
                rest > 0
                ? reader(PersonWords.zonesAndMore, ["places": shown, "count": reader.number(rest)]) : shown
            return (group.table, names)
        }
    }

    /// `New York` for `America/New_York`.
    private static func city(_ zone: String) -> String {
        (zone.split(separator: "/").last.map(String.init) ?? zone).replacing("_", with: " ")
    }

    private var whereCard: HTML {
        let places = herZones
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "where")) {
            h2(Attribute("id", "where")) { reader(PersonWords.whereTitle) }
            if places.isEmpty {
                p { reader(PersonWords.anywhere) }
            } else {
                ul(Attribute("class", "times")) {
                    for place in places.prefix(6) {
                        li {
                            strong { reader.time(reader.now, in: place.table) }
                            span { reader(PersonWords.localNow, ["places": place.names]) }
                        }
                    }
                }
                if places.count > 1 { p(Attribute("class", "hint")) { reader(PersonWords.otherTime) } }
            }
        }
    }

    @HTMLBuilder private var leftCard: HTML {
        if let answer = view.answer(channel, purpose) {
            section(Attribute("class", "card"), Attribute("aria-labelledby", "left")) {
                h2(Attribute("id", "left")) { reader(PersonWords.leftTitle) }
                let caps = caps(answer)
                if caps.isEmpty {
                    p { reader(PersonWords.noCaps) }
                } else {
                    ul(Attribute("class", "meters")) {
                        for cap in caps {
                            li {
                                div(Attribute("class", "row")) {
                                    span(Attribute("class", "left")) { cap.words }
                                    code { cap.rule.id }
                                }
                                Meter(left: cap.left, limit: cap.limit).html
                                p(Attribute("class", "hint"), Attribute("lang", "en")) {
                                    RuleProse(cap.rule, in: answer.policies, zones: zones).demand
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func caps(_ answer: DecisionAnswer) -> [(rule: Rule, left: Int, limit: Int, words: String)] {
        answer.decision.remaining.compactMap { remaining in
            let rule = answer.policies.rules[Int(remaining.rule)]
            guard case .frequencyCap(let cap) = rule.body, cap.limit > 0 else { return nil }
            let (left, limit) = (Int(remaining.left), Int(cap.limit))
            let values = ["left": reader.number(left), "limit": reader.number(limit)]
            return (rule, left, limit, reader(left == 0 ? PersonWords.leftNone : PersonWords.leftOf, values))
        }
    }

    private var holdsCard: HTML {
        let text = FactText(reader: reader)
        var seen: Set<String> = []
        let holdings = view.facts.compactMap { fact, names -> (Holding, String)? in
            guard case .holding(let holding) = fact.body, fact.at <= reader.now else { return nil }
            let product = names.text(holding.product) ?? reader(FrameWords.unknown)
            return seen.insert(product).inserted ? (holding, product) : nil
        }
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "holds")) {
            h2(Attribute("id", "holds")) { reader(PersonWords.holdsTitle) }
            if holdings.isEmpty {
                p(Attribute("class", "soft")) { reader(PersonWords.holdsNothing) }
            } else {
                ul(Attribute("class", "plain")) {
                    for (holding, product) in holdings.prefix(Self.factsShown) {
                        li {
                            div(Attribute("class", "row spread")) {
                                strong { product }
                                span(Attribute("class", "chip")) { text.status(holding.status) }
                            }
                            let dates = [
                                holding.from.map { reader(PersonWords.from, ["date": reader.date($0)]) },
                                holding.to.map { reader(PersonWords.to, ["date": reader.date($0)]) },
                                holding.graceUntil.map { reader(PersonWords.grace, ["date": reader.date($0)]) },
                            ].compactMap { $0 }
                            if !dates.isEmpty {
                                span(Attribute("class", "small soft")) { dates.joined(separator: ", ") }
                            }
                        }
                    }
                }
            }
        }
    }

    private var saidCard: HTML {
        let text = FactText(reader: reader)
        let facts = view.facts.filter { if case .holding = $0.fact.body { false } else { true } }
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "said")) {
            h2(Attribute("id", "said")) { reader(PersonWords.saidTitle) }
            if facts.isEmpty {
                p(Attribute("class", "soft")) { reader(PersonWords.saidNothing) }
            } else {
                ul(Attribute("class", "plain")) {
                    for (fact, names) in facts.prefix(Self.factsShown) {
                        li {
                            strong { text.title(fact, names) }
                            let scope = text.scope(fact, names)
                            if !scope.isEmpty { div { reader(PersonWords.only, ["what": scope]) } }
                            div(Attribute("class", "small soft")) { said(fact, names) }
                        }
                    }
                }
            }
        }
    }

    private func said(_ fact: Fact, _ names: NameTable) -> String {
        var parts = [reader(PersonWords.told, ["date": reader.moment(fact.at)])]
        if abs((fact.receivedAt - fact.at).count) > 60_000 {
            parts.append(reader(PersonWords.arrived, ["date": reader.moment(fact.receivedAt)]))
        }
        if let source = names.text(fact.source) { parts.append(reader(PersonWords.source, ["source": source])) }
        if fact.hasEvidence { parts.append(reader(PersonWords.evidenceKept)) }
        return parts.joined(separator: " · ")
    }

    private var knownCard: HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "known")) {
            h2(Attribute("id", "known")) { reader(PersonWords.identifiersTitle) }
            if let record = view.records.first {
                ul(Attribute("class", "plain")) {
                    for known in record.identifiers.prefix(20) {
                        li {
                            span { kind(known, record.names) }
                            " "
                            code { "…" + hexadecimal(known.hash.high).prefix(8) }
                            if known.isShared { span(Attribute("class", "chip")) { reader(PersonWords.shared) } }
                            if known.isHousehold { span(Attribute("class", "chip")) { reader(PersonWords.household) } }
                        }
                    }
                }
                if reader.isAuditor {
                    p(Attribute("class", "small")) {
                        a(.path("href", "\(frame.root)/decisions?id=\(record.id.hexadecimal)")) {
                            reader(ActionWords.trace)
                        }
                    }
                    p(Attribute("class", "small")) {
                        a(.path("href", "\(frame.root)/person/\(record.id.hexadecimal)/dossier")) {
                            reader(IdentityWords.dossier)
                        }
                    }
                }
            }
            p(Attribute("class", "hint")) { reader(PersonWords.notInClear) }
        }
    }

    private func kind(_ known: KnownIdentifier, _ names: NameTable) -> String {
        switch known.kind {
        case .phone: reader(PersonWords.phoneNumber)
        case .email: reader(PersonWords.emailAddress)
        case .key: reader(PersonWords.customerNumber, ["namespace": names.text(known.namespace) ?? "?"])
        }
    }

    // MARK: What happened

    private var timelineCard: HTML {
        let touches = view.touches
        let shown = touches.prefix(showsEverything ? Self.touchesMax : Self.touchesShown)
        return section(Attribute("class", "card"), Attribute("aria-labelledby", "timeline")) {
            h2(Attribute("id", "timeline")) { reader(PersonWords.timelineTitle) }
            if touches.isEmpty {
                p(Attribute("class", "soft")) { reader(PersonWords.timelineEmpty) }
            } else {
                ol(Attribute("class", "timeline")) {
                    for (touch, names) in shown { entry(touch, names) }
                }
                if touches.count > shown.count, !showsEverything {
                    a(
                        .path(
                            "href",
                            path + FormFields.query([("c", channel), ("p", purpose), ("all", "1")]) + "#timeline")
                    ) {
                        reader(PersonWords.timelineMore, ["count": reader.number(touches.count)])
                    }
                }
            }
            if let from = view.records.first?.historyFrom, from != .distantPast {
                p(Attribute("class", "hint")) { reader(PersonWords.historyFrom, ["date": reader.date(from)]) }
            }
        }
    }

    private func entry(_ touch: Touch, _ names: NameTable) -> HTML {
        let channel = names.text(touch.channel) ?? ""
        let agency = names.text(touch.agency) ?? ""
        let isOpen = reader.isAuditor || agency == reader.caller?.agency
        return li {
            span(Attribute("class", "dot")) {
                touch.direction == .inbound ? Icon.inbound.html() : Icon.channel(channel).html()
            }
            div {
                p(Attribute("class", "what")) { what(touch, channel, names) }
                p { "\(state(touch, names))\(isOpen ? details(touch, names) : "")" }
                p(Attribute("class", "when")) {
                    "\(reader.moment(touch.at)) · \(reader.ago(touch.at))"
                    if !agency.isEmpty {
                        " · " + reader(isOpen ? PersonWords.agency : .agencyOther, ["name": agency])
                    }
                }
            }
        }
    }

    private func what(_ touch: Touch, _ channel: String, _ names: NameTable) -> String {
        let word = CommonWords.word(channel, in: reader.language)
        if touch.direction == .inbound { return reader(PersonWords.inboundContact, ["channel": word]) }
        let purpose = CommonWords.word(names.text(touch.purpose) ?? "", in: reader.language)
        return reader(PersonWords.forPurpose, ["channel": word, "purpose": purpose])
    }

    private func state(_ touch: Touch, _ names: NameTable) -> String {
        if let outcome = names.text(touch.outcome) {
            return reader(PersonWords.stateReported, ["outcome": CommonWords.word(outcome, in: reader.language)])
        }
        switch touch.state {
        case .reserved:
            return reader(touch.isOpen(at: reader.now) ? PersonWords.stateReserved : .stateExpired)
        case .confirmed, .reported: return reader(PersonWords.stateConfirmed)
        case .released: return reader(PersonWords.stateReleased)
        case .revoked: return reader(PersonWords.stateRevoked)
        case .external: return reader(PersonWords.stateExternal)
        }
    }

    private func details(_ touch: Touch, _ names: NameTable) -> String {
        let parts = [
            names.text(touch.campaign).map { reader(PersonWords.campaign, ["name": $0]) },
            names.text(touch.product).map { reader(PersonWords.product, ["name": $0]) },
            names.text(touch.brand).map { reader(PersonWords.brand, ["name": $0]) },
            names.text(touch.subject).map { reader(PersonWords.subject, ["name": $0]) },
        ].compactMap { $0 }
        return parts.isEmpty ? "" : " · " + parts.joined(separator: " · ")
    }

    private func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}

/// What is left of a cap, as slots that are taken one by one, or as a bar when there are many.
struct Meter {
    let left: Int
    let limit: Int

    private static let slotsMax = 14

    /// Says nothing by itself: the words stand beside it.
    var html: HTML {
        let isMany = limit > Self.slotsMax
        let count = isMany ? 1 : limit
        let width = 100 / Double(count)
        let gap = isMany ? 0 : min(1.2, width / 6)
        return HTML.element(
            "svg",
            [
                Attribute("class", "meter"), Attribute("viewBox", "0 0 100 6"),
                Attribute("preserveAspectRatio", "none"),
                Attribute("aria-hidden", "true"), Attribute("focusable", "false"),
            ]
        ) {
            for slot in 0..<count {
                rect("slot", x: Double(slot) * width + gap / 2, width: width - gap)
                if !isMany, slot < left { rect("on", x: Double(slot) * width + gap / 2, width: width - gap) }
            }
            if isMany, left > 0 { rect("on", x: 0, width: 100 * Double(left) / Double(limit)) }
        }
    }

    private func rect(_ name: String, x: Double, width: Double) -> HTML {
        HTML.element(
            "rect",
            [
                Attribute("class", name), Attribute("x", Chart.number(x)), Attribute("y", "0.5"),
                Attribute("width", Chart.number(width)), Attribute("height", "5"), Attribute("rx", "0.8"),
            ])
    }
}
