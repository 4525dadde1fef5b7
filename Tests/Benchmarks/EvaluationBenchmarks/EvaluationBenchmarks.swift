import Foundation
import GovernorCore
import GovernorIdentity
import GovernorPolicy

/// Nanoseconds of processor time per call in the median of 31 rounds; a busy machine does not count.
func nanoseconds(_ body: () -> Void) -> Double {
    var rounds: [Double] = []
    for _ in 0..<31 {
        let calls = 2_000
        let start = processorNanoseconds()
        for _ in 0..<calls { body() }
        rounds.append((processorNanoseconds() - start) / Double(calls))
    }
    return rounds.sorted()[rounds.count / 2]
}

/// Processor time of this thread so far.
func processorNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Calls of the allocator so far, when the counting library is loaded.
func allocations() -> UInt64? {
    guard let path = ProcessInfo.processInfo.environment["ALLOCATIONS_FILE"],
        let data = FileManager.default.contents(atPath: path), data.count >= 8
    else { return nil }
    return data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
}

/// Allocations per call.
func allocationsPerCall(_ body: () -> Void) -> Double? {
    let calls = 10_000
    guard let before = allocations() else { return nil }
    for _ in 0..<calls { body() }
    guard let after = allocations() else { return nil }
    // Reading the counter allocates a little itself.
    return (Double(after - before) / Double(calls) * 100).rounded() / 100
}

@inline(never) func keep<T>(_ value: T) { withExtendedLifetime(value) {} }

func load(_ texts: String...) -> PolicySet { load(texts) }

func load(_ texts: [String]) -> PolicySet {
    let loader = PolicyLoader { bytes in String(bytes.count) }
    let (policies, findings) = loader.load(
        files: texts.enumerated().map { PolicySource(name: "bench-\($0.offset).yaml", bytes: Array($0.element.utf8)) })
    guard let policies else {
        for finding in findings { FileHandle.standardError.write(Data("\(finding)\n".utf8)) }
        exit(1)
    }
    return policies
}

func number(_ value: Double?) -> String { value.map { String($0) } ?? "null" }

/// The policy with so many rules that apply to other contacts: to other campaigns, products and channels, in other places.
///
/// A thousand to a file: what one file may hold is bounded.
func crowded(_ text: String, with others: Int) -> [String] {
    var texts = [text]
    let places = (0..<200).map { i -> String in
        let letter = { (n: Int) in String(UnicodeScalar(UInt8(65 + n % 26))) }
        return i % 2 == 0 ? "CA-\(letter(i / 26))\(letter(i))" : "US-\(letter(i / 26 + 1))Z"
    }
    for i in 0..<others {
        let scope =
            switch i % 4 {
            case 0: "{ purposes: [marketing], campaigns: [other-\(i)] }"
            case 1: "{ purposes: [marketing], products: [other-\(i)] }"
            case 2: "{ channels: [voice, sms], purposes: [marketing], jurisdictions: [\(places[i % places.count])] }"
            default: "{ channels: [email], purposes: [survey] }"
            }
        if i % 1_000 == 0 { texts.append("policy: crowd-\(i / 1_000)\nrules:\n") }
        texts[texts.count - 1] += """

              - id: other-\(i)
                kind: frequency_cap
                scope: \(scope)
                limit: 3
                window: { local_days: 7 }
                because: Rule number \(i) says so.

            """
    }
    return texts
}

