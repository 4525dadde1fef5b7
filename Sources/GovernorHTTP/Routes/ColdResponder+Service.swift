import Foundation
import GovernorCore
import GovernorRuntime
import HTTPTypes
import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The version that `/healthz` tells.
public let governorVersion = "0.1.0"

extension ColdResponder {
    func health() -> ColdAnswer {
        ColdAnswer { json in
            json.beginObject()
            json.field("status", static: "ok")
            json.field("version", governorVersion)
            json.endObject()
        }
    }

    /// A broken policy file leaves it ready: the last good policies are in force, and `rejected` says so.
    func readiness() -> ColdAnswer {
        let status = policies.status
        let trouble = configuration.storeTrouble()
        return ColdAnswer(trouble == nil ? 200 : 503) { json in
            json.beginObject()
            json.field("status", trouble == nil ? "ready" : "not_ready")
            json.name("checks")
            json.beginArray()
            json.beginObject()
            json.field("name", static: "store")
            json.field("ok", trouble == nil)
            json.field("detail", orNull: trouble.map { String($0.prefix(1024)) })
            json.endObject()
            json.beginObject()
            json.field("name", static: "policies")
            json.field("ok", status.rejectedAt == nil)
            json.field(
                "detail",
                orNull: status.rejectedAt.map { _ in
                    "stale: the changed files are broken, the last good ones stay in force"
                })
            json.endObject()
            json.endArray()
            json.name("policy")
            json.beginObject()
            json.field("revision", status.revision)
            json.field("activated_at", status.activatedAt)
            json.field("rules", status.ruleCount)
            json.name("rejected")
            if let at = status.rejectedAt {
                json.beginObject()
                json.field("at", at)
                json.list("errors", status.rejection.prefix(20).map { String($0.prefix(1024)) })
                json.endObject()
            } else {
                json.null()
            }
            json.endObject()
            json.endObject()
        }
    }

    func metricsText() -> ColdAnswer {
        var text = PrometheusText()
        let counts = governor.metrics
        text.family("governor_decisions_total", "counter", "Decisions by verdict.")
        text.sample("governor_decisions_total", [("verdict", "allow")], counts.allows.count)
        text.sample("governor_decisions_total", [("verdict", "deny")], counts.denies.count)
        text.family("governor_denials_total", "counter", "Denials by the code of their first reason.")
        for code in ReasonCode.allCases {
            let count = counts.denialsByCode[Int(code.rawValue)].count
            text.sample("governor_denials_total", [("code", code.name)], count)
        }
        let (byRule, shadow) = rules(counts.denialsByRule)
        text.family("governor_rule_denials_total", "counter", "Denials by the rule of their first reason.")
        for (rule, count) in byRule { text.sample("governor_rule_denials_total", [("rule", rule)], count) }
        text.family("governor_shadow_denials_total", "counter", "What rules in shadow mode would have denied.")
        for (rule, count) in shadow { text.sample("governor_shadow_denials_total", [("rule", rule)], count) }
        text.counter("governor_reservations_total", "Reservations given.", counts.reservations.count)
        text.family("governor_confirmations_total", "counter", "Confirmations by verdict.")
        text.sample("governor_confirmations_total", [("verdict", "allow")], counts.confirmations.count)
        text.sample("governor_confirmations_total", [("verdict", "deny")], counts.confirmationDenies.count)
        text.counter("governor_facts_total", "Facts and touches put on record.", counts.facts.count)
        text.counter("governor_overruns_total", "Caps that a late truth showed passed.", counts.overruns.count)
        text.counter(
            "governor_deadline_misses_total", "Decisions that the store did not answer in time.",
            counts.deadlinesMissed.count)
        text.counter(
            "governor_degraded_allows_total", "Contacts allowed while the store could not answer.",
            counts.degradedAllows.count)
        text.counter("governor_store_failures_total", "Decisions that failed in the store.", counts.storeFailures.count)
        text.gauge(
            "governor_stream_listeners", "Listeners to revocations on this node.",
            Double(governor.revocations.listenerCount))
        let status = policies.status
        text.counter("governor_policy_reloads_total", "Changed policies put in force.", status.reloads)
        text.counter("governor_policy_failures_total", "Changed policies that were broken.", status.failures)
        text.gauge("governor_policy_stale", "1 while the files on disk are broken.", status.rejectedAt == nil ? 0 : 1)
        text.gauge("governor_policy_rules", "Rules in force.", Double(status.ruleCount))
        let now = governor.clock.now()
        text.gauge(
            "governor_policy_age_seconds", "Since the policies were put in force.",
            Double((now - status.activatedAt).count) / 1_000)
        metrics.write(to: &text)
        if let status = configuration.certificates?.status {
            text.gauge(
                "governor_tls_certificate_expiry_seconds", "Until the certificate in use ends; negative when it has.",
                Double((status.expiresAt - now).count) / 1_000)
            text.counter("governor_tls_reloads_total", "Changed certificates put in use.", status.reloads)
            text.counter("governor_tls_failures_total", "Changed certificates that could not be used.", status.failures)
            text.gauge(
                "governor_tls_stale", "1 while the files are broken and the last good certificate is in use.",
                status.trouble == nil ? 0 : 1)
        }
        text.gauge("process_resident_memory_bytes", "Resident memory.", Double(residentBytes()))
        text.gauge(
            "governor_uptime_seconds", "Since the server was made.", Double((now - metrics.startedAt).count) / 1_000)
        return ColdAnswer(
            200, "text/plain; version=0.0.4; charset=utf-8",
            ByteBuffer(string: text.text + configuration.storeMetrics()))
    }

