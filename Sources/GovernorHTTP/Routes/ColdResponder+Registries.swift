import GovernorCore
import GovernorRegistry
import GovernorRuntime

extension ColdResponder {
    /// The outside lists of this node: versions, ages, counts, and whether rules can still rely on them.
    func registries() -> ColdAnswer {
        let now = governor.clock.now()
        let lists = RegistryStatus.all(intake.registries.current, governor.policies.current)
        return ColdAnswer(estimate: 512 * lists.count + 64) { json in
            json.beginObject()
            json.name("registries")
            json.beginArray()
            for list in lists { json.registry(list, at: now) }
            json.endArray()
            json.endObject()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func registry(_ list: RegistryStatus, at now: Timestamp) {
        beginObject()
        field("registry", list.name)
        field(
            "state",
            list.info == nil ? "missing" : list.staleAt.map { $0 <= now } ?? false ? "stale" : "fresh")
        field("stale_at", orNull: list.staleAt)
        name("snapshot")
        if let info = list.info {
            beginObject()
            field("version", info.version)
            field("sequence", info.sequence)
            field("as_of", info.asOf)
            field("built_at", info.builtAt)
            field("age_seconds", (now - info.asOf).count / 1_000)
            field("numbers", info.count)
            field("added", info.addedCount)
            field("removed", info.removedCount)
            field("has_dates", info.hasDates)
            field("bytes", info.byteCount)
            endObject()
        } else {
            null()
        }
        name("rules")
        beginArray()
        for asking in list.asking {
            beginObject()
            field("rule", asking.rule)
            field("stale_at", orNull: asking.staleAt)
            endObject()
        }
        endArray()
        endObject()
    }
}
