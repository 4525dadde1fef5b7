import Synchronization

/// Requests of the hot routes by route and class of status, and those that are no route's because they could not be read.
///
/// One set of cells per event loop: only its loop adds to it, so that counting takes no lock and no bus; anybody may read.
package final class HotCounts: Sendable {
    /// In the order of their cells; what is no route's comes last.
    package static let routes: [HotRoute] = [.decisions, .decisionsBatch, .confirm, .outcome, .release]
    static let other = routes.count
    static let classes = 6

    static func index(of route: HotRoute) -> Int {
        switch route {
        case .decisions: 0
        case .decisionsBatch: 1
        case .confirm: 2
        case .outcome: 3
        case .release: 4
        }
    }

    private final class Cell: Sendable {
        let value = Atomic<UInt64>(0)
    }

    /// The cells of one event loop.
    struct Loop: Sendable {
        private let cells = (0..<(HotCounts.other + 1) * HotCounts.classes).map { _ in Cell() }

        /// On the loop alone: a load and a store, which another writer could come between.
        @inline(__always)
        func add(_ route: Int, status: Int) {
            let cell = cells[route &* HotCounts.classes &+ min(max(status / 100, 0), HotCounts.classes - 1)]
            cell.value.store(cell.value.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        }

        fileprivate func count(_ route: Int, _ status: Int) -> UInt64 {
            cells[route * HotCounts.classes + status].value.load(ordering: .relaxed)
        }
    }

    private let loops = Mutex<[Loop]>([])

    package init() {}

    func makeLoop() -> Loop {
        let loop = Loop()
        loops.withLock { $0.append(loop) }
        return loop
    }

    /// Over all loops; `nil`: no route's. `statusClass` 2 is 2xx.
    package func count(_ route: HotRoute?, statusClass: Int) -> UInt64 {
        let index = route.map(Self.index) ?? Self.other
        return loops.withLock { $0.reduce(0) { $0 &+ $1.count(index, statusClass) } }
    }
}
