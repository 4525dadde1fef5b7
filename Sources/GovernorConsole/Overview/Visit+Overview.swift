import GovernorCore
import GovernorPages
import GovernorRuntime
import Synchronization

extension Visit {
    private func overviewPage(_ reader: Reader) -> OverviewPage {
        OverviewPage(
            reader: reader, root: root, governor: governor, history: governor.metrics.traffic.fold(at: reader.now),
            status: console.policies.status, trouble: console.configuration.storeTrouble(),
            startedAt: console.startedAt, sessions: console.sessions.count)
    }

    func overview() -> SiteAnswer {
        show(200, reader(OverviewWords.title), .overview) { _ in overviewPage(reader).html }
    }

    /// The overview's changing part, sent anew every two seconds while somebody looks; ends with the session, and after ten
    /// minutes, when the browser asks again.
    func overviewStream(_ session: Session) -> SiteAnswer {
        guard console.streams.begin() else {
            return SiteAnswer(503, fields: Self.fields + [("retry-after", "30")])
        }
        let (visit, console) = (self, console)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            var last: HTML?
            for _ in 0..<Streams.beatsMax {
                guard !Task.isCancelled, console.sessions.isOpen(session.token, at: console.governor.clock.now()) else {
                    break
                }
                var reader = visit.reader
                reader.now = console.governor.clock.now()
                let part = visit.overviewPage(reader).part
                if part != last {
                    let lines = part.markup.split(separator: "\n", omittingEmptySubsequences: false)
                    let text = "event: part\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
                    continuation.yield(Array(text.utf8))
                } else {
                    continuation.yield(Array(":\n\n".utf8))
                }
                last = part
                try? await Task.sleep(for: .seconds(2))
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in
            task.cancel()
            console.streams.end()
        }
        var fields = Self.fields.filter { $0.name != "content-type" }
        fields.append(("content-type", "text/event-stream"))
        return SiteAnswer(200, fields: fields, content: .stream(stream))
    }
}

/// How many live pages are open at once.
final class Streams: Sendable {
    static let countMax = 64
    /// Times that one stream looks for news.
    static let beatsMax = 300

    private let open = Atomic(0)

    func begin() -> Bool {
        if open.wrappingAdd(1, ordering: .relaxed).newValue <= Self.countMax { return true }
        open.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    func end() { open.wrappingSubtract(1, ordering: .relaxed) }
}
