import GovernorAudit
import GovernorCore
import GovernorLedger
import GovernorPages
import GovernorRuntime
import GovernorStore

/// Decisions about who is who, and what is made of a person for somebody else.
extension Visit {
    func merge(_ id: String, _ form: FormFields) async -> SiteAnswer {
        guard let caller = reader.caller, let persons = persons(form), (form["fact"] ?? "").utf8.count == 32 else {
            return page(404, .notFoundTitle, .notFoundText)
        }
        var names = NameTable()
        names.add(bits: caller.callerID.name.bits, text: caller.id)
        let merge = Merge(
            id: console.intake.factID(form["fact"] ?? "", by: caller), persons: persons, at: governor.clock.now(),
            caller: caller.callerID, source: names.intern("console"))
        let (texts, evidence) = (names, evidence(form))
        let result: Result<MergeAnswer, MergeError> = await settled {
            governor.merge(merge, names: texts, evidence: evidence, callerText: caller.id, completion: $0)
        }
        switch result {
        case .success(let answer):
            let count = ["count": reader.number(answer.persons.count)]
            let isNew = answer.status == .merged
            return tell(
                id, form,
                Notice(
                    isGood: true, title: reader(isNew ? IdentityWords.mergeDone : .mergeAlready),
                    lines: [reader(IdentityWords.mergeDoneText, count)]))
        case .failure(let error): return tell(id, form, notMerged(error))
        }
    }

    func undoMerge(_ id: String, _ form: FormFields) async -> SiteAnswer {
        guard reader.isAuditor else { return forbidden(.decisions) }
        guard let caller = reader.caller, let name = form["merge"].flatMap({ MergeName($0) }) else {
            return page(404, .notFoundTitle, .notFoundText)
        }
        var names = NameTable()
        names.add(bits: caller.callerID.name.bits, text: caller.id)
        let texts = names
        let result: Result<MergeAnswer, MergeError> = await settled {
            governor.undoMerge(
                name, by: caller.callerID, names: texts, evidence: nil, callerText: caller.id, completion: $0)
        }
        switch result {
        case .success:
            return tell(
                id, form,
                Notice(
                    isGood: true, title: reader(IdentityWords.undoDone), lines: [reader(IdentityWords.undoDoneText)]))
        case .failure(let error): return tell(id, form, notMerged(error))
        }
    }

    func keepApart(_ id: String, _ form: FormFields) async -> SiteAnswer {
        guard reader.isAuditor else { return forbidden(.decisions) }
        guard let caller = reader.caller, let persons = persons(form) else {
            return page(404, .notFoundTitle, .notFoundText)
        }
        let result: Result<[PersonID], StoreError> = await settled {
            governor.keepApart(persons, callerText: caller.id, completion: $0)
        }
        switch result {
        case .success:
            return tell(
                id, form,
                Notice(
                    isGood: true, title: reader(IdentityWords.apartDone),
                    lines: [reader(IdentityWords.apartDoneText)]))
        case .failure(let error): return trouble(error)
        }
    }

    /// A link to the person's own page, for the address that was typed: the agent's mail program sends it.
    func preferenceLink(_ id: String, _ form: FormFields) -> SiteAnswer {
        guard let caller = reader.caller else { return signInPage(401) }
        guard let base = console.configuration.publicURL else {
            return tell(
                id, form,
                Notice(
                    isGood: false, title: reader(IdentityWords.notMerged),
                    lines: [reader(IdentityWords.linkNoServer)]))
        }
        guard let contact = ContactFields.read(form) ?? reader.session?.contact(id),
            let address = contact.email ?? contact.phone
        else { return page(404, .notFoundTitle, .notFoundText) }
        var asked = LinkForm()
        asked.contact.email = contact.email
        if contact.email == nil {
            asked.contact.phone = contact.phone
            asked.contact.country = contact.country
        }
        do throws(FieldErrors) {
            let link = try console.intake.link(asked, .preferences, by: caller, now: governor.clock.now())
            let url = "\(base)/p/\(governor.links.seal(link))"
            let until = reader.date(link.expiresAt ?? reader.now)
            let scheme = contact.email == nil ? "sms:" : "mailto:"
            return tell(
                id, form,
                Notice(
                    isGood: true, title: reader(IdentityWords.linkDone), readOut: url,
                    lines: [reader(IdentityWords.linkDoneText, ["date": until])],
                    message: scheme + FormFields.encoded(address) + "?body=" + FormFields.encoded(url)))
        } catch {
            let lines = error.errors.map(\.detail)
            return tell(
                id, form, Notice(isGood: false, title: reader(IdentityWords.notMerged), lines: lines))
        }
    }