    private func rules(_ counts: [String: UInt64]) -> (enforced: [(String, UInt64)], shadow: [(String, UInt64)]) {
        var (enforced, shadow): ([(String, UInt64)], [(String, UInt64)]) = ([], [])
        for (rule, count) in counts.sorted(by: { $0.key < $1.key }) {
            if rule.hasPrefix("shadow:") {
                shadow.append((String(rule.dropFirst(7)), count))
            } else {
                enforced.append((rule, count))
            }
        }
        return (enforced, shadow)
    }

    /// Zero where the system does not tell.
    private func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let fields = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
        return pages * Int(getpagesize())
    }
}

/// Requests by route and class of status; labels come from the route table. The hot routes count for themselves.
final class HTTPMetrics: Sendable {
    private let labels: [(method: String, path: String)]
    private let counters: [Counter]
    private let hot: HotCounts
    let startedAt = SystemWallClock().now()

    /// - Parameter sites: their roots, which are labels too.
    init(hot: HotCounts, sites: [String] = []) {
        self.hot = hot
        labels = ColdRoute.all.map { ($0.method.rawValue, $0.path) } + sites.map { ("", $0) } + [("", "other")]
        counters = (0..<labels.count * 6).map { _ in Counter() }
    }

    /// `route`: the position in `ColdRoute.all`; `nil` for a path that is no route's.
    func count(route: Int?, status: Int) { count(label: route ?? labels.count - 1, status: status) }

    /// `site`: its position among the sites.
    func count(site: Int, status: Int) { count(label: ColdRoute.all.count + site, status: status) }

    private func count(label: Int, status: Int) { counters[label * 6 + min(max(status / 100, 0), 5)].add(1) }

    func write(to text: inout PrometheusText) {
        text.family(
            "governor_http_requests_total", "counter",
            "Requests by route and class of status.")
        func sample(_ method: String, _ path: String, _ status: Int, _ count: UInt64) {
            guard count > 0 else { return }
            text.sample(
                "governor_http_requests_total", [("method", method), ("route", path), ("status", "\(status)xx")], count)
        }
        for route in HotCounts.routes {
            for status in 1...5 {
                sample("\(route.method)", route.path, status, hot.count(route, statusClass: status))
            }
        }
        for (i, (method, path)) in labels.enumerated() {
            let isOther = i == labels.count - 1
            for status in 1...5 {
                let unread = isOther ? hot.count(nil, statusClass: status) : 0
                sample(method, path, status, counters[i * 6 + status].count + unread)
            }
        }
    }
}

/// The text format of Prometheus, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: UInt64) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        family(name, "counter", help)
        sample(name, [], value)
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        family(name, "gauge", help)
        text += "\(name) \(value)\n"
    }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
