import Dispatch
import Foundation
import GovernorCore
import GovernorIdentity
import GovernorLedger
import GovernorPolicy
import GovernorRuntime
import GovernorStoreEmbedded
import GovernorWorkbench
import Synchronization

/// Stands where the recording puts it.
final class RecordingClock: WallClock {
    private let instant = Mutex(Timestamp(milliseconds: 1_795_010_400_000))
    func now() -> Timestamp { instant.withLock { $0 } }
    func advance(by length: Milliseconds) { instant.withLock { $0 = $0 + length } }
}

/// Records a run of the governor into a ledger, unless there is one already, and replays it.
///
/// `WorkbenchBenchmarks FOLDER DECISIONS PEOPLE POLICIES…`: prints one line of JSON. The decisions are spread over ten weeks,
/// five channels and purposes, twenty campaigns and four agencies; some get an outcome, some people say no.
@main struct WorkbenchBenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 4, let decisions = Int(arguments[2]), let people = Int(arguments[3]) else {
            FileHandle.standardError.write(Data("usage: WorkbenchBenchmarks FOLDER DECISIONS PEOPLE POLICIES…\n".utf8))
            exit(64)
        }
        let folder = arguments[1]
        let zones = ZoneAtlas(try SystemZones.load())
        let loader = PolicyService.loader(zones: zones, at: Timestamp(milliseconds: 1_795_010_400_000))
        let (loaded, findings) = loader.load(files: try PolicyService.sources(Array(arguments[4...])))
        guard let policies = loaded else {
            FileHandle.standardError.write(Data(findings.report.utf8))
            exit(1)
        }
        if !FileManager.default.fileExists(atPath: folder + "/ledger") {
            try record(decisions, people, in: folder, policies, zones)
        }
        var rates: [Double] = []
        var tally: ReplayTally?
        for _ in 0..<3 {
            let started = ContinuousClock.now
            let one = try Replay(policies: policies, zones: zones).run(dataDirectory: folder)
            rates.append(Double(one.decisions) / ((ContinuousClock.now - started) / .seconds(1)))
            tally = one
        }
        guard let tally else { return }
        print(
            """
            {"replayed": \(tally.decisions), "allowed": \(tally.allowedNow), "changes": \(tally.changes), \
            "flips": \(tally.flips.total), "other_differences": \(tally.otherDifferences), \
            "rules": \(policies.rules.count), "decisions_per_second": \(Int(rates.sorted()[1]))}
            """)
    }

    static func record(
        _ decisions: Int, _ people: Int, in folder: String, _ policies: PolicySet, _ zones: ZoneAtlas
    ) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ledger = try Ledger(
            dataDirectory: folder, identity: LedgerIdentity(secretFingerprint: [1], normaliserVersion: 1))
        let store = try EmbeddedStore(
            directory: folder, ledger: ledger,
            configuration: EmbeddedConfiguration(secretFingerprint: [1], normaliserVersion: 1)
        ) { _, _ in }
        var configuration = GovernorConfiguration()
        configuration.ledgerChecks = .all
        configuration.storeDeadline = .seconds(60)
        let hasher = try IdentifierHasher(secret: Array("a secret for benchmarks".utf8))
        let clock = RecordingClock()
        let governor = Governor(
            store: store, policies: PolicyHolder(policies), zones: zones, hasher: hasher, clock: clock,
            configuration: configuration)
        let intake = Intake(hasher: hasher, zones: zones)
        let step = Milliseconds(max(1, Int64(70 * 86_400_000 / max(1, decisions))))
        let room = DispatchSemaphore(value: 512)
        var state: UInt64 = 88_172_645_463_325_252
        func random(_ n: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(n))
        }
        for i in 0..<decisions {
            clock.advance(by: step)
            let caller = Caller(id: "k\(i % 4)", role: .dialer, agency: "agency-\(i % 4)")
            var form = DecisionForm()
            form.contact.phone = "+1212" + String(2_000_000 + random(people))
            form.channel = random(3) == 0 ? "sms" : "voice"
            form.purpose = ["marketing", "marketing", "service", "collections"][random(4)]
            form.campaign = "campaign-\(random(20))"
            form.product = "product-\(random(10))"
            form.contact.country = "US"
            form.contact.region = "NY"
            form.reserve = random(8) != 0
            if random(400) == 0 {
                var fact = FactForm()
                fact.id = "f\(i)"
                fact.contact = form.contact
                fact.scope.values[.channels] = [form.channel]
                var reader = FactIntake(intake: intake, caller: caller, policies: policies, now: clock.now())
                let work = try reader.read(fact, .optOut)
                room.wait()
                governor.take(work, callerText: caller.id) { _ in room.signal() }
            }
            let request = try intake.request(form, by: caller).request
            let wantsOutcome = random(2) == 0
            let now = clock.now()
            room.wait()
            governor.decide(request) { result in
                guard wantsOutcome, case .success(let answer) = result, let given = answer.decision.reservation else {
                    room.signal()
                    return
                }
                var names = NameTable()
                let outcome: EventName = names.intern(given.touch.bits % 3 == 0 ? "conversation" : "no_answer")
                governor.report(
                    outcome, at: now, on: given.touch, of: given.person, caller: request.caller, accounts: nil,
                    isCorrection: false, names: names
                ) { _ in room.signal() }
            }
        }
        for _ in 0..<512 { room.wait() }
        for _ in 0..<512 { room.signal() }
        governor.close()
        store.close()
        ledger.close()
    }
}
