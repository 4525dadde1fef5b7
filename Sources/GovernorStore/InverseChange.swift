import GovernorCore

/// What takes one change of a record back, noted before the change is made.
struct InverseChange: Sendable {
    private enum Act: Sendable {
        case dropIdentifier(IdentifierHash)
        indirect case restoreIdentifier(KnownIdentifier)
        case dropTouch(TouchID)
        indirect case restoreTouch(Touch, index: Int)
        case dropFact(FactID)
        case nothing
        case borrowFact(FactID)
        case dropMerge(FactID)
        indirect case restoreMerge(Merge)
        indirect case restoreTouches([Touch])
        indirect case restoreRecord(PersonRecord)
    }

    let position: Int
    private let act: Act
    private let lastDecisionAt: Timestamp
    private let historyFrom: Timestamp
    private let spared: [SparedOutcome]

    init(of change: Change, to position: Int, in record: PersonRecord) {
        self.position = position
        lastDecisionAt = record.lastDecisionAt
        historyFrom = record.historyFrom
        spared = record.spared
        switch change {
        case .identifier(let identifier):
            act =
                record.identifiers.first { $0.hash == identifier.hash }.map { .restoreIdentifier($0) }
                ?? .dropIdentifier(identifier.hash)
        case .touch(let touch):
            act =
                record.touches.lastIndex { $0.id == touch.id }.map { .restoreTouch(record.touches[$0], index: $0) }
                ?? .dropTouch(touch.id)
        case .fact(let fact):
            act =
                record.facts.first { $0.id == fact.id }.map { $0.isBorrowed ? .borrowFact(fact.id) : .nothing }
                ?? .dropFact(fact.id)
        case .merge(let merge):
            act =
                record.merges.first { $0.id == merge.id }.map { .restoreMerge($0) } ?? .dropMerge(merge.id)
        case .forgetTouches: act = .restoreTouches(record.touches)
        case .erase: act = .restoreRecord(record)
        }
    }

    func apply(to record: inout PersonRecord) {
        switch act {
        case .dropIdentifier(let hash): record.identifiers.removeAll { $0.hash == hash }
        case .restoreIdentifier(let identifier):
            if let i = record.identifiers.firstIndex(where: { $0.hash == identifier.hash }) {
                record.identifiers[i] = identifier
            }
        case .dropTouch(let id): record.touches.removeAll { $0.id == id }
        case .restoreTouch(let touch, let index):
            record.touches.removeAll { $0.id == touch.id }
            record.touches.insert(touch, at: index)
        case .dropFact(let id): record.facts.removeAll { $0.id == id }
        case .nothing: break
        case .borrowFact(let id):
            if let i = record.facts.firstIndex(where: { $0.id == id }) { record.facts[i].isBorrowed = true }
        case .dropMerge(let id): record.merges.removeAll { $0.id == id }
        case .restoreMerge(let merge):
            if let i = record.merges.firstIndex(where: { $0.id == merge.id }) { record.merges[i] = merge }
        case .restoreTouches(let touches): record.touches = touches
        case .restoreRecord(let whole): record = whole
        }
        record.lastDecisionAt = lastDecisionAt
        record.historyFrom = historyFrom
        record.spared = spared
    }
}
