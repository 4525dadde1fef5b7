import GovernorLists
import GovernorRuntime

/// Takes the rows of a spooled file as facts of the caller; goes on after the last group that is on the disk.
///
/// Rows of the groups that were under way when a process died are taken again: their facts have ids, so that nothing is on
/// record twice, and they are counted as repeated.
struct ImportWork: JobWork {
    let kind: ImportKind
    let sink: any ImportSink

    /// Groups under way at once: few, so that decisions find the store free.
    private static let groupsMax = 2
    private static let saveEvery = Duration.milliseconds(250)

    func run(_ handle: JobHandle) async throws {
        guard var job = handle.job else { return }
        var file = try ImportFile(path: handle.path(.list), digest: job.digest)
        guard let first = try file.row() else { throw ImportFailure("the file is empty") }
        let header: ImportHeader
        do throws(FieldErrors) { header = try ImportHeader(first.row, kind: kind) } catch {
            throw ImportFailure(error.errors.first?.detail ?? "the header cannot be read")
        }
        // A power cut may have taken what the system had not written yet: then from the start, which changes nothing.
        if job.refusedBytes > 0, handle.size(.refused) < job.refusedBytes {
            handle.update { $0.rewind() }
            job.rewind()
        }
        let refused = try handle.file(.refused, keeping: job.refusedBytes)
        if job.refusedBytes == 0 { try refused.append(ImportFault.csvHeader) }
        for _ in 0..<job.rows { _ = try file.row() }
        var saved = ContinuousClock.now
        try await ImportRun.run(&file, header, into: sink, groupsMax: Self.groupsMax) { group in
            var tally = (recorded: 0, repeated: 0, refused: 0)
            var rows: [UInt8] = []
            for (line, outcome) in group.outcomes {
                switch outcome {
                case .recorded: tally.recorded += 1
                case .repeated: tally.repeated += 1
                case .refused(let faults):
                    tally.refused += 1
                    for fault in faults { fault.appendRow(of: line, to: &rows) }
                }
            }
            try refused.append(rows)
            try refused.flush()
            handle.update { job in
                job.rows += group.outcomes.count
                job.recorded += tally.recorded
                job.repeated += tally.repeated
                job.refused += tally.refused
                job.refusedBytes = refused.bytes
                job.bytesDone = group.bytesRead
            }
            if saved.duration(to: .now) >= Self.saveEvery {
                try handle.save()
                saved = .now
            }
        }
        try refused.synchronize()
        handle.update { $0.refusedBytes = refused.bytes }
    }
}
