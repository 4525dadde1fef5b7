import GovernorCore
import GovernorTesting

@testable import GovernorStoreRedis

/// Follows every interleaving of a world to its end, each state once, and counts the ways through; or some, by chance.
struct Explorer {
    /// 128 bits of a hash stand for a state, so that two states are never taken for one.
    private struct Key: Hashable {
        var first: Int
        var second: Int

        init(_ world: World, countingPatience: Bool) {
            var hasher = Hasher()
            hasher.combine(world.reduced(countingPatience: countingPatience))
            first = hasher.finalize()
            hasher.combine(1)
            second = hasher.finalize()
        }
    }

    private var ways: [Key: UInt128] = [:]
    private(set) var faults: [String] = []
    /// States in which every party has finished or crashed.
    private(set) var ends = 0
    /// Patience may run out, so states that differ in it are two.
    let countsPatience: Bool
    /// More states are not followed, so that a fault of the search does not take for ever.
    let statesMax: Int
    /// Judges an end further; gives what is wrong.
    let judgeEnd: (World) -> String?

    init(countsPatience: Bool = false, statesMax: Int = 200_000, judgeEnd: @escaping (World) -> String?) {
        self.countsPatience = countsPatience
        self.statesMax = statesMax
        self.judgeEnd = judgeEnd
    }

    var stateCount: Int { ways.count }

    /// One way from `world` to an end, left to chance; `stepsMax` steps are too many.
    mutating func wander(_ world: World, stepsMax: Int, _ generator: inout SeededGenerator) {
        var world = world
        for _ in 0..<stepsMax {
            if world.isOver {
                ends += 1
                if let fault = judgeEnd(world) { faults.append(fault) }
            }
            let steps = world.steps
            if steps.isEmpty { return }
            let next = world.after(generator.pick(steps))
            if let fault = next.fault() ?? next.fault(after: world) { return faults.append(fault) }
            world = next
        }
        faults.append("no end after \(stepsMax) steps")
    }

    /// The number of ways from `world` to an end.
    mutating func explore(_ world: World) -> UInt128 {
        let key = Key(world, countingPatience: countsPatience)
        if let known = ways[key] { return known }
        if faults.count >= 5 || ways.count >= statesMax { return 0 }
        if let fault = world.fault() { faults.append(fault) }
        if world.isOver {
            ends += 1
            if let fault = judgeEnd(world) { faults.append(fault) }
        }
        var count: UInt128 = 0
        let steps = world.steps
        for step in steps {
            let successor = world.after(step)
            if let fault = successor.fault(after: world) { faults.append(fault) }
            count += explore(successor)
        }
        if steps.isEmpty { count = 1 }
        ways[key] = count
        return count
    }

    /// What a reader who finds everything overdue leaves behind: nothing, and then strays come late and it reads again.
    static func faultAfterCleaning(_ world: World) -> String? {
        var world = world
        let outcomes = world.parties.map { world.isVisible($0) }
        if let fault = clean(&world) { return fault }
        if world.parties.prefix(outcomes.count).map({ world.isVisible($0) }) != outcomes {
            return "cleaning up changed what is visible"
        }
        // Strays that come late, each first once, and a reader after them.
        for i in world.strays.indices {
            var next = world
            while next.strays.count > 0 {
                next.executeStray(at: i % next.strays.count)
                if let fault = next.fault() { return fault + " after a late command" }
            }
            if let fault = clean(&next) { return fault + " after a late command" }
        }
        return nil
    }

    private static func clean(_ world: inout World) -> String? {
        let reader = world.parties.count
        world.add(.look(world.cells.indices.map { UInt8($0) }), clock: 1_000_000)
        guard world.runAlone(reader, stepsMax: 500) else { return "the reader does not end" }
        if let fault = world.fault() { return fault + " after cleaning up" }
        if world.parties[reader].outcome != .unchanged { return "the reader could not read" }
        for (i, cell) in world.cells.enumerated() where !cell.isSettled { return "cell \(i) is not clean" }
        return nil
    }
}
