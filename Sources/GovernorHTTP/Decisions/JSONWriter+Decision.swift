package import GovernorCore
package import GovernorRuntime

extension JSONWriter {
    /// Writes a decision as a caller with this role may read it.
    package mutating func decision(_ answer: DecisionAnswer, ref: String?, for role: Role, hasher: ReservationSecret) {
        let decision = answer.decision
        let policies = answer.policies
        beginObject()
        name("decision_id")
        hexadecimal(answer.id.high, answer.id.low)
        field("verdict", static: decision.verdict == .allow ? "allow" : "deny")
        name("reasons")
        reasons(decision.reasons, of: answer, for: role)
        field("next_allowed_at", orNull: decision.nextAllowedAt)
        field("next_basis", decision.nextBasis.name)
        name("reservation")
        if let reservation = decision.reservation {
            beginObject()
            name("id")
            token(reservation.touch, of: reservation.person, hasher: hasher)
            field("expires_at", reservation.expiresAt)
            endObject()
        } else {
            null()
        }
        name("remaining")
        beginArray()
        for remaining in decision.remaining {
            beginObject()
            field("rule", policies.rules[Int(remaining.rule)].id)
            field("left", remaining.left)
            endObject()
        }
        endArray()
        name("obligations")
        beginArray()
        for position in decision.obligations {
            let rule = policies.rules[Int(position)]
            for text in rule.obligations {
                beginObject()
                field("rule", rule.id)
                field("text", text)
                endObject()
            }
        }
        endArray()
        name("shadow")
        reasons(decision.shadow, of: answer, for: role)
        field("policy_revision", policies.revision)
        field("evaluated_at", decision.evaluatedAt)
        field("ref", orNull: ref)
        if decision.isIdentityConflict { field("identity_conflict", true) }
        if answer.isDegraded { field("degraded", true) }
        endObject()
    }

    package mutating func reasons(_ reasons: [Reason], of answer: DecisionAnswer, for role: Role) {
        beginArray()
        for reason in reasons {
            let rule = reason.rule.map { answer.policies.rules[Int($0)] }
            beginObject()
            field("rule", orNull: rule?.id)
            field("kind", orNull: rule?.body.kind)
            field("code", reason.code.name)
            field("message", answer.sentence(reason, for: role))
            if let because = rule?.because { field("because", because) }
            if let cite = rule?.cite { field("cite", cite) }
            if reason.limit > 0 || reason.code == .capReached {
                field("count", reason.count)
                field("limit", reason.limit)
            }
            field("until", orNull: reason.until)
            if let rule {
                name("source")
                source(rule)
            }
            endObject()
        }
        endArray()
    }

    /// `policies/house.yaml:14`
    private mutating func source(_ rule: Rule) { value("\(rule.file):\(rule.line)") }

    /// Writes a reservation's present state.
    package mutating func reservation(
        _ touch: Touch, of person: PersonID, names: NameTable, at now: Timestamp, hasher: ReservationSecret
    ) {
        beginObject()
        name("id")
        token(touch.id, of: person, hasher: hasher)
        field("state", touch.stateName(at: now))
        field("reserved_at", touch.recordedAt)
        field("expires_at", touch.expiresAt)
        field("channel", names.text(touch.channel) ?? "")
        field("purpose", names.text(touch.purpose) ?? "")
        field("campaign", orNull: names.text(touch.campaign))
        endObject()
    }

    private mutating func token(_ touch: TouchID, of person: PersonID, hasher: ReservationSecret) {
        ReservationToken.withText(touch: touch, person: person, hasher: hasher) { value(utf8: $0) }
    }

    /// 32 hexadecimal digits.
    package mutating func hexadecimal(_ high: UInt64, _ low: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { digits in
            for (word, base) in [(high, 0), (low, 16)] {
                var rest = word
                for i in (0..<16).reversed() {
                    let nibble = UInt8(truncatingIfNeeded: rest & 15)
                    digits[base + i] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
                    rest >>= 4
                }
            }
            value(utf8: UnsafeRawBufferPointer(digits))
        }
    }
}
