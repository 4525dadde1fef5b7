import GovernorCore
import GovernorIdentity
public import GovernorRuntime
import GovernorSQLite
import GovernorStore
import Synchronization

/// One row of a list, read but not judged.
public struct ScrubRow: Sendable {
    /// From 1.
    public var number: Int
    /// What comes back of it in front of the verdict.
    public var head: [UInt8]
    public var contact: Result<ContactForm, FieldErrors>

    public init(number: Int, head: [UInt8], contact: Result<ContactForm, FieldErrors>) {
        self.number = number
        self.head = head
        self.contact = contact
    }
}

/// One row of a list with its answer.
public struct JudgedRow: Sendable {
    public enum Verdict: String, Sendable { case allow, deny, duplicate, invalid }

    public var number: Int
    public var head: [UInt8]
    public var verdict: Verdict
    /// As the format writes it.
    public var tail: [UInt8]
    /// The first reason of a denial, or the code of what is wrong.
    var reason = ""
    var example = ""
    var next: ScrubSummary.Next?
    var at: Timestamp?
    var policyRevision = ""
    var keys: [ListKey] = []
}

/// Why a list cannot be judged to its end.
public enum ScrubError: Error, Sendable, CustomStringConvertible {
    /// The store did not answer for so long that waiting makes no sense.
    case store(String)
    /// What has been seen so far does not fit on the disk.
    case spill(String)
    case tooLong

    public var description: String {
        switch self {
        case .store(let why): "the store does not answer: \(why)"
        case .spill(let why): "the rows seen so far cannot be kept: \(why)"
        case .tooLong: "a list may have at most \(ScrubRun.rowsMax) rows: split it"
        }
    }
}

/// Judges the rows of a list: batches side by side, answers in the order of the rows, in bounded memory.
///
/// A row that shares an identifier or a known person with an earlier readable row is its duplicate, whatever the earlier
/// one came to. Nothing is consumed.
public struct ScrubRun {
    public static let rowsMax = Int(UInt32.max) - 1
    /// Rows that are judged by one task.
    static let batchRows = 250
    /// Batches under way at once.
    static let underWayMax = 4
    /// How long a store that answers nothing is waited for.
    static let patience = Duration.seconds(30)

    private let judge: Judge
    private var seen: SeenKeys
    private var batch: [ScrubRow] = []
    private var underWay: [Task<[JudgedRow], any Error>] = []
    private var count = 0
    private var summary = ScrubSummary()

    public init(governor: Governor, intake: Intake, question: ScrubQuestion, format: any ScrubFormat) {
        self.init(
            governor: governor, intake: intake, question: question, format: format, keysInMemory: SeenKeys.memoryMax)
    }

    init(governor: Governor, intake: Intake, question: ScrubQuestion, format: any ScrubFormat, keysInMemory: Int) {
        judge = Judge(governor: governor, intake: intake, question: question, format: format)
        seen = SeenKeys(memoryMax: keysInMemory)
    }

    /// Takes one row; hands out what is ready.
    /// - Throws: `ScrubError`; whatever `emit` throws.
    public mutating func add(_ row: ScrubRow, emit: (JudgedRow) throws -> Void) async throws {
        count += 1
        guard count <= Self.rowsMax else { throw ScrubError.tooLong }
        batch.append(row)
        if batch.count >= Self.batchRows { try await dispatch(emit) }
    }

    /// Judges what is left and hands it out.
    public mutating func finish(emit: (JudgedRow) throws -> Void) async throws -> ScrubSummary {
        if !batch.isEmpty { try await dispatch(emit) }
        while !underWay.isEmpty { try await settle(emit) }
        summary.sort()
        return summary
    }

    /// Ends what is under way, for who gives up in the middle.
    public mutating func cancel() {
        for task in underWay { task.cancel() }
        underWay = []
    }

    private mutating func dispatch(_ emit: (JudgedRow) throws -> Void) async throws {
        if underWay.count >= Self.underWayMax { try await settle(emit) }
        underWay.append(Task { [judge, batch] in try await judge.rows(batch) })
        batch.removeAll(keepingCapacity: true)
    }

