import Glibc
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorStoreRedis

/// Every interleaving of two transactions across slots, with every crash, lost reply and late command.
@Suite struct EveryInterleavingTests {
    struct Scenario: CustomTestStringConvertible, Sendable {
        var name: String
        var cells = 2
        var limit = 1
        var first: Role
        var second: Role
        var crashes = 0
        var losses = 0
        /// The second party's clock is far ahead: it aborts whatever it meets.
        var isSecondAhead = false

        var testDescription: String { name }

        func world() -> World {
            let roles: [(Role, clock: Int64)] = [(first, 0), (second, isSecondAhead ? 1_000_000 : 0)]
            var patience = CrossSlotTransaction<Toy>.Patience()
            // Two parties that abort each other go on until their patience ends.
            if isSecondAhead { patience.tries = 5 }
            return World(
                cellCount: cells, roles: roles, limit: limit, crashes: crashes, losses: losses, patience: patience)
        }

        /// Every way through takes seconds: some are enough, unless GOVERNOR_EVERY_WAY is set.
        var isLong: Bool {
            first.keys.count + second.keys.count == 4 && (losses > 0 || isSecondAhead || limit > 1 && crashes > 0)
        }

        /// Nothing goes wrong, so that the end is known exactly.
        var isUndisturbed: Bool { crashes == 0 && losses == 0 && !isSecondAhead }
    }

    static let plain: [Scenario] = [
        Scenario(name: "two touches, room for one", first: .touch([0, 1]), second: .touch([0, 1])),
        Scenario(name: "two touches, room for both", limit: 2, first: .touch([0, 1]), second: .touch([0, 1])),
        Scenario(name: "a chain", cells: 3, first: .touch([0, 1]), second: .touch([1, 2])),
        Scenario(name: "the middle shared", cells: 3, first: .touch([0, 1, 2]), second: .touch([1])),
        Scenario(name: "three cells each", cells: 3, first: .touch([0, 1, 2]), second: .touch([0, 1, 2])),
        Scenario(name: "one cell against two", first: .touch([0, 1]), second: .touch([1])),
        Scenario(name: "the anchor alone against two", first: .touch([0, 1]), second: .touch([0])),
        Scenario(name: "an opt-out meets a touch", first: .touch([0, 1]), second: .optOut([0, 1])),
        Scenario(name: "an opt-out on the second cell", first: .touch([0, 1]), second: .optOut([1])),
        Scenario(name: "an opt-out on two, a touch on one", first: .touch([1]), second: .optOut([0, 1])),
        Scenario(name: "two opt-outs", first: .optOut([0, 1]), second: .optOut([0, 1])),
        Scenario(name: "opt-outs in a chain", cells: 3, first: .optOut([0, 1]), second: .optOut([1, 2])),
        Scenario(name: "a touch and a check", first: .touch([0, 1]), second: .look([0, 1])),
    ]

    /// The same with something wrong, where the ways through can be followed in seconds.
    static let disturbed: [Scenario] = plain.flatMap { scenario -> [Scenario] in
        var variants: [Scenario] = []
        func add(_ suffix: String, _ change: (inout Scenario) -> Void) {
            var variant = scenario
            variant.name += ", " + suffix
            change(&variant)
            variants.append(variant)
        }
        let size = scenario.first.keys.count + scenario.second.keys.count
        if size <= 4 {
            if scenario.limit == 1 {
                add("both may crash") { $0.crashes = 2 }
            } else {
                add("one crashes") { $0.crashes = 1 }
            }
            if scenario.limit == 1 { add("the second clock ahead") { $0.isSecondAhead = true } }
        }
        if size <= 3 || scenario.name == "two touches, room for one" || scenario.name == "an opt-out meets a touch" {
            add("a reply is lost") { $0.losses = 1 }
        }
        if size <= 3 {
            add("two replies are lost") { $0.losses = 2 }
            add("one crashes and a reply is lost") {
                $0.losses = 1
                $0.crashes = 1
            }
        }
        return variants
    }

    @Test(arguments: plain + disturbed)
    func holds(_ scenario: Scenario) {
        var explorer = Explorer(countsPatience: scenario.isSecondAhead) { Self.faultOfEnd($0, of: scenario) }
        if scenario.isLong && getenv("GOVERNOR_EVERY_WAY") == nil {
            var generator = SeededGenerator.announced("some interleavings of \(scenario.name)")
            for _ in 0..<40 { explorer.wander(scenario.world(), stepsMax: 1_000, &generator) }
        } else {
            let ways = explorer.explore(scenario.world())
            #expect(explorer.stateCount < explorer.statesMax, "the search was given up")
            print("\(scenario.name): \(ways) interleavings, \(explorer.stateCount) states, \(explorer.ends) ends")
        }
        #expect(explorer.faults.isEmpty)
        #expect(explorer.ends > 0)
    }

    private static func faultOfEnd(_ world: World, of scenario: Scenario) -> String? {
        if scenario.isUndisturbed, let fault = faultOfExactness(world) { return fault }
        return Explorer.faultAfterCleaning(world)
    }

    /// Without faults everybody gets an answer, and exactly as many touches stand as there is room for.
    static func faultOfExactness(_ world: World) -> String? {
        for party in world.parties {
            switch (party.role, party.outcome) {
            case (.optOut, .committed), (.look, .unchanged), (.touch, .committed): break
            case (.touch(let keys), .unchanged):
                let isFull = keys.contains { world.visible(Int($0)).touchCount >= world.limit }
                let isForbidden = keys.contains { world.visible(Int($0)).optOuts != 0 }
                if !isFull && !isForbidden { return "party \(party.index) was denied for nothing" }
            default: return "party \(party.index) ended with \(String(describing: party.outcome))"
            }
        }
        return nil
    }

    /// The search finds what is wrong with a store that writes whatever the version.
    @Test func noticesAStoreThatBreaksItsWord() {
        var world = Self.plain[0].world()
        world.ignoresVersions = true
        var explorer = Explorer { _ in nil }
        _ = explorer.explore(world)
        #expect(!explorer.faults.isEmpty)
    }
}
