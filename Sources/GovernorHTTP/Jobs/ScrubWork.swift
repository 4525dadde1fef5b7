import Foundation
import GovernorCore
import GovernorLists
import GovernorRuntime

/// Judges the rows of a spooled list into two files; after a restart from the first row again, since time has passed for
/// those that were judged.
struct ScrubWork: JobWork {
    let layout: ListLayout
    let question: ScrubQuestion
    let governor: Governor
    let intake: Intake

    private static let pieceBytes = 256 << 10

    func run(_ handle: JobHandle) async throws {
        handle.update { $0.rewind() }
        guard let list = FileHandle(forReadingAtPath: handle.path(.list)) else {
            throw ImportFailure("the list cannot be read")
        }
        defer { try? list.close() }
        let kept = try handle.file(.kept)
        let dropped = try handle.file(.dropped)
        var reader = ListReader(layout, common: question.form.contact)
        var run = ScrubRun(governor: governor, intake: intake, question: question, format: layout.format)
        var isOpen = false
        var line: [UInt8] = []
        func emit(_ row: JudgedRow) throws {
            line.removeAll(keepingCapacity: true)
            line += row.head
            // Rows that may be contacted come back as they came.
            if row.verdict != .allow || layout == .ndjson { line += row.tail }
            layout.endRow(&line)
            try (row.verdict == .allow ? kept : dropped).append(line)
        }
        func judge(_ rows: [ScrubRow]) async throws {
            if !isOpen, let opening = reader.opening {
                isOpen = true
                try kept.append(reader.header)
                try dropped.append(opening)
            }
            for row in rows { try await run.add(row, emit: emit) }
        }
        do {
            while let piece = try list.read(upToCount: Self.pieceBytes), !piece.isEmpty {
                let rows = try reader.feed(piece)
                try await judge(rows)
                try Task.checkCancellation()
                handle.update { job in
                    job.rows += rows.count
                    job.bytesDone += Int64(piece.count)
                }
            }
            let rows = try reader.finish()
            try await judge(rows)
            let summary = try await run.finish(emit: emit)
            try kept.synchronize()
            try dropped.synchronize()
            handle.update { job in
                job.rows += rows.count
                job.summary = String(decoding: summary.json, as: UTF8.self)
            }
        } catch {
            run.cancel()
            for part in [JobPart.kept, .dropped] { unlink(handle.path(part)) }
            if let errors = error as? FieldErrors {
                throw ImportFailure(errors.errors.first?.detail ?? "the header cannot be read")
            }
            throw error
        }
    }
}
