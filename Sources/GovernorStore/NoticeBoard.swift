public import GovernorCore
import Synchronization

/// Where the nodes of an installation tell each other what just happened: a bounded list that all of them read in the
/// same order, under the same numbers. A hint, never the truth: a notice may be late, repeated or lost.
public protocol NoticeBoard: Sendable {
    /// Puts a notice on the board; returns at once.
    func post(_ body: [UInt8])

    /// Hands `reader` first where the board stands (`.from`), then what it still holds, oldest first, and then every new
    /// notice of any node; one call at a time. One reader per node; it stops with the store.
    func read(_ reader: @escaping @Sendable (NoticeBoardEvent) -> Void)
}

public enum NoticeBoardEvent: Hashable, Sendable {
    case notice(NoticeID, [UInt8])
    /// Reading begins here, or begins anew after something may have been missed: nothing is known between what came before
    /// and what is newer than this.
    case from(NoticeID)
}

/// The number of a notice: rises with every notice of the board, over restarts too.
public struct NoticeID: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970, by the board's clock.
    public var milliseconds: UInt64
    /// Among those of one millisecond.
    public var sequence: UInt64

    public init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    public static let first = NoticeID(milliseconds: 0, sequence: 0)

    public static func < (a: NoticeID, b: NoticeID) -> Bool {
        (a.milliseconds, a.sequence) < (b.milliseconds, b.sequence)
    }
}

extension NoticeID: CustomStringConvertible {
    public var description: String { "\(milliseconds)-\(sequence)" }

    /// Reads what `description` writes.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1])
        else { return nil }
        self.init(milliseconds: milliseconds, sequence: sequence)
    }
}

/// The board of a node that is alone: notices come back at once, and a restart begins anew.
public final class LocalNoticeBoard: NoticeBoard {
    private struct State {
        var last: NoticeID
        var reader: (@Sendable (NoticeBoardEvent) -> Void)?
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp

    public init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
        state = Mutex(State(last: NoticeID(milliseconds: Self.milliseconds(now()), sequence: 0)))
    }

    public func post(_ body: [UInt8]) {
        let milliseconds = Self.milliseconds(now())
        // Under the lock, so that notices reach the reader in their order.
        state.withLock { state in
            state.last =
                milliseconds > state.last.milliseconds
                ? NoticeID(milliseconds: milliseconds, sequence: 0)
                : NoticeID(milliseconds: state.last.milliseconds, sequence: state.last.sequence + 1)
            state.reader?(.notice(state.last, body))
        }
    }

    public func read(_ reader: @escaping @Sendable (NoticeBoardEvent) -> Void) {
        state.withLock { state in
            state.reader = reader
            reader(.from(state.last))
        }
    }

    private static func milliseconds(_ now: Timestamp) -> UInt64 { UInt64(max(0, now.milliseconds)) }
}