/// Stops 3 and 5 of the hot path by themselves: 20 rules, 20 touches, two zones, no I/O.
///
/// Prints one line of JSON: nanoseconds in the median over rounds, the same among 5,000 rules, milliseconds to load 1,000, and
/// allocations when they are counted.
@main struct EvaluationBenchmarks {
    static func main() throws {
        let text = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
        let open = load(text)
        // The same rules, with limits and hours that deny, so that the next instant has to be found over all of them together.
        let closed = load(
            text.replacing(/limit: 90\d/) { _ in "limit: 5" }.replacing("00:00-24:00", with: "08:00-21:00")
                .replacing("PT0.001S", with: "PT4H"))
        let atlas = ZoneAtlas(try SystemZones.load())

        let now = Timestamp(milliseconds: 1_795_300_000_000)
        let phone = RequestIdentifier(
            hash: IdentifierHash(high: 1, low: 2), kind: .phone,
            zones: [ZoneKey(name: "America/New_York"), ZoneKey(name: "America/Chicago")],
            jurisdictions: [Jurisdiction("US-NY")!], lineType: .mobile)
        var asked = ContactRequest(identifiers: [phone], endpoint: 0, channel: "voice", purpose: "marketing")
        asked.campaign = "q4-term-life"
        asked.product = "term-life"
        asked.brand = "acme"
        asked.method = .live
        let request = asked

        var record = PersonRecord(id: PersonID(high: 3, low: 4), createdAt: now - .days(400))
        record.identifiers = [
            KnownIdentifier(
                hash: phone.hash, kind: .phone, zones: phone.zones, jurisdictions: phone.jurisdictions,
                lineType: .mobile,
                addedAt: now - .days(400))
        ]
        for i in 0..<20 {
            let at = now - .hours(Int64(20 - i) * 9)
            var touch = Touch(
                id: TouchID(bits: UInt64(i)), at: at, expiresAt: at, state: .reported, channel: "voice",
                purpose: "marketing")
            touch.campaign = "q4-term-life"
            touch.product = "term-life"
            touch.brand = "acme"
            touch.outcome = i % 3 == 0 ? "voicemail" : "no_answer"
            touch.outcomeAt = at
            touch.endpoint = phone.hash
            record.touches.append(touch)
        }

        let records = [record]
        func decide(_ policies: PolicySet) -> Evaluation {
            let plan = policies.plan(for: request, zones: atlas, at: now)
            return evaluate(plan, records, at: now, touchID: TouchID(bits: 99))
        }

        let crowdText = crowded(text, with: 4_980)
        let crowd = load(crowdText)
        let thousand = crowded(text, with: 980)
        let loadStart = processorNanoseconds()
        keep(load(thousand))
        let loadMilliseconds = (processorNanoseconds() - loadStart) / 1e6

        let allowed = decide(open)
        let denied = decide(closed)
        guard allowed.decision.verdict == .allow, denied.decision.verdict == .deny, denied.decision.nextAllowedAt != nil
        else {
            FileHandle.standardError.write(Data("unexpected: \(allowed.decision)\n\(denied.decision)\n".utf8))
            exit(1)
        }
        let plan = open.plan(for: request, zones: atlas, at: now)
        let evaluateOnly = { keep(evaluate(plan, records, at: now, touchID: TouchID(bits: 99))) }
        let planOnly = { keep(open.plan(for: request, zones: atlas, at: now)) }
        let solve = { keep(decide(closed)) }

        // One after the other, in turns, so that a machine that slows down slows both.
        let alone = nanoseconds { keep(decide(open)) }
        let among = nanoseconds { keep(decide(crowd)) }
        guard decide(crowd).decision.remaining.count == allowed.decision.remaining.count else {
            FileHandle.standardError.write(Data("the crowd changed the answer\n".utf8))
            exit(1)
        }

        print(
            """
            {"plan_ns": \(nanoseconds(planOnly).rounded()), "evaluate_ns": \(nanoseconds(evaluateOnly).rounded()), \
            "deny_and_solve_ns": \(nanoseconds(solve).rounded()), "reasons": \(denied.decision.reasons.count), \
            "alone_ns": \(alone.rounded()), "among_5000_ns": \(among.rounded()), \
            "crowd_ratio": \((among / alone * 100).rounded() / 100), \
            "load_1000_rules_ms": \(loadMilliseconds.rounded()), \
            "plan_allocations": \(number(allocationsPerCall(planOnly))), \
            "evaluate_allocations": \(number(allocationsPerCall(evaluateOnly))), \
            "solve_allocations": \(number(allocationsPerCall(solve)))}
            """)
    }
}
