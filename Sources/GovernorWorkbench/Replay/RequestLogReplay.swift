import Dispatch
import Foundation
package import GovernorCore
import GovernorIdentity
package import GovernorRuntime
import GovernorStore
import Synchronization

/// Puts the requests of a log to policies, in their order, through the governor itself: over a store of memory, under a
/// clock that each line sets, with every count as these policies make it.
package struct RequestLogReplay {
    private let policies: PolicySet
    private let before: PolicySet?
    private let zones: ZoneAtlas
    private let intake: Intake

    /// - Parameter before: the policies to compare with where the log tells no answers; without them such a line is
    ///   only counted.
    package init(policies: PolicySet, before: PolicySet?, zones: ZoneAtlas, intake: Intake) {
        self.policies = policies
        self.before = before
        self.zones = zones
        self.intake = intake
    }

    /// Bytes that are read and taken apart at once.
    private static let chunkBytes = 4 << 20

    /// - Parameter progress: called with the share of the file that is done, 0…1, and the lines so far.
    /// - Throws: `RequestLogError`.
    package func run(file: String, progress: (Double, Int) -> Void = { _, _ in }) throws -> ReplayTally {
        guard let input = FileHandle(forReadingAtPath: file) else {
            throw RequestLogError(file: file, line: 0, why: "there is no such file, or it cannot be read")
        }
        defer { try? input.close() }
        let size = max(1, try input.seekToEnd())
        try input.seek(toOffset: 0)
        let reader = RequestLogReader(
            file: file,
            context: TestFileReader.Context(
                intake: intake, zones: zones, policies: policies, rules: [],
                caller: Caller(id: "log", role: .admin)))
        var changed = LoggedRun(policies, zones, intake.hasher)
        var recorded = before.map { LoggedRun($0, zones, intake.hasher) }
        var tally = ReplayTally()
        var rest: [UInt8] = []
        var lines = 0
        var done: UInt64 = 0
        var newest = Timestamp.distantPast
        while true {
            let data = try input.read(upToCount: Self.chunkBytes) ?? Data()
            done += UInt64(data.count)
            rest.append(contentsOf: data)
            let isLast = data.isEmpty
            let end = isLast ? rest.count : rest.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
            let acts = try Self.read(rest, upTo: end, reader, firstLine: lines + 1)
            for (line, logged) in acts {
                if logged.act.at < newest {
                    throw RequestLogError(
                        file: file, line: line,
                        why: "\(logged.act.at) lies before the line above: sort the log by `at`")
                }
                newest = logged.act.at
                let now = changed.perform(logged, line)
                let then = recorded?.perform(logged, line)
                guard let now else { continue }
                guard let told = logged.answer.map(LoggedRun.Told.init) ?? then?.told else {
                    tally.withoutAnswer += 1
                    continue
                }
                tally.add(ReplayedDecision(now, recorded: told, line: line))
            }
            lines += rest[..<end].count { $0 == 0x0a }
            rest.removeFirst(end)
            progress(Double(done) / Double(size), lines)
            if isLast { break }
        }
        tally.skippedConfirmations += changed.skipped
        return tally
    }

    /// Every line of a chunk, on all cores; hashing identifiers is most of the work.
    private static func read(
        _ bytes: [UInt8], upTo end: Int, _ reader: RequestLogReader, firstLine: Int
    ) throws -> [(Int, LoggedAct)] {
        var starts: [(start: Int, end: Int, line: Int)] = []
        var start = 0
        var line = firstLine
        while start < end {
            let stop = bytes[start..<end].firstIndex(of: 0x0a) ?? end
            if bytes[start..<stop].contains(where: { $0 > 0x20 }) { starts.append((start, stop, line)) }
            start = stop + 1
            line += 1
        }
        let parts = max(1, min(starts.count, ProcessInfo.processInfo.activeProcessorCount))
        let results = Results(parts)
        let lines = starts
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = lines.count * part / parts..<lines.count * (part + 1) / parts
            let read = Result<[(Int, LoggedAct)], any Error> {
                try bytes.withUnsafeBufferPointer { buffer in
                    try lines[range].map { start, end, line in
                        (line, try reader.read(UnsafeBufferPointer(rebasing: buffer[start..<end]), line: line))
                    }
                }
            }
            results.set(read, part)
        }
        return try results.all.flatMap { try $0.get() }
    }

    /// Filled by several threads, each its own place.
    private final class Results: Sendable {
        private let parts: Mutex<[Result<[(Int, LoggedAct)], any Error>]>

        init(_ count: Int) { parts = Mutex(Array(repeating: .success([]), count: count)) }

        func set(_ result: Result<[(Int, LoggedAct)], any Error>, _ part: Int) {
            parts.withLock { $0[part] = result }
        }

        var all: [Result<[(Int, LoggedAct)], any Error>] { parts.withLock { $0 } }
    }
}

