extension Situation {
    /// Closed in `[from, until)`.
    func state(_ rule: BlockRule, at t: Timestamp) -> RuleState {
        if let from = rule.from, t < from { return .open }
        guard let until = rule.until else { return .closed(Closure(.blocked, until: .distantFuture)) }
        return t < until ? .closed(Closure(.blocked, until: until)) : .open
    }
}
