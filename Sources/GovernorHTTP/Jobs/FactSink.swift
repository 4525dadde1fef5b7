package import GovernorLists
import GovernorRuntime

/// Rows of an import straight to the governor of this process, each judged as its route would.
package struct FactSink: ImportSink {
    private let importer: FactImporter

    package init(importer: FactImporter) { self.importer = importer }

    package func take(_ items: [ImportItem], _ header: ImportHeader) async throws -> [ImportOutcome] {
        var outcomes = [ImportOutcome](repeating: .recorded, count: items.count)
        var waiting = Array(items.indices)
        var began = ContinuousClock.now
        while true {
            let answers = await tell(waiting.map { items[$0] }, header)
            var again: [Int] = []
            var why = ""
            for (index, answer) in zip(waiting, answers) {
                switch answer {
                case .recorded: outcomes[index] = .recorded
                case .duplicate: outcomes[index] = .repeated
                case .refused(let errors): outcomes[index] = .refused(errors.map(ImportFault.init))
                case .busy(let reason):
                    again.append(index)
                    why = reason
                }
            }
            if again.isEmpty { return outcomes }
            if again.count < waiting.count { began = .now }
            if began.duration(to: .now) > ImportPatience.most { throw ImportFailure(why) }
            // Facts have ids, so one that was stored after all is found to be there.
            try await Task.sleep(for: .milliseconds(ImportPatience.pauseMilliseconds))
            waiting = again
        }
    }

    private func tell(_ items: [ImportItem], _ header: ImportHeader) async -> [FactImporter.Answer] {
        await withCheckedContinuation { continuation in
            let gathered = Gathered<FactImporter.Answer>(count: items.count) { continuation.resume(returning: $0) }
            for (index, item) in items.enumerated() {
                if let form = header.form(item) {
                    importer.take(form, header.kind.fact) { gathered.set(index, $0) }
                    continue
                }
                header.json(item).withUnsafeBytes { json in
                    importer.take(json, header.kind.fact) { gathered.set(index, $0) }
                }
            }
        }
    }
}
