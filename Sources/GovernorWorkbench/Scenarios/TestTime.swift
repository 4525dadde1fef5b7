import GovernorCore
import GovernorPolicy

/// Instants as test files write them: with an offset, or as the wall clock of the test's zone shows them.
enum TestTime {
    enum Problem: Error {
        case malformed
        /// The clock skips it.
        case skipped
        /// The clock shows it twice.
        case twice(String, String)
    }

    /// `2026-11-22T16:02:11Z`, `2026-11-22T16:02`, `2026-11-22 16:02:11.250`, `2026-11-22`.
    static func read(_ text: String, in zone: ScenarioZone) throws(Problem) -> Timestamp {
        var bytes = Array(text.utf8)
        guard bytes.count >= 10 else { throw .malformed }
        if bytes.count == 10 { bytes += Array("T00:00:00".utf8) }
        if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
        // Seconds may be left out.
        if bytes.count == 16 || (bytes.count > 16 && bytes[16] != UInt8(ascii: ":")) {
            bytes.insert(contentsOf: Array(":00".utf8), at: 16)
        }
        let whole = String(decoding: bytes, as: UTF8.self)
        do throws(TimeFormatError) { return try Timestamp(parsing: whole) } catch {
            guard case .offsetMissing = error else { throw .malformed }
        }
        guard let wall = try? Timestamp(parsing: whole + "Z") else { throw .malformed }
        let local = LocalDateTime(localMilliseconds: wall.milliseconds)
        var found: [Timestamp] = []
        for offset in Set([wall - .days(1), wall, wall + .days(1)].map { zone.table.offsetMilliseconds(at: $0) }) {
            let instant = wall - Milliseconds(offset)
            if zone.table.local(at: instant) == local { found.append(instant) }
        }
        found.sort()
        switch found.count {
        case 0: throw .skipped
        case 1: return found[0]
        default: throw .twice(withOffset(found[0], zone), withOffset(found[1], zone))
        }
    }

    /// `2026-11-22T16:02:11.250-05:00`; what is zero at the end of the time is left out.
    static func withOffset(_ instant: Timestamp, _ zone: ScenarioZone) -> String {
        wallClock(instant, zone).replacing(" ", with: "T") + offset(instant, zone)
    }

    /// `2026-11-22 16:02:11`
    static func wallClock(_ instant: Timestamp, _ zone: ScenarioZone) -> String {
        var text = zone.table.local(at: instant).description
        if text.hasSuffix(".000") { text.removeLast(4) }
        return text.replacing("T", with: " ")
    }

    /// `-05:00`, or `Z`.
    static func offset(_ instant: Timestamp, _ zone: ScenarioZone) -> String {
        let seconds = zone.table.offset(at: instant)
        if seconds == 0 && zone.name == "UTC" { return "Z" }
        let minutes = abs(seconds) / 60
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return "\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
