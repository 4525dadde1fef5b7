import GovernorCore
import GovernorPages
import GovernorRuntime

/// What somebody said, in the reader's words.
struct FactText {
    let reader: Reader

    func title(_ fact: Fact, _ names: NameTable) -> String {
        func text<Kind>(_ name: Name<Kind>) -> String { names.text(name) ?? reader(FrameWords.unknown) }
        switch fact.body {
        case .optOut: return reader(FactWords.optOut)
        case .optIn: return reader(FactWords.optIn)
        case .consent(let name, _, _): return reader(FactWords.consent, ["name": text(name)])
        case .withdrawal(let name):
            return reader(FactWords.withdrawal, ["name": name.isNone ? reader(PersonWords.everything) : text(name)])
        case .holding(let holding): return text(holding.product)
        case .event(let name, _): return event(text(name))
        case .appointment(let from, _): return reader(FactWords.appointment, ["when": reader.moment(from)])
        case .quietTime(let spans, _): return reader(FactWords.quietTime, ["when": week(spans)])
        }
    }

    /// Whether it takes something away (`false`), permits something (`true`), or neither.
    func isGiving(_ body: FactBody) -> Bool? {
        switch body {
        case .optIn, .consent, .appointment: true
        case .optOut, .withdrawal, .quietTime: false
        case .holding, .event: nil
        }
    }

    func event(_ name: String) -> String {
        switch name {
        case "complaint": reader(FactWords.complaint)
        case "refusal", "refused": reader(FactWords.refusal)
        case "purchase": reader(FactWords.purchase)
        case "inquiry": reader(FactWords.inquiry)
        case "reassigned": reader(FactWords.reassigned)
        case "attorney": reader(FactWords.attorney)
        case "deceased": reader(FactWords.deceased)
        case "conversation": reader(FactWords.conversation)
        default: CommonWords.word(name, in: reader.language)
        }
    }

    func status(_ status: HoldingStatus) -> String {
        switch status {
        case .active: reader(FactWords.active)
        case .grace: reader(FactWords.grace)
        case .lapsed: reader(FactWords.lapsed)
        case .cancelled: reader(FactWords.cancelled)
        case .pending: reader(FactWords.pending)
        case .quote: reader(FactWords.quote)
        }
    }

    /// What it is about; empty for everything.
    func scope(_ fact: Fact, _ names: NameTable) -> String {
        func part<Kind>(_ word: PersonWords, _ set: NameSet<Kind>, inWords: Bool = false) -> String? {
            if set.isAny { return nil }
            let texts = set.names.map { name -> String in
                let text = names.text(name) ?? reader(FrameWords.unknown)
                return inWords ? CommonWords.word(text, in: reader.language) : text
            }
            return reader(word, ["names": texts.joined(separator: ", ")])
        }
        let scope = fact.scope
        var parts = [
            part(.channels, scope.channels, inWords: true), part(.purposes, scope.purposes, inWords: true),
            part(.brands, scope.brands), part(.products, scope.products), part(.families, scope.families),
            part(.campaigns, scope.campaigns), part(.subjects, scope.subjects), part(.accounts, scope.accounts),
        ].compactMap { $0 }
        if case .optOut(.endpoint, _) = fact.body { parts.append(reader(PersonWords.addressAlone)) }
        if case .optIn(.endpoint, _) = fact.body { parts.append(reader(PersonWords.addressAlone)) }
        return parts.joined(separator: "; ")
    }

    /// `Mon–Fri 08:00–12:00`
    private func week(_ spans: [WeeklySpan]) -> String {
        spans.map { span in
            let days = (0..<7).filter { span.days >> UInt8($0) & 1 == 1 }.map { reader.weekday($0) }
            let clock = "\(Clock.text(span.start))–\(Clock.text(span.end))"
            return days.count == 7
                ? "\(reader(ActionWords.everyDay)) \(clock)" : "\(days.joined(separator: ", ")) \(clock)"
        }.joined(separator: "; ")
    }
}
