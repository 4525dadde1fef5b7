import GovernorCore
import GovernorLedger
import GovernorPages
import GovernorRuntime
import GovernorStore
import GovernorWorkbench

extension Visit {
    private var search: LedgerSearch? {
        console.configuration.dataDirectory.map {
            LedgerSearch(dataDirectory: $0, recordsMax: console.configuration.ledgerRecordsMax)
        }
    }

    /// The form sends its fields by POST, since one of them may name a person; what it leads to can be linked.
    func decisions(_ form: FormFields, isPost: Bool) async -> SiteAnswer {
        var form = form
        if isPost, let who = form.text("who") {
            let typed: PersonSearch
            do throws(PersonSearch.Failure) {
                typed = try PersonSearch(
                    who, region: reader.region, namespace: console.intake.uniqueNamespaces.sorted().first ?? "crm")
            } catch {
                return decisionsPage(422, form, fault: reader(PersonWords.searchEmpty))
            }
            guard let caller = reader.caller else { return signInPage(401) }
            do throws(PersonFailure) {
                let query = PersonQuery(governor: governor, intake: console.intake, caller: caller)
                let records = try await query.find(typed.contact).records
                guard let record = records.first else {
                    return decisionsPage(404, form, fault: reader(PersonWords.notKnown))
                }
                form.set("person", record.id.hexadecimal)
            } catch {
                switch error {
                case .fields(let errors):
                    let detail = errors.errors.first?.detail ?? ""
                    return decisionsPage(
                        422, form, fault: reader(PersonWords.searchNotUnderstood, ["detail": detail]))
                case .store(let error): return trouble(error)
                case .forgotten: return decisionsPage(404, form, fault: reader(PersonWords.notKnown))
                }
            }
        }
        if isPost {
            let names = ["id", "person", "campaign", "agency", "rule", "verdict", "kind", "since", "until"]
            return go("/decisions" + FormFields.query(names.map { ($0, form.text($0)) } + [("show", "1")]))
        }
        guard let search, !form.fields.isEmpty else { return decisionsPage(200, form) }
        guard var query = ledgerQuery(form) else {
            return decisionsPage(422, form, fault: reader(DecisionWords.badID))
        }
        if let sequence = form["id"].flatMap({ UInt64($0) }), (form["id"] ?? "").utf8.count < 20 {
            return go("/decisions/\(sequence)")
        }
        if let person = query.persons.first ?? PersonID(hexadecimal: query.id),
            case .success(let records) = await settled({ governor.person(person, completion: $0) })
        {
            query.endpoints = Set(records.flatMap { $0.identifiers.map(\.hash) })
        }
        let asked = query
        let found = await Task.detached(priority: .low) { Result { try search.find(asked) } }.value
        switch found {
        case .success(let findings): return decisionsPage(200, form, findings)
        case .failure(let error):
            return decisionsPage(503, form, fault: reader(DecisionWords.noLedger, ["detail": "\(error)"]))
        }
    }

    private func ledgerQuery(_ form: FormFields) -> LedgerQuery? {
        var query = LedgerQuery()
        query.id = form.text("id")?.lowercased().replacing("-", with: "") ?? ""
        if !query.id.isEmpty, UInt64(query.id) == nil, PersonID(hexadecimal: query.id) == nil { return nil }
        if let person = form.text("person") {
            guard let id = PersonID(hexadecimal: person) else { return nil }
            query.persons = [id]
        }
        query.campaign = form.text("campaign") ?? ""
        query.agency = form.text("agency") ?? ""
        query.rule = form.text("rule") ?? ""
        query.verdict = form["verdict"] == "allow" ? .allow : form["verdict"] == "deny" ? .deny : nil
        query.kinds = form["kind"] == "decisions" ? [.decision] : form["kind"] == "facts" ? [.fact, .link] : []
        query.since = form.text("since").flatMap { try? LocalDate(parsing: $0) }.map { reader.zone.instant(of: $0) }
        query.until = form.text("until").flatMap { try? LocalDate(parsing: $0) }
            .map { reader.zone.instant(of: $0.adding(days: 1)) }
        query.before = form["before"].flatMap { UInt64($0) }
        return query
    }