    /// The oldest batch, row after row.
    private mutating func settle(_ emit: (JudgedRow) throws -> Void) async throws {
        for var row in try await underWay.removeFirst().value {
            if !row.keys.isEmpty {
                let first: UInt32
                do throws(SQLiteFailure) {
                    first = try seen.first(of: row.keys, row: UInt32(row.number))
                } catch { throw ScrubError.spill(error.message) }
                if first != UInt32(row.number) {
                    row.verdict = .duplicate
                    row.tail = judge.format.tail(duplicateOf: Int(first))
                }
            }
            summary.count(row)
            try emit(row)
        }
    }
}

/// Judges rows by themselves, without knowing of each other.
private struct Judge: Sendable {
    let governor: Governor
    let intake: Intake
    let question: ScrubQuestion
    let format: any ScrubFormat

    func rows(_ rows: [ScrubRow]) async throws -> [JudgedRow] {
        var judged: [JudgedRow?] = Array(repeating: nil, count: rows.count)
        var waiting: [Int] = []
        var requests: [(request: ContactRequest, asked: Timestamp?)] = []
        waiting.reserveCapacity(rows.count)
        requests.reserveCapacity(rows.count)
        var form = question.form
        for (index, row) in rows.enumerated() {
            do throws(FieldErrors) {
                form.contact = try row.contact.get()
                requests.append(try intake.request(form, by: question.caller))
                waiting.append(index)
            } catch { judged[index] = invalid(row, error.errors) }
        }
        let began = ContinuousClock.now
        while true {
            let answers = await governor.judge(requests)
            var again: [Int] = []
            var why = ""
            for (position, answer) in answers.enumerated() {
                switch answer {
                case .success(let judgement):
                    let index = waiting[position]
                    judged[index] = self.judged(rows[index], judgement, requests[position].request)
                case .failure(let error):
                    again.append(position)
                    why = "\(error)"
                }
            }
            if again.isEmpty { return judged.compactMap { $0 } }
            if began.duration(to: .now) > ScrubRun.patience { throw ScrubError.store(why) }
            try await Task.sleep(for: .milliseconds(50))
            (waiting, requests) = (again.map { waiting[$0] }, again.map { requests[$0] })
        }
    }

    private func judged(_ row: ScrubRow, _ judgement: Judgement, _ request: ContactRequest) -> JudgedRow {
        let answer = judgement.answer
        let decision = answer.decision
        var judged = JudgedRow(
            number: row.number, head: row.head, verdict: decision.verdict == .allow ? .allow : .deny,
            tail: format.tail(answer, for: question.caller.role))
        if let reason = decision.reasons.first {
            judged.reason = answer.name(of: reason)
            judged.example = answer.sentence(reason, for: question.caller.role)
            judged.next = ScrubSummary.Next(decision.nextAllowedAt.map { $0 - decision.evaluatedAt })
        }
        judged.at = decision.evaluatedAt
        judged.policyRevision = answer.policies.revision
        judged.keys = keys(judgement, request)
        return judged
    }

    private func invalid(_ row: ScrubRow, _ errors: [FieldError]) -> JudgedRow {
        let errors = errors.map { error in
            var error = error
            error.path = ScrubQuestion.column(error.path)
            return error
        }
        var judged = JudgedRow(number: row.number, head: row.head, verdict: .invalid, tail: format.tail(errors))
        judged.reason = errors.first?.code ?? ""
        judged.example = errors.first.map { $0.path.isEmpty ? $0.detail : "\($0.path): \($0.detail)" } ?? ""
        return judged
    }
}

/// What a row shares with others that are about the same person. When nothing in it tells who it is about, even its
/// shared address counts: the same call would be made twice.
private func keys(_ judgement: Judgement, _ request: ContactRequest) -> [ListKey] {
    var keys: [ListKey] = []
    let tells = judgement.tellsWho.contains(true)
    for (i, identifier) in request.identifiers.enumerated() where !tells || judgement.tellsWho[i] {
        keys.append(ListKey(high: identifier.hash.high, low: identifier.hash.low))
    }
    for person in judgement.persons { keys.append(ListKey(high: person.high, low: person.low)) }
    return keys
}