/// A log under one version of the policies.
struct LoggedRun {
    /// What came of one question.
    struct Told {
        var verdict: Verdict
        var reasons: [RecordedReason]
        var shadow: [RecordedReason]
        var nextAllowedAt: Timestamp?
        var nextBasis: NextBasis

        init(_ answer: LoggedAnswer) {
            verdict = answer.verdict
            reasons = answer.reasons
            shadow = answer.shadow
            nextAllowedAt = answer.nextAllowedAt
            nextBasis = answer.nextBasis
        }

        init(_ decision: Decision, _ policies: PolicySet) {
            // Answers tell counts of limits alone.
            func told(_ reason: Reason) -> RecordedReason {
                var told = RecordedReason(reason, policies)
                if reason.limit == 0 && reason.code != .capReached { told.count = 0 }
                return told
            }
            verdict = decision.verdict
            reasons = decision.reasons.map(told)
            shadow = decision.shadow.map(told)
            nextAllowedAt = decision.nextAllowedAt
            nextBasis = decision.nextBasis
        }
    }

    struct Answered {
        var told: Told
        var request: ContactRequest
        var at: Timestamp
    }

    private let governor: Governor
    private let clock = ScenarioClock()
    private var reservations: [String: (Reservation, CallerID)] = [:]
    /// Reports on contacts that these policies would not have allowed.
    private(set) var skipped = 0

    init(_ policies: PolicySet, _ zones: ZoneAtlas, _ hasher: IdentifierHasher) {
        var configuration = GovernorConfiguration()
        configuration.ledgerChecks = .summary
        governor = Governor(
            store: InMemoryStore(), policies: PolicyHolder(policies), zones: zones, hasher: hasher, clock: clock,
            configuration: configuration)
    }

    /// What came of it, if it was a question.
    mutating func perform(_ logged: LoggedAct, _ line: Int) -> Answered? {
        clock.set(logged.act.at)
        let name = logged.answer?.reservation ?? logged.act.name
        switch logged.act.body {
        case .fact(let work, let callerText):
            let _: Result<FactAnswer, FactError>? = settled {
                governor.take(work, callerText: callerText, completion: $0)
            }
        case .ask(let request, _):
            let answer: Result<DecisionAnswer, DecideError>? = settled { governor.decide(request, completion: $0) }
            guard case .success(let decided) = answer else { return nil }
            keep(decided, name, CallerID(request.caller.name))
            return answered(decided, request, logged.act.at)
        case .confirm(let of, _):
            guard let (reservation, caller) = reservations[of] else {
                skipped += 1
                return nil
            }
            let answer: Result<DecisionAnswer, ReservationError>? = settled {
                governor.confirm(reservation.touch, of: reservation.person, caller: caller, completion: $0)
            }
            guard case .success(let decided) = answer else { return nil }
            keep(decided, of, caller)
            keep(decided, name, caller)
            return answered(decided, decided.request, logged.act.at)
        case .release(let of):
            guard let (reservation, caller) = reservations.removeValue(forKey: of) else { return nil }
            let _: Result<ReleaseAnswer, ReservationError>? = settled {
                governor.release(reservation.touch, of: reservation.person, caller: caller, completion: $0)
            }
        case .outcome(let of, let report):
            guard let (reservation, caller) = reservations[of] else { return nil }
            let _: Result<OutcomeAnswer, ReservationError>? = settled {
                governor.report(
                    report.outcome, at: report.at, on: reservation.touch, of: reservation.person, caller: caller,
                    accounts: report.accounts, isCorrection: report.isCorrection, names: report.names, completion: $0)
            }
        }
        return nil
    }

    private func answered(_ answer: DecisionAnswer, _ request: ContactRequest, _ at: Timestamp) -> Answered {
        Answered(told: Told(answer.decision, answer.policies), request: request, at: at)
    }

    private mutating func keep(_ answer: DecisionAnswer, _ name: String?, _ caller: CallerID) {
        if let name, let reservation = answer.decision.reservation { reservations[name] = (reservation, caller) }
    }

    /// The store of memory answers before it returns.
    private func settled<Value: Sendable>(_ ask: (@escaping @Sendable (Value) -> Void) -> Void) -> Value? {
        let box = Mutex<Value?>(nil)
        ask { value in box.withLock { $0 = value } }
        return box.withLock { $0 }
    }
}

extension ReplayedDecision {
    fileprivate init(_ answered: LoggedRun.Answered, recorded: LoggedRun.Told, line: Int) {
        self.init(
            sequence: UInt64(line),
            record: DecisionRecord(
                of: answered.request, at: answered.at, verdict: recorded.verdict, reasons: recorded.reasons,
                shadow: recorded.shadow, nextAllowedAt: recorded.nextAllowedAt, nextBasis: recorded.nextBasis),
            verdict: answered.told.verdict, nextBasis: answered.told.nextBasis,
            nextAllowedAt: answered.told.nextAllowedAt, reasons: answered.told.reasons, shadow: answered.told.shadow)
    }
}
