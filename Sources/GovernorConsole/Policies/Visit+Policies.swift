import GovernorCore
import GovernorPages
import GovernorPolicy
import GovernorRegistry
import GovernorRuntime
import GovernorWorkbench

#if canImport(Glibc)
    import Glibc
#endif

extension Visit {
    func policies(_ revision: String?, _ form: FormFields) -> SiteAnswer {
        let service = console.policies
        let current = governor.policies.current
        var set = current
        var texts = service.texts
        if let revision, revision != current.revision {
            guard let old = console.revisions.policies(revision, of: console) else {
                return page(404, .notFoundTitle, .notFoundText)
            }
            (set, texts) = (old.policies, old.texts)
        }
        let isCurrent = set.revision == current.revision
        let path = root + "/policies" + (isCurrent ? "" : "/" + set.revision)
        let line = form["line"].flatMap { Int($0) } ?? 1
        return show(200, reader(PolicyWords.title), .policies) { frame in
            PoliciesPage(
                reader: reader, frame: frame, zones: governor.zones, path: path, policies: set, texts: texts,
                status: isCurrent ? service.status : nil, kept: isCurrent ? service.archive?.revisions ?? [] : [],
                file: form["file"] ?? "", line: max(1, line), node: Self.node
            ).html
        }
    }

    /// The machine's own name.
    static let node: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    func check(_ form: FormFields, isPost: Bool) async -> SiteAnswer {
        var result: PolicyCheck?
        var fault: String?
        let (text, tests, name) = (form["policy"] ?? "", form["tests"] ?? "", form["name"] ?? "")
        if isPost, !text.trimmed.isEmpty {
            let (console, now) = (console, reader.now)
            result = await console.gate.run {
                await PolicyCheck.run(
                    text, as: name.isEmpty ? CheckPage.newName : name, tests: tests, searches: true, over: console,
                    at: now)
            }
            if result == nil { fault = reader(PolicyWords.tooManyChecks) }
        }
        return show(fault == nil ? 200 : 503, reader(PolicyWords.checkTitle), .check) { frame in
            CheckPage(
                reader: reader, frame: frame, names: console.policies.texts.map(\.file.name), text: text, tests: tests,
                name: name, result: result, fault: fault
            ).html
        }
    }

    /// What stands beside the text, as it is typed.
    func checkLive(_ form: FormFields) async -> SiteAnswer {
        let (text, tests, name) = (form["policy"] ?? "", form["tests"] ?? "", form["name"] ?? "")
        var result: PolicyCheck?
        if !text.trimmed.isEmpty {
            let (console, now) = (console, reader.now)
            result = await console.gate.run {
                await PolicyCheck.run(
                    text, as: name.isEmpty ? CheckPage.newName : name, tests: tests, searches: false, over: console,
                    at: now)
            }
            if result == nil { return SiteAnswer(503, fields: Self.fields + [("retry-after", "1")]) }
        }
        let html = CheckResult(reader: reader, result: result, isLive: true).html
        return SiteAnswer(200, fields: Self.fields, content: .bytes(Array(html.markup.utf8)))
    }

    /// Guards of the campaigns and agencies that this node was asked about lately, and of those with a key.
    func guards() async -> SiteAnswer {
        let history = governor.metrics.traffic.fold(at: reader.now)
        let campaigns = Set(history.recent.keys.map(\.campaign))
        let agencies = Set(history.asked.values.flatMap(\.keys)).union(console.keys.entries.map(\.agency))
        let namesMax = 200
        func named(_ names: Set<String>) -> [String] {
            Array(names.filter { !$0.isEmpty }.sorted().prefix(namesMax))
        }
        // Contacts without a campaign are counted as those of one.
        switch await governor.guardReports(campaigns: [""] + named(campaigns), agencies: named(agencies)) {
        case .failure(let error): return trouble(error)
        case .success(let (policies, reports)):
            return show(200, reader(GuardWords.title), .guards) { frame in
                GuardsPage(
                    reader: reader, frame: frame, zones: governor.zones, policies: policies, reports: reports
                ).html
            }
        }
    }

    func registries() -> SiteAnswer {
        show(200, reader(PolicyWords.registriesTitle), .registries) { frame in
            RegistriesPage(
                reader: reader, frame: frame, snapshots: console.intake.registries.current.map(\.info),
                policies: governor.policies.current
            ).html
        }
    }
}
