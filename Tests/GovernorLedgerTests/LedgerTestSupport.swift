import CSQLite
import Foundation
import GovernorCore
import GovernorLedger
import Synchronization
import Testing

let testIdentity = LedgerIdentity(secretFingerprint: Array("fingerprint".utf8), normaliserVersion: 3)
let november = Timestamp(milliseconds: 1_795_000_000_000)

/// A data folder of its own, removed afterwards.
func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let path = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

func withFolder<R>(_ body: (String) async throws -> R) async throws -> R {
    let path = NSTemporaryDirectory() + "ledger-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

func openLedger(
    _ folder: String, node: NodeID? = nil, _ change: (inout LedgerConfiguration) -> Void = { _ in }
) throws -> Ledger {
    var configuration = LedgerConfiguration(now: { november })
    configuration.retryDelayMin = Milliseconds(2)
    configuration.retryDelayMax = Milliseconds(20)
    configuration.closingPatience = Milliseconds(50)
    change(&configuration)
    return try Ledger(dataDirectory: folder, identity: testIdentity, node: node, configuration: configuration)
}

/// An entry whose every field follows from `number`.
func entry(_ number: Int, bytes: Int = 60) -> LedgerEntry {
    var body = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
    body += (0..<max(0, bytes - 8)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
    return LedgerEntry(
        kind: LedgerKind.allCases[number % LedgerKind.allCases.count],
        at: Timestamp(milliseconds: november.milliseconds + Int64(number * 7)),
        persons: (0..<(number % 3)).map { PersonID(high: UInt64(number), low: UInt64($0)) }, body: body)
}

/// Appends `entry(n)` for each number, one call each.
@discardableResult
func fill(_ ledger: Ledger, _ numbers: Range<Int>, bytes: Int = 60) throws -> LedgerTicket {
    var last = LedgerTicket(sequence: 0)
    for number in numbers { last = try ledger.append(entry(number, bytes: bytes)) }
    return last
}

/// Waits for `condition`, at most `seconds`.
func eventually(_ what: Comment, seconds: Double = 20, _ condition: () -> Bool) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what)
            return
        }
        usleep(500)
    }
}

func readAll(_ folder: String, from first: UInt64 = 1) throws -> [(sequence: UInt64, entry: LedgerEntry)] {
    var all: [(sequence: UInt64, entry: LedgerEntry)] = []
    try LedgerReader(dataDirectory: folder).replay(from: first) { all.append(($0.sequence, $0.entry)) }
    return all
}

func fileNames(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/ledger").filter { $0.hasSuffix(".ledger") }.sorted()
}

/// Runs SQL on a ledger file past the ledger; returns the first column of each row.
@discardableResult
func sql(_ folder: String, _ file: String, _ text: String) throws -> [Int64] {
    var handle: OpaquePointer?
    try #require(sqlite3_open_v2(folder + "/ledger/" + file, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
    defer { sqlite3_close_v2(handle) }
    var values: [Int64] = []
    var rest = text
    while !rest.isEmpty {
        var statement: OpaquePointer?
        var tail = ""
        let code = rest.withCString { start -> Int32 in
            var end: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(handle, start, -1, &statement, &end)
            if let end { tail = String(cString: end) }
            return code
        }
        try #require(code == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle))) in \(rest)")
        defer { sqlite3_finalize(statement) }
        if statement == nil { break }
        while true {
            let step = sqlite3_step(statement)
            if step == SQLITE_DONE { break }
            try #require(step == SQLITE_ROW, "\(String(cString: sqlite3_errmsg(handle))) in \(rest)")
            values.append(sqlite3_column_int64(statement, 0))
        }
        rest = tail.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return values
}

/// What `body` threw as a ledger's error.
func ledgerError(_ body: () throws -> Void) -> LedgerError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LedgerError
    }
}

/// A list that several threads add to.
final class Journal<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])
    func add(_ element: Element) { list.withLock { $0.append(element) } }
    var all: [Element] { list.withLock { $0 } }
}
