import GovernorCore
package import GovernorLists
import GovernorRuntime
import NIOCore

/// Answers to a list as lines of JSON.
struct JSONScrubFormat: ScrubFormat {
    func tail(_ answer: DecisionAnswer, for role: Role) -> [UInt8] {
        fields { json in
            let decision = answer.decision
            json.field("verdict", static: decision.verdict == .allow ? "allow" : "deny")
            json.name("reasons")
            json.reasons(decision.reasons, of: answer, for: role)
            json.field("next_allowed_at", orNull: decision.nextAllowedAt)
            json.field("next_basis", decision.nextBasis.name)
        }
    }

    func tail(_ errors: [FieldError]) -> [UInt8] {
        fields { json in
            json.field("verdict", static: "invalid")
            json.name("reasons")
            json.beginArray()
            for error in errors {
                json.beginObject()
                json.field("code", error.code)
                json.field("field", error.path)
                json.field("message", error.detail)
                json.endObject()
            }
            json.endArray()
            json.name("next_allowed_at")
            json.null()
        }
    }

    func tail(duplicateOf first: Int) -> [UInt8] {
        fields { json in
            json.field("verdict", static: "duplicate")
            json.name("reasons")
            json.beginArray()
            json.endArray()
            json.name("next_allowed_at")
            json.null()
            json.field("duplicate_of", first)
        }
    }

    /// `{"row":17,"contact":{…}`; the row as it came, or `null` when it is no JSON.
    static func head(row: Int, contact: [UInt8]?) -> [UInt8] {
        Array("{\"row\":\(row),\"contact\":".utf8) + (contact ?? Array("null".utf8))
    }

    /// Fields that follow others in an object, and its end.
    private func fields(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var bytes = jsonBytes { json in
            json.beginObject()
            write(&json)
            json.endObject()
        }
        bytes[0] = UInt8(ascii: ",")
        return bytes
    }
}

func jsonBytes(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.writeJSON(estimate: 256, write)
    return Array(buffer.readableBytesView)
}

extension JSONWriter {
    mutating func summary(_ summary: ScrubSummary) {
        beginObject()
        field("rows", summary.rows)
        field("allow", summary.allowed)
        field("deny", summary.denied)
        field("duplicate", summary.duplicates)
        field("invalid", summary.invalid)
        let lists: [(StaticString, [ScrubSummary.ByReason])] = [
            ("denials", summary.denials), ("faults", summary.faults),
        ]
        for (label, list) in lists {
            name(label)
            beginArray()
            for entry in list {
                beginObject()
                field("reason", entry.reason)
                field("rows", entry.rows)
                field("example", entry.example)
                endObject()
            }
            endArray()
        }
        name("next")
        beginObject()
        field("within_an_hour", summary.next[.withinAnHour] ?? 0)
        field("within_a_day", summary.next[.withinADay] ?? 0)
        field("within_a_week", summary.next[.withinAWeek] ?? 0)
        field("within_a_month", summary.next[.withinAMonth] ?? 0)
        field("later", summary.next[.later] ?? 0)
        field("not_by_waiting", summary.next[.notByWaiting] ?? 0)
        endObject()
        field("policy_revision", summary.policyRevision)
        field("evaluated_from", orNull: summary.from)
        field("evaluated_to", orNull: summary.to)
        endObject()
    }
}

extension ScrubSummary {
    /// As the last line of an answer has it.
    package var json: [UInt8] { jsonBytes { $0.summary(self) } }
}
