import Foundation
import Glibc
import GovernorCore

/// A decision as a person reads it in a terminal.
struct CheckReport: Decodable {
    struct Reason: Decodable {
        var rule: String?
        var code: String
        var message: String
        var because: String?
        var until: String?
        var source: String?
    }

    struct Remaining: Decodable {
        var rule: String
        var left: Int
    }

    struct Reservation: Decodable {
        var id: String
        var expiresAt: String

        enum CodingKeys: String, CodingKey {
            case id
            case expiresAt = "expires_at"
        }
    }

    var verdict: String
    var reasons: [Reason]
    var nextAllowedAt: String?
    var nextBasis: String
    var reservation: Reservation?
    var remaining: [Remaining]
    var shadow: [Reason]
    var identityConflict: Bool?
    var degraded: Bool?

    enum CodingKeys: String, CodingKey {
        case verdict, reasons, reservation, remaining, shadow, degraded
        case nextAllowedAt = "next_allowed_at"
        case nextBasis = "next_basis"
        case identityConflict = "identity_conflict"
    }

    /// `localTime` shows an instant as the terminal's clock does.
    func text(localTime: (String) -> String?) -> String {
        var text = verdict == "allow" ? "allow" : "deny"
        if degraded == true { text += " (degraded: the store could not answer)" }
        text += "\n"
        func lines(_ reasons: [Reason], mark: String) {
            for reason in reasons {
                text += "  \(mark)\(reason.rule ?? reason.code): \(reason.message)"
                if let source = reason.source { text += " (\(source))" }
                text += "\n"
                if let because = reason.because, because != reason.message { text += "    \"\(because)\"\n" }
            }
        }
        lines(reasons, mark: "")
        lines(shadow, mark: "[shadow] ")
        if identityConflict == true {
            text += "  these identifiers lead to several people; all of them were checked\n"
        }
        if let reservation {
            text += "reserved  \(reservation.id) until \(instant(reservation.expiresAt, localTime))\n"
        }
        if verdict != "allow" {
            text += "next  "
            switch nextBasis {
            case "act": text += "only an act can change it, such as a consent\n"
            case "never": text += "never: the permitted hours of all places have no instant in common\n"
            case "horizon": text += "no permitted hours within 400 days\n"
            default: text += nextAllowedAt.map { instant($0, localTime) + "\n" } ?? "not known\n"
            }
        }
        for remaining in remaining { text += "left  \(remaining.left) under \(remaining.rule)\n" }
        return text
    }

    private func instant(_ text: String, _ localTime: (String) -> String?) -> String {
        localTime(text).map { "\(text) (\($0))" } ?? text
    }
}

/// Instants by the terminal's clock.
enum LocalTime {
    /// `2026-11-22 17:02:11 CET`; `nil` where the terminal's clock is UTC or the text no instant.
    static func text(_ instant: String) -> String? {
        guard let timestamp = try? Timestamp(parsing: instant) else { return nil }
        // To the second at or after it, so that what is shown is never too early.
        var seconds = time_t((timestamp.milliseconds + 999) / 1_000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return nil }
        var buffer = [CChar](repeating: 0, count: 64)
        guard strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S %Z", &parts) > 0 else { return nil }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.hasSuffix(" UTC") || text.hasSuffix(" GMT") ? nil : text
    }
}