    private func decisionsPage(
        _ status: Int, _ form: FormFields, _ findings: LedgerFindings? = nil, fault: String? = nil
    ) -> SiteAnswer {
        let agencies = Set(console.keys.entries.map(\.agency)).filter { !$0.isEmpty }.sorted()
        return show(status, reader(DecisionWords.title), .decisions) { frame in
            DecisionsPage(
                reader: reader, frame: frame, form: form, agencies: agencies,
                rules: governor.policies.current.rules.prefix(100).map(\.id), findings: findings, fault: fault
            ).html
        }
    }

    func decision(_ number: String) async -> SiteAnswer {
        guard let search, let sequence = UInt64(number) else { return page(404, .notFoundTitle, .notFoundText) }
        let found = await Task.detached(priority: .low) { Result { try search.record(sequence) } }.value
        guard case .success(let hit?) = found else { return page(404, .notFoundTitle, .notFoundText) }
        var policies: PolicySet?
        if case .decision(let decision) = hit.content {
            policies = console.revisions.policies(decision.revision, of: console)?.policies
        }
        return show(200, reader(DecisionWords.oneTitle, ["sequence": "\(sequence)"]), .decisions) { frame in
            DecisionPage(
                reader: reader, frame: frame, zones: governor.zones, zoneNames: console.zoneNames, hit: hit,
                policies: policies
            ).html
        }
    }

    // MARK: Reports over the ledger

    func shadow(_ form: FormFields) async -> SiteAnswer {
        let days = form["days"].flatMap { Int64($0) } ?? 7
        let since = reader.now - .days(max(1, min(days, 400)))
        guard let search, let folder = console.configuration.dataDirectory else {
            return page(404, .notFoundTitle, .notFoundText)
        }
        let most = UInt64(console.configuration.ledgerRecordsMax)
        let made = await console.gate.run {
            Result {
                let newest = try search.reader.newestSequence()
                let first = newest > most ? newest - most + 1 : 1
                return (try ShadowReport(dataDirectory: folder, since: since, first: first), first > 1)
            }
        }
        switch made {
        case .success(let (report, isCut)):
            return show(200, reader(PolicyWords.shadowTitle), .shadow) { frame in
                ShadowPage(
                    reader: reader, frame: frame, report: report, since: since, days: days, isCut: isCut,
                    recordsMax: Int(most), policies: governor.policies.current
                ).html
            }
        case .failure(let error):
            return page(503, .troubleTitle, .troubleText, ["detail": "\(error)"])
        case nil: return page(503, .troubleTitle, .troubleText, ["detail": reader(PolicyWords.tooManyChecks)])
        }
    }

    func optOuts(_ form: FormFields) async -> SiteAnswer {
        let days = max(1, min(form["days"].flatMap { Int64($0) } ?? 30, 400))
        guard let search else { return page(404, .notFoundTitle, .notFoundText) }
        let (since, zone) = (reader.now - .days(days), reader.zone)
        let made = await console.gate.run {
            Result { () throws -> OptOutReport in
                var report = OptOutReport(since: since, zone: zone)
                _ = try search.readNewest { report.add($0) }
                return report
            }
        }
        switch made {
        case .success(let report):
            return show(200, reader(PolicyWords.optOutsTitle), .optOuts) { frame in
                OptOutsPage(reader: reader, frame: frame, report: report, days: days).html
            }
        case .failure(let error): return page(503, .troubleTitle, .troubleText, ["detail": "\(error)"])
        case nil: return page(503, .troubleTitle, .troubleText, ["detail": reader(PolicyWords.tooManyChecks)])
        }
    }
}
