package import GovernorCore

/// What `journalEntry(ofFact:)` wrote, read again.
package struct FactEntryRecord: Hashable, Sendable {
    /// The name of the route's kind: `opt_out`, `consent`, …
    package var kind: String
    package var caller: String
    /// `nil` when none was given.
    package var evidence: String?

    /// - Throws: `DecodeError` for anything but a whole entry of a fact.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var input = ByteReader(bytes)
        guard try input.byte("a fact's entry") == journalBodyVersion else { throw input.invalid("a version") }
        kind = try input.text("a kind of fact")
        caller = try input.text("a caller")
        let text = try input.text("evidence")
        evidence = text.isEmpty ? nil : text
        guard input.isAtEnd else { throw input.invalid("the end of a fact's entry") }
    }
}

/// What `journalEntry(ofOutcome:)` wrote, read again.
package struct ReportRecord: Hashable, Sendable {
    package var state: TouchState
    package var isCorrection: Bool
    package var touch: TouchID
    package var revision: String
    package var caller: String
    /// Empty when none was reported.
    package var outcome: String

    /// - Throws: `DecodeError` for anything but a whole entry of a report.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var input = ByteReader(bytes)
        guard try input.byte("a report") == journalBodyVersion else { throw input.invalid("a version") }
        guard let state = TouchState(rawValue: try input.byte("a touch's state")) else {
            throw input.invalid("a touch's state")
        }
        self.state = state
        isCorrection = try input.byte("whether it corrects") != 0
        touch = TouchID(bits: try input.fixed64("a touch"))
        revision = try input.text("a policy revision")
        caller = try input.text("a caller")
        outcome = try input.text("an outcome")
        guard input.isAtEnd else { throw input.invalid("the end of a report") }
    }
}

/// What `CheckSummaries.take` wrote, read again.
package struct SummaryRecord: Hashable, Sendable {
    package struct Item: Hashable, Sendable {
        package var verdict: Verdict
        /// Of the first reason.
        package var code: ReasonCode?
        package var channel: String
        package var purpose: String
        package var agency: String
        package var count: UInt64
    }

    /// Checks of which no more is known.
    package var others: UInt64
    package var items: [Item] = []

    /// - Throws: `DecodeError` for anything but a whole summary.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var input = ByteReader(bytes)
        guard try input.byte("a summary") == journalBodyVersion else { throw input.invalid("a version") }
        others = try input.varint("other checks")
        for _ in 0..<(try input.count(bytesEach: 6, "sums")) {
            guard let verdict = Verdict(rawValue: try input.byte("a verdict")) else { throw input.invalid("a verdict") }
            let code = ReasonCode(rawValue: try input.byte("a reason's code"))
            items.append(
                Item(
                    verdict: verdict, code: code, channel: try input.text("a channel"),
                    purpose: try input.text("a purpose"), agency: try input.text("an agency"),
                    count: try input.varint("a count")))
        }
        guard input.isAtEnd else { throw input.invalid("the end of a summary") }
    }
}
