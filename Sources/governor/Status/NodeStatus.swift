import Foundation

/// How a node is: what `/readyz` and `/metrics` tell at one moment.
struct NodeStatus {
    struct Check: Equatable {
        var name: String
        var isFine: Bool
        var detail: String?
    }

    var isReady = false
    var checks: [Check] = []
    var revision = ""
    var samples: MetricSamples
    var seenAt = ContinuousClock.now

    static func look(_ client: ServerClient) async throws(CommandFailure) -> NodeStatus {
        let metrics = try await client.send("GET", "/metrics")
        let ready = try await client.send("GET", "/readyz")
        guard metrics.status == 200, let status = NodeStatus(ready: ready.body, metrics: metrics.body) else {
            throw CommandFailure("\(client.base) is no governor: it does not tell its metrics")
        }
        return status
    }

    /// `nil` when the first is not what `/readyz` says.
    init?(ready: Data, metrics: Data) {
        struct Ready: Decodable {
            struct Check: Decodable {
                var name: String
                var ok: Bool
                var detail: String?
            }
            struct Policy: Decodable { var revision: String }
            var status: String
            var checks: [Check]
            var policy: Policy
        }
        guard let told = try? JSONDecoder().decode(Ready.self, from: ready) else { return nil }
        isReady = told.status == "ready"
        checks = told.checks.map { Check(name: $0.name, isFine: $0.ok, detail: $0.detail) }
        revision = told.policy.revision
        samples = MetricSamples(String(decoding: metrics, as: UTF8.self))
    }

    /// By how much a counter rose each second; `nil` without an earlier look, or after a restart.
    private func rate(_ name: String, since before: NodeStatus?, _ labels: String? = nil) -> Double? {
        guard let before else { return nil }
        let seconds = before.seenAt.duration(to: seenAt) / .seconds(1)
        let rise = samples.sum(name, labels) - before.samples.sum(name, labels)
        return seconds > 0 && rise >= 0 ? rise / seconds : nil
    }

    private static let decisions = "governor_decisions_total"

    func text(since before: NodeStatus?, of base: String) -> String {
        func whole(_ value: Double) -> String { String(Int64(value.rounded())) }
        func perSecond(_ name: String, _ labels: String? = nil) -> String {
            rate(name, since: before, labels).map { "  \(whole($0))/s" } ?? ""
        }
        var rows: [[String]] = [["node", base], ["state", isReady ? "ready" : "NOT READY"]]
        for check in checks where !check.isFine { rows.append([check.name, check.detail ?? "not fine"]) }
        rows.append(["policies", "\(revision.prefix(12)), \(whole(samples.sum("governor_policy_rules"))) rules"])
        for (verdict, title) in [("allow", "allowed"), ("deny", "denied")] {
            let label = "verdict=\"\(verdict)\""
            rows.append([title, whole(samples.sum(Self.decisions, label)) + perSecond(Self.decisions, label)])
        }
        let further: [(title: String, metric: String, isCounter: Bool)] = [
            ("reservations", "governor_reservations_total", true), ("facts", "governor_facts_total", true),
            ("overruns", "governor_overruns_total", false),
            ("deadlines missed", "governor_deadline_misses_total", true),
            ("store failures", "governor_store_failures_total", true),
            ("ledger records", "governor_ledger_records_total", true),
            ("ledger waiting", "governor_ledger_waiting_records", false), ("people", "governor_store_people", false),
            ("people in memory", "governor_store_cached_people", false),
            ("listeners", "governor_stream_listeners", false), ("keys of the provider", "governor_jwks_keys", false),
        ]
        for (title, metric, isCounter) in further where samples.has(metric) {
            rows.append([title, whole(samples.sum(metric)) + (isCounter ? perSecond(metric) : "")])
        }
        for (title, metric) in [
            ("policies on disk are broken", "governor_policy_stale"), ("certificate is stale", "governor_tls_stale"),
            ("provider's keys are stale", "governor_jwks_stale"), ("Redis is healing", "governor_redis_healing"),
            ("ledger cannot rotate", "governor_ledger_rotation_failing"),
        ] where samples.sum(metric) > 0 { rows.append(["WARNING", title]) }
        if samples.has("governor_tls_certificate_expiry_seconds") {
            let days = samples.sum("governor_tls_certificate_expiry_seconds") / 86_400
            rows.append([days < 14 ? "WARNING" : "certificate", "ends in \(whole(days)) days"])
        }
        rows.append(["memory", "\(whole(samples.sum("process_resident_memory_bytes") / 1_048_576)) MiB"])
        rows.append(["up", Self.span(samples.sum("governor_uptime_seconds"))])
        return TextTable.text(rows, leftCount: 2)
    }

    static func span(_ seconds: Double) -> String {
        let whole = Int64(seconds)
        let parts = [(whole / 86_400, "d"), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
        let first = parts.firstIndex { $0.0 > 0 } ?? parts.count - 1
        return parts[first...].prefix(2).map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    func json(since before: NodeStatus?) -> String {
        let allow = samples.sum(Self.decisions, "verdict=\"allow\"")
        let deny = samples.sum(Self.decisions, "verdict=\"deny\"")
        let perSecond = rate(Self.decisions, since: before).map { String(format: "%.1f", $0) } ?? "null"
        let checks = checks.map {
            JSONText.object([("name", .text($0.name)), ("ok", .flag($0.isFine)), ("detail", .optional($0.detail))])
        }
        let gauges = samples.unlabelled.sorted { $0.key < $1.key }.map { ($0.key, JSONText.Value.raw($0.value)) }
        return JSONText.object([
            ("ready", .flag(isReady)), ("checks", .raw("[\(checks.joined(separator: ","))]")),
            ("policy_revision", .text(revision)), ("allowed", .number(Int(allow))), ("denied", .number(Int(deny))),
            ("decisions_per_second", .raw(perSecond)), ("metrics", .raw(JSONText.object(gauges))),
        ])
    }
}

/// The samples of a text in the format of Prometheus, version 0.0.4.
struct MetricSamples {
    private var byName: [String: [(labels: String, value: String)]] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), Double(line[line.index(after: space)...]) != nil else {
                continue
            }
            let name = line[..<space].prefix { $0 != "{" }
            let labels = line[..<space].dropFirst(name.count + 1).dropLast()
            byName[String(name), default: []].append((String(labels), String(line[line.index(after: space)...])))
        }
    }

    func has(_ name: String) -> Bool { byName[name] != nil }

    /// Over all samples of a name, or those with a label written as in the text.
    func sum(_ name: String, _ label: String? = nil) -> Double {
        (byName[name] ?? []).filter { sample in label.map { sample.labels.contains($0) } ?? true }
            .reduce(0) { $0 + (Double($1.value) ?? 0) }
    }

    /// Those without labels.
    var unlabelled: [String: String] {
        byName.compactMapValues { $0.count == 1 && $0[0].labels.isEmpty ? $0[0].value : nil }
    }
}