    /// Everything that the node's ledger tells of her, as one file that can be sent on.
    func dossier(_ id: String) async -> SiteAnswer {
        guard reader.isAuditor else { return forbidden(.decisions) }
        guard let folder = console.configuration.dataDirectory, let known = PersonID(hexadecimal: id) else {
            return page(404, .notFoundTitle, .notFoundText)
        }
        let records: [PersonRecord]
        switch await settled({ governor.person(known, completion: $0) }) as Result<[PersonRecord], StoreError> {
        case .failure(let error): return trouble(error)
        case .success(let found): records = found
        }
        if records.isEmpty { return page(404, .notFoundTitle, .notFoundText) }
        var selection = AuditSelection()
        selection.identifiers = Set(records.flatMap { $0.identifiers.map(\.hash) })
        let (asked, now, most) = (selection, governor.clock.now(), console.configuration.dossierRecordsMax)
        let made = await console.gate.run {
            Result { () throws -> String? in
                if try LedgerReader(dataDirectory: folder).newestSequence() > most { return nil }
                return try Dossier.make(asked, from: [folder], at: now).html
            }
        }
        switch made {
        case nil: return page(503, .troubleTitle, .troubleText, ["detail": reader(PolicyWords.tooManyChecks)])
        case .success(nil):
            return page(
                413, title: IdentityWords.dossierTooLong, text: IdentityWords.dossierTooLongText,
                ["count": reader.number(Int(most))])
        case .success(let html?):
            let fields =
                Self.fields + [
                    ("content-disposition", "attachment; filename=\"dossier-\(id.prefix(8)).html\"")
                ]
            return SiteAnswer(200, fields: fields + cookies, content: .bytes(Array(html.utf8)))
        case .failure(let error):
            return page(503, .troubleTitle, .troubleText, ["detail": "\(error)"])
        }
    }

    // MARK: Parts

    private func persons(_ form: FormFields) -> [PersonID]? {
        let texts = (form["persons"] ?? "").split(separator: " ")
        let persons = texts.compactMap { PersonID(hexadecimal: String($0)) }
        return persons.count == texts.count && (2...Merge.personsMax).contains(persons.count) ? persons : nil
    }

    private func evidence(_ form: FormFields) -> String? {
        let note = (form.text("note") ?? "").unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }
        return note.isEmpty ? nil : String(String(String.UnicodeScalarView(note)).prefix(ActionDraft.noteBytesMax))
    }

    private func notMerged(_ error: MergeError) -> Notice {
        let line =
            switch error {
            case .shared: reader(IdentityWords.mergeShared)
            case .tooMany, .recordFull, .count: reader(IdentityWords.mergeTooMany)
            case .unknownPerson, .unknownMerge, .mismatch: reader(IdentityWords.mergeGone)
            case .store(let error): reader(ActionWords.store, ["detail": "\(error)."])
            }
        return Notice(isGood: false, title: reader(IdentityWords.notMerged), lines: [line])
    }

    /// Leads back to the person's page, which says what came of it.
    private func tell(_ id: String, _ form: FormFields, _ notice: Notice) -> SiteAnswer {
        guard let session = reader.session else { return signInPage(401) }
        if let contact = ContactFields.read(form) { console.sessions.remember(contact, as: id, in: session.token) }
        let number = console.sessions.leave(notice, in: session.token)
        return go("/person/\(id)" + FormFields.query([("done", "\(number)")]))
    }
}
