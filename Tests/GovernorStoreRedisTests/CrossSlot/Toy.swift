import GovernorCore

@testable import GovernorStoreRedis

/// A person small enough to try everything on: who touched her and who told that she said no, one bit per party.
struct Toy: CellContent {
    typealias Key = UInt8

    enum Effect: Hashable, Sendable {
        case touch(by: UInt8)
        case optOut(by: UInt8)
    }

    var touches: UInt8 = 0
    var optOuts: UInt8 = 0

    var touchCount: Int { touches.nonzeroBitCount }

    static func applying(_ effect: Effect, to content: Toy?) -> Toy? {
        var toy = content ?? Toy()
        switch effect {
        case .touch(let party): toy.touches |= 1 << party
        case .optOut(let party): toy.optOuts |= 1 << party
        }
        return toy
    }

    func holds(_ effect: Effect) -> Bool { Toy.applying(effect, to: self) == self }
}

/// What a party of a scenario wants.
enum Role: Hashable, Sendable {
    /// One contact, counted on each key under the limit and forbidden by an opt-out on any.
    case touch([UInt8])
    case optOut([UInt8])
    /// Reads, and so cleans up what it meets.
    case look([UInt8])

    var keys: [UInt8] {
        switch self {
        case .touch(let keys), .optOut(let keys), .look(let keys): keys
        }
    }

    func effect(of party: UInt8) -> Toy.Effect? {
        switch self {
        case .touch: .touch(by: party)
        case .optOut: .optOut(by: party)
        case .look: nil
        }
    }

    /// Decides over cells in the order of their keys, counting what is tentative.
    func judge(_ cells: [Cell<Toy>], party: UInt8, limit: Int) -> CrossSlotTransaction<Toy>.Judgement {
        switch self {
        case .look: return .nothing
        case .optOut(let keys):
            return .write(keys.map { _ in .optOut(by: party) }, isAdditive: false)
        case .touch(let keys):
            for cell in cells {
                let content = cell.content ?? Toy()
                let tentative = cell.tentatives.count { if case .touch = $0.effect { true } else { false } }
                if content.optOuts != 0 || content.touchCount + tentative >= limit { return .nothing }
            }
            return .write(keys.map { _ in .touch(by: party) }, isAdditive: true)
        }
    }
}

/// Numbers in order: equal histories of one party give equal states, so that the search meets them once.
struct Counter: RandomNumberGenerator, Hashable, Sendable {
    var value: UInt64

    mutating func next() -> UInt64 {
        value += 1
        return value
    }
}
