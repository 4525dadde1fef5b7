extension Situation {
    /// Closed in `[from, until)`, for endpoints with the labels it names.
    func state(_ block: UnsafePointer<BlockRule>, at t: Timestamp) -> RuleState {
        let rule = block.pointee
        if !rule.labels.isAny && !isLabelled(rule.labels) { return .open }
        if let from = rule.from, t < from { return .open }
        guard let until = rule.until else { return .closed(Closure(.blocked, until: .distantFuture)) }
        return t < until ? .closed(Closure(.blocked, until: until)) : .open
    }

    /// Whether the endpoint is known under one of the labels; a request that names none may mean any identifier.
    private func isLabelled(_ labels: NameSet<LabelKind>) -> Bool {
        for record in records {
            for identifier in record.record.pointee.identifiers
            where own.endpoint == nil || identifier.hash == own.endpoint {
                if identifier.labels.contains(where: { labels.contains($0) }) { return true }
            }
        }
        return false
    }
}
