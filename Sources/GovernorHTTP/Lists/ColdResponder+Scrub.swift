import Foundation
import GovernorCore
import GovernorLists
import GovernorRuntime
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

extension ColdResponder {
    /// Judges every row of a list while it is still coming in; nothing is consumed.
    ///
    /// The body is read and judged by a task of its own that never waits for the client to read: a client may send its
    /// whole list before it takes the first byte of the answer.
    func scrub(_ request: Request, by caller: Caller) async throws(Problem) -> ColdAnswer {
        guard let layout = ListLayout(contentType: request.headers[.contentType]) else { throw .listMediaType }
        let fields = request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        let question: ScrubQuestion
        do throws(FieldErrors) { question = try ScrubQuestion(fields, by: caller, intake: intake) } catch {
            throw Problem(error)
        }
        guard let place = gate.enter() else { throw .tooManyLists }
        let spool = OutputSpool(folder: configuration.spoolFolder)
        let run = ScrubRun(governor: governor, intake: intake, question: question, format: layout.format)
        let reader = ListReader(layout, common: question.form.contact)
        let (opened, opening) = AsyncStream.makeStream(of: Result<Void, Problem>.self)
        let judging = Task { [body = request.body] in
            await Self.judge(body, layout, reader, run, into: spool, opening: opening)
            place.leave()
        }
        // Until the header is read nothing has been answered, so what is wrong with it can still be said properly.
        let first = await opened.first { _ in true } ?? .success(())
        do throws(Problem) { try first.get() } catch {
            spool.abandon()
            await judging.value
            throw error
        }
        return ColdAnswer(
            200, layout.rawValue,
            ResponseBody { writer in
                do {
                    while let piece = try await spool.next() { try await writer.write(ByteBuffer(bytes: piece)) }
                    try await writer.finish(nil)
                    await judging.value
                } catch {
                    spool.abandon()
                    judging.cancel()
                    await judging.value
                    throw error
                }
            })
    }

    private static func judge(
        _ body: RequestBody, _ layout: ListLayout, _ reader: ListReader, _ run: ScrubRun, into spool: OutputSpool,
        opening: AsyncStream<Result<Void, Problem>>.Continuation
    ) async {
        var reader = reader
        var run = run
        var output: [UInt8] = []
        var isOpen = false
        func emit(_ row: JudgedRow) throws {
            output += row.head
            output += row.tail
            layout.endRow(&output)
            if output.count >= OutputSpool.pieceBytes { try flush() }
        }
        func flush() throws {
            if output.isEmpty { return }
            try spool.append(output)
            output.removeAll(keepingCapacity: true)
        }
        func open() {
            guard !isOpen, let bytes = reader.opening else { return }
            isOpen = true
            output += bytes
            opening.yield(.success(()))
        }
        do {
            for try await piece in body {
                let rows = try reader.feed(piece.readableBytesView)
                open()
                for row in rows { try await run.add(row, emit: emit) }
                try flush()
                try Task.checkCancellation()
            }
            let rows = try reader.finish()
            open()
            for row in rows { try await run.add(row, emit: emit) }
            let summary = try await run.finish(emit: emit)
            layout.end(jsonBytes { $0.summary(summary) }, as: "summary", &output)
            try flush()
            spool.finish(.success(()))
        } catch {
            run.cancel()
            if !isOpen, let errors = error as? FieldErrors {
                opening.yield(.failure(Problem(errors)))
            } else {
                opening.yield(.success(()))
            }
            // Whoever reads to the end sees why there is no summary.
            let problem = Problem(list: error)
            layout.end(jsonBytes { problem.write(to: &$0) }, as: "error", &output)
            try? flush()
            spool.finish(.success(()))
        }
        opening.finish()
    }
}

extension ListLayout {
    /// What ends a row.
    func endRow(_ output: inout [UInt8]) {
        switch self {
        case .csv: CSVText.endRow(&output)
        case .ndjson: output.append(UInt8(ascii: "\n"))
        }
    }

    /// The last line: a summary, or why there is none.
    fileprivate func end(_ json: [UInt8], as name: String, _ output: inout [UInt8]) {
        switch self {
        case .csv: CSVText.append([name, String(decoding: json, as: UTF8.self)], to: &output)
        case .ndjson: output += Array("{\"\(name)\":".utf8) + json + Array("}\n".utf8)
        }
    }
}

/// How many lists are judged at once.
final class ListGate: Sendable {
    static let most = 4
    private let count = Atomic(0)

    /// A place, or `nil` when all are taken.
    func enter() -> Place? {
        if count.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue > Self.most {
            count.wrappingSubtract(1, ordering: .acquiringAndReleasing)
            return nil
        }
        return Place(gate: self)
    }

    struct Place: Sendable {
        fileprivate let gate: ListGate
        func leave() { gate.count.wrappingSubtract(1, ordering: .acquiringAndReleasing) }
    }
}

extension Problem {
    static var listMediaType: Problem {
        Problem(
            status: 415, code: "http.media_type", title: "The list is of another type",
            detail:
                "Send `Content-Type: text/csv` with a header row, or `application/x-ndjson` with one contact a line.")
    }

    static var tooManyLists: Problem {
        Problem(
            status: 503, code: "lists.busy", title: "Too many lists at once",
            detail: "\(ListGate.most) lists are being judged; try again when one of them is done.")
    }

    /// Why a list was not judged to its end.
    init(list error: any Error) {
        switch error {
        case let errors as FieldErrors: self.init(errors)
        case let error as ScrubError:
            self.init(
                status: 503, code: "scrub.incomplete", title: "The list was not judged to its end",
                detail: error.description)
        case let failure as OutputSpool.Failure:
            self.init(
                status: 507, code: "scrub.spool", title: "The answer does not fit",
                detail: failure == .full
                    ? "more of the answer waits to be read than may wait; read while you send"
                    : "the answer cannot be kept until it is read")
        default:
            self.init(
                status: 400, code: "http.incomplete", title: "The list is not complete",
                detail: "the connection ended, or what came was not HTTP")
        }
    }
}
