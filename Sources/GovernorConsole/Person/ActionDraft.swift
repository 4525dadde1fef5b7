import GovernorCore
import GovernorPages
import GovernorRuntime

/// What an agent may do with a person on the line.
enum Action: String, CaseIterable {
    case optOut = "opt-out"
    case complaint, refusal
    case quiet = "quiet-time"
    case appointment
    case optIn = "opt-in"

    var title: ActionWords {
        switch self {
        case .optOut: .optOut
        case .complaint: .complaint
        case .refusal: .refusal
        case .quiet: .quiet
        case .appointment: .appointment
        case .optIn: .optIn
        }
    }

    var lead: ActionWords {
        switch self {
        case .optOut: .optOutLead
        case .complaint: .complaintLead
        case .refusal: .refusalLead
        case .quiet: .quietLead
        case .appointment: .appointmentLead
        case .optIn: .optInLead
        }
    }

    var kind: FactKind {
        switch self {
        case .optOut: .optOut
        case .optIn: .optIn
        case .complaint, .refusal, .quiet, .appointment: .event
        }
    }
}

/// A form of an action as it was filled in, and what is wrong with it.
struct ActionDraft {
    let action: Action
    let fields: FormFields
    /// By the name of the field.
    var faults: [String: String] = [:]

    static let noteBytesMax = 4_000

    init(_ action: Action, _ fields: FormFields) {
        self.action = action
        self.fields = fields
    }

    /// The fact that the form tells and the sentence that confirms it; `nil` when a field is wrong, and `faults` says which.
    ///
    /// - Parameter zone: the person's clock.
    mutating func fact(for reader: Reader, zone: ZoneTable) -> (form: FactForm, readOut: String)? {
        var form = FactForm()
        form.id = fields["fact"] ?? ""
        form.source = "console"
        let note = (fields.text("note") ?? "").split(whereSeparator: \.isNewline).joined(separator: " / ")
        form.evidence = note.isEmpty ? nil : String(note.prefix(Self.noteBytesMax))
        let readOut: String
        switch action {
        case .optOut: readOut = reachOut(&form, reader)
        case .optIn:
            readOut = reader(ActionWords.readOptIn)
            reachIn(&form)
            if note.isEmpty { faults["note"] = reader(ActionWords.evidenceMissing) }
        case .complaint:
            form.event = "complaint"
            readOut = reader(ActionWords.readComplaint)
        case .refusal:
            form.event = "refusal"
            readOut = reader(ActionWords.readRefusal)
        case .quiet: readOut = quiet(&form, reader, zone)
        case .appointment: readOut = appointment(&form, reader, zone)
        }
        return faults.isEmpty ? (form, readOut) : nil
    }

    private mutating func reachOut(_ form: inout FactForm, _ reader: Reader) -> String {
        switch fields["reach"] {
        case "channel":
            let channel = fields.text("channel") ?? "voice"
            form.scope.values[.channels] = [channel]
            return reader(
                ActionWords.readOptOutChannel, ["channel": CommonWords.word(channel, in: reader.language)])
        case "brand":
            guard let brand = fields.text("brand") else {
                faults["brand"] = reader(ActionWords.brandMissing)
                return ""
            }
            form.scope.values[.brands] = [brand]
            return reader(ActionWords.readOptOutBrand, ["brand": brand])
        default: return reader(ActionWords.readOptOut)
        }
    }

    private func reachIn(_ form: inout FactForm) {
        if fields["reach"] == "channel", let channel = fields.text("channel") {
            form.scope.values[.channels] = [channel]
        }
        if let purpose = fields.text("purpose") { form.scope.values[.purposes] = [purpose] }
    }

    private mutating func quiet(_ form: inout FactForm, _ reader: Reader, _ zone: ZoneTable) -> String {
        form.event = "quiet_time"
        let days = fields["days"] ?? "daily"
        let (from, to) = (fields.text("from") ?? "", fields.text("to") ?? "")
        let end = to == "00:00" ? "24:00" : to
        if Clock("\(from)-\(end)") == nil { faults["from"] = reader(ActionWords.quietMissing) }
        form.hours = [["daily", "weekdays", "weekend"].contains(days) ? days : "daily": ["\(from)-\(end)"]]
        if let text = fields.text("until") {
            if let date = try? LocalDate(parsing: text) {
                form.until = zone.instant(of: date.adding(days: 1)).description
            } else {
                faults["until"] = reader(ActionWords.dateMissing)
            }
        }
        let word: ActionWords = days == "weekdays" ? .weekdays : days == "weekend" ? .weekend : .everyDay
        return reader(ActionWords.readQuiet, ["days": reader(word), "from": from, "to": to])
    }

    private mutating func appointment(_ form: inout FactForm, _ reader: Reader, _ zone: ZoneTable) -> String {
        form.event = "appointment"
        let zone = fields["clock"] == "mine" ? reader.zone : zone
        let minutes = Int64(fields.text("lasts") ?? "") ?? 30
        let clock = (fields.text("time") ?? "").split(separator: ":").compactMap { Int32($0) }
        guard let date = try? LocalDate(parsing: fields.text("date") ?? ""), clock.count >= 2,
            (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (5...480).contains(minutes)
        else {
            faults["date"] = reader(ActionWords.dateMissing)
            return ""
        }
        let from = zone.instant(of: date, millisecondOfDay: clock[0] * 3_600_000 + clock[1] * 60_000)
        if from < reader.now { faults["date"] = reader(ActionWords.dateMissing) }
        form.from = from.description
        form.to = (from + .minutes(minutes)).description
        return reader(
            ActionWords.readAppointment, ["when": "\(reader.date(from, in: zone)), \(reader.time(from, in: zone))"])
    }
}
