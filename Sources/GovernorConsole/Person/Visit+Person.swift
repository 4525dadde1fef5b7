import GovernorCore
import GovernorPages
import GovernorRuntime
import GovernorStore

extension Visit {
    func searchPage(_ status: Int, typed: String = "", fault: String? = nil) -> SiteAnswer {
        show(status, reader(PersonWords.title), .person) { frame in
            SearchPart(reader: reader, frame: frame, typed: typed, fault: fault).page
        }
    }

    private var query: PersonQuery? {
        reader.caller.map { PersonQuery(governor: governor, intake: console.intake, caller: $0) }
    }

    /// Finds somebody and leads to a page whose path says nothing about her.
    func search(_ form: FormFields) async -> SiteAnswer {
        guard let query, let session = reader.session else { return signInPage(401) }
        let typed = form["q"] ?? ""
        let search: PersonSearch
        do throws(PersonSearch.Failure) {
            search = try PersonSearch(
                typed, region: reader.region, namespace: console.intake.uniqueNamespaces.sorted().first ?? "crm")
        } catch {
            let fault =
                switch error {
                case .empty: reader(PersonWords.searchEmpty)
                case .tooLong(let count): reader(PersonWords.searchTooLong, ["count": reader.number(count)])
                }
            return searchPage(422, typed: typed, fault: fault)
        }
        do throws(PersonFailure) {
            let (_, records) = try await query.find(search.contact)
            let id = records.first?.id.hexadecimal ?? RandomText.hexadecimal(words: 2)
            console.sessions.remember(search.contact, as: id, in: session.token)
            return go("/person/\(id)" + FormFields.query([("c", form["c"]), ("p", form["p"])]))
        } catch {
            return failed(error, typed: typed)
        }
    }

    func person(_ id: String, _ form: FormFields) async -> SiteAnswer {
        let number = form["done"].flatMap { Int($0) }
        let notice = number.flatMap { number in reader.session?.notices.first { $0.number == number }?.notice }
        return await person(id, form, contact: reader.session?.contact(id), notice: notice, draft: nil)
    }

    private func person(
        _ id: String, _ form: FormFields, contact: ContactForm?, notice: Notice?, draft: ActionDraft?
    ) async -> SiteAnswer {
        guard let query, let known = PersonID(hexadecimal: id) else {
            return page(404, .notFoundTitle, .notFoundText)
        }
        do throws(PersonFailure) {
            let (about, records) = try await contact == nil ? query.find(known) : query.find(contact ?? ContactForm())
            let view = try await query.view(contact, about, records)
            let channel = form["c"].flatMap { view.channels.contains($0) ? $0 : nil } ?? view.channels.first ?? "voice"
            let purpose = form["p"].flatMap { view.purposes.contains($0) ? $0 : nil } ?? view.purposes.first ?? ""
            return show(draft == nil ? 200 : 422, reader(PersonWords.title), .person) { frame in
                PersonPage(
                    reader: reader, frame: frame, zones: governor.zones, zoneNames: console.zoneNames,
                    path: "\(root)/person/\(id)", view: view, channel: channel, purpose: purpose,
                    showsEverything: form["all"] == "1", notice: notice, draft: draft
                ).html
            }
        } catch {
            return failed(error, typed: "")
        }
    }

    private func failed(_ failure: PersonFailure, typed: String) -> SiteAnswer {
        switch failure {
        case .fields(let errors):
            let detail = errors.errors.first?.detail ?? ""
            return searchPage(
                422, typed: typed, fault: reader(PersonWords.searchNotUnderstood, ["detail": detail]))
        case .store(let error): return trouble(error)
        case .forgotten:
            return show(404, reader(PersonWords.searchForgotten), .person) { frame in
                div(Attribute("class", "page-head")) {
                    h1 { reader(PersonWords.searchForgotten) }
                    p(Attribute("class", "lede")) { reader(PersonWords.searchForgottenText) }
                }
                div(Attribute("class", "card")) { SearchPart(reader: reader, frame: frame).whole }
            }
        }
    }

    // MARK: Actions

    func act(_ id: String, _ name: String, _ form: FormFields) async -> SiteAnswer {
        guard let query, let session = reader.session, let caller = reader.caller,
            let action = Action(rawValue: name), let known = PersonID(hexadecimal: id),
            (form["fact"] ?? "").utf8.count == 32
        else { return page(404, .notFoundTitle, .notFoundText) }
        let contact = ContactFields.read(form) ?? session.contact(id)
        do throws(PersonFailure) {
            let (about, records) = try await contact == nil ? query.find(known) : query.find(contact ?? ContactForm())
            let view = PersonView(
                contact: contact, about: about, records: records, channels: [], purposes: [], answers: [])
            let zone = view.zones.lazy.compactMap { governor.zones[$0] }.first ?? reader.zone
            var draft = ActionDraft(action, form)
            guard let told = draft.fact(for: reader, zone: zone) else {
                return await person(id, form, contact: contact, notice: nil, draft: draft)
            }
            var facts = FactIntake(
                intake: console.intake, caller: caller, policies: governor.policies.current, now: reader.now,
                about: about)
            let work: FactWork
            do throws(FieldErrors) { work = try facts.read(told.form, action.kind) } catch {
                draft.faults["form"] = error.errors.map(\.detail).joined(separator: " ")
                return await person(id, form, contact: contact, notice: nil, draft: draft)
            }
            let result: Result<FactAnswer, FactError> = await settled { completion in
                governor.take(work, callerText: caller.id, completion: completion)
            }
            switch result {
            case .success(let answer):
                let person = answer.persons.first?.hexadecimal ?? id
                if let contact { console.sessions.remember(contact, as: person, in: session.token) }
                let number = console.sessions.leave(
                    notice(answer, told.readOut, console.intake.factID(told.form.id, by: caller)), in: session.token)
                return go(
                    "/person/\(person)"
                        + FormFields.query([("c", form["c"]), ("p", form["p"]), ("done", "\(number)")]))
            case .failure(let error):
                draft.faults["form"] =
                    switch error {
                    case .recordFull: reader(ActionWords.full)
                    case .mismatch: reader(ActionWords.mismatch)
                    case .store(let error): reader(ActionWords.store, ["detail": "\(error)."])
                    }
                return await person(id, form, contact: contact, notice: nil, draft: draft)
            }
        } catch {
            return failed(error, typed: "")
        }
    }

    private func notice(_ answer: FactAnswer, _ readOut: String, _ id: FactID) -> Notice {
        var lines = [reader(ActionWords.recordedAt, ["when": reader.exact(answer.recordedAt)])]
        if !answer.revoked.isEmpty {
            lines.append(reader(ActionWords.alsoRevoked, ["count": reader.number(answer.revoked.count)]))
        }
        if answer.persons.count > 1 {
            lines.append(reader(ActionWords.severalPersons, ["count": reader.number(answer.persons.count)]))
        }
        return Notice(
            isGood: true, title: reader(answer.isDuplicate ? ActionWords.duplicate : .done), readOut: readOut,
            lines: lines, factID: id.hexadecimal)
    }
}
