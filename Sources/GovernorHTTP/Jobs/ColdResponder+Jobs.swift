import Foundation
import GovernorCore
import GovernorLists
import GovernorRuntime
import HTTPTypes
import HummingbirdCore
import NIOCore

extension ColdResponder {
    /// Takes a file in whole and answers with the job that imports it.
    func postImport(_ kind: ImportKind, _ request: Request, by caller: Caller) async throws(Problem) -> ColdAnswer {
        guard ListLayout(contentType: request.headers[.contentType]) == .csv else { throw .importMediaType }
        let (fields, again) = try jobQuery(request.uri)
        if let (name, _) = fields.first {
            throw Problem(
                FieldErrors([
                    FieldError(
                        path: "?\(name.prefix(64))", code: "field.unknown", detail: "only `again` may stand here")
                ]))
        }
        var parser = CSVParser()
        var hasHeader = false
        let upload = try await receive(request, .imports, kind.rawValue, [], by: caller) { bytes throws(FieldErrors) in
            if hasHeader { return }
            var first: CSVParser.Row?
            if let bytes {
                parser.feed(bytes) { first = first ?? $0 }
            } else {
                parser.finish { first = first ?? $0 }
            }
            if let first {
                _ = try ImportHeader(first, kind: kind)
                hasHeader = true
            } else if bytes == nil {
                throw .noHeader
            }
        }
        return try begin(upload, again: again, isSame: [.running, .done])
    }

    /// Takes a list in whole and answers with the job that judges it.
    func postScrub(_ request: Request, by caller: Caller) async throws(Problem) -> ColdAnswer {
        guard let layout = ListLayout(contentType: request.headers[.contentType]) else { throw .listMediaType }
        let (fields, again) = try jobQuery(request.uri)
        let question: ScrubQuestion
        do throws(FieldErrors) { question = try ScrubQuestion(fields, by: caller, intake: intake) } catch {
            throw Problem(error)
        }
        var reader = ListReader(layout, common: question.form.contact)
        let parameters = fields.map { Job.Parameter(name: $0.name, value: $0.value) }
        let upload = try await receive(request, .scrubs, layout.rawValue, parameters, by: caller) {
            bytes throws(FieldErrors) in
            if reader.opening != nil { return }
            if let bytes { _ = try reader.feed(bytes) } else { _ = try reader.finish() }
        }
        // Time passes: a list that was judged is judged anew.
        return try begin(upload, again: again, isSame: [.running])
    }

    func jobList(_ family: Job.Family, by caller: Caller) -> ColdAnswer {
        let views = jobs.views(family, for: caller)
        return ColdAnswer(estimate: 512 * views.count + 64) { json in
            json.beginObject()
            json.name("jobs")
            json.beginArray()
            for view in views { json.job(view) }
            json.endArray()
            json.endObject()
        }
    }

    func job(_ family: Job.Family, _ id: String, by caller: Caller) throws(Problem) -> ColdAnswer {
        let view = try found(family, id, by: caller)
        return ColdAnswer { $0.job(view) }
    }

    /// Cancels a job that runs, forgets one that has ended.
    func endJob(_ family: Job.Family, _ id: String, by caller: Caller) async throws(Problem) -> ColdAnswer {
        _ = try found(family, id, by: caller)
        guard let view = await jobs.end(id) else { throw .jobReceiving }
        return ColdAnswer { $0.job(view) }
    }

    /// The rows that an import refused so far; a header alone when there are none.
    func refusedRows(_ id: String, by caller: Caller) throws(Problem) -> ColdAnswer {
        let job = try found(.imports, id, by: caller).job
        guard job.refusedBytes > 0, let path = jobs.part(.refused, of: id) else {
            return ColdAnswer(200, "text/csv", ByteBuffer(bytes: ImportFault.csvHeader))
        }
        return download(path, "text/csv", bytes: job.refusedBytes, name: "\(id)-refused.csv")
    }

    func scrubbed(_ part: JobPart, _ id: String, by caller: Caller) throws(Problem) -> ColdAnswer {
        let job = try found(.scrubs, id, by: caller).job
        guard job.state == .done, let path = jobs.part(part, of: id) else { throw .jobNotDone(job.state) }
        let ending = job.kind == ListLayout.csv.rawValue ? "csv" : "ndjson"
        return download(path, job.kind, bytes: .max, name: "\(id)-\(part.rawValue).\(ending)")
    }

    private func found(_ family: Job.Family, _ id: String, by caller: Caller) throws(Problem) -> JobView {
        guard let view = jobs.view(id), view.job.family == family, view.job.isOpen(to: caller) else {
            throw .noSuchJob
        }
        return view
    }

    private func download(_ path: String, _ type: String, bytes: Int64, name: String) -> ColdAnswer {
        var answer = ColdAnswer(
            200, type,
            ResponseBody { writer in
                guard let file = FileHandle(forReadingAtPath: path) else { throw JobRefusal.disk(ENOENT) }
                defer { try? file.close() }
                var left = bytes
                while left > 0, let piece = try file.read(upToCount: Int(min(left, Int64(OutputSpool.pieceBytes)))),
                    !piece.isEmpty
                {
                    left -= Int64(piece.count)
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
        answer.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return answer
    }

    // MARK: Taking lists in

    private func jobQuery(_ uri: URI) throws(Problem) -> (fields: [(name: String, value: String)], again: Bool) {
        var fields = uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        guard let index = fields.firstIndex(where: { $0.name == "again" }) else { return (fields, false) }
        let again = fields.remove(at: index).value
        guard again == "true" || again == "false" else {
            throw Problem(
                FieldErrors([
                    FieldError(path: "?again", code: "value.unknown", detail: "write `true`, or leave it out")
                ]))
        }
        return (fields, again == "true")
    }

    /// Spools the body. Nothing is left of it when something is wrong.
    ///
    /// - Parameter look: sees every piece, and `nil` at the end; says what is wrong with the header.
    private func receive(
        _ request: Request, _ family: Job.Family, _ kind: String, _ parameters: [Job.Parameter], by caller: Caller,
        look: (ByteBufferView?) throws(FieldErrors) -> Void
    ) async throws(Problem) -> JobUpload {
        if let length = request.headers[.contentLength].flatMap({ Int64($0) }), length > configuration.jobs.listBytesMax
        {
            throw Problem(JobRefusal.tooLong(bytesMax: configuration.jobs.listBytesMax))
        }
        let upload: JobUpload
        do throws(JobRefusal) { upload = try jobs.open(family, kind, parameters, by: caller) } catch {
            throw Problem(error)
        }
        do {
            for try await piece in request.body {
                try look(piece.readableBytesView)
                try piece.withUnsafeReadableBytes { try upload.append($0) }
            }
            try look(nil)
            return upload
        } catch {
            upload.abandon()
            switch error {
            case let errors as FieldErrors: throw Problem(errors)
            case let refusal as JobRefusal: throw Problem(refusal)
            default: throw .incomplete
            }
        }
    }

    private func begin(_ upload: JobUpload, again: Bool, isSame: Set<Job.State>) throws(Problem) -> ColdAnswer {
        do {
            let (view, isNew) = try jobs.submit(upload, again: again, isSame: isSame, work)
            var answer = ColdAnswer(isNew ? 202 : 200) { $0.job(view) }
            answer.headers[.location] = "/v1/\(view.job.family.rawValue)/\(view.job.id)"
            return answer
        } catch let refusal as JobRefusal { throw Problem(refusal) } catch let errors as FieldErrors {
            throw Problem(errors)
        } catch { throw .noSuchJob }
    }

    /// What a job does, also when it was posted to a process before this one.
    func work(of job: Job) throws -> any JobWork {
        switch job.family {
        case .imports:
            guard let kind = ImportKind(rawValue: job.kind) else {
                throw ImportFailure("this version imports no `\(job.kind)`")
            }
            return ImportWork(
                kind: kind,
                sink: FactSink(importer: FactImporter(governor: governor, intake: intake, caller: job.caller)))
        case .scrubs:
            guard let layout = ListLayout(rawValue: job.kind) else {
                throw ImportFailure("this version reads no `\(job.kind)`")
            }
            let question = try ScrubQuestion(
                job.parameters.map { ($0.name, $0.value) }, by: job.caller, intake: intake)
            return ScrubWork(layout: layout, question: question, governor: governor, intake: intake)
        }
    }
}

extension FieldErrors {
    fileprivate static var noHeader: FieldErrors {
        FieldErrors([
            FieldError(path: "", code: "csv.empty", detail: "the first row must name the columns; there is none")
        ])
    }
}

extension Problem {
    init(_ refusal: JobRefusal) {
        let (status, code, title) =
            switch refusal {
            case .tooMany: (503, "jobs.busy", "Too many jobs at once")
            case .tooLong: (413, "http.body_too_large", "The list is too long")
            case .diskFull: (507, "jobs.disk_full", "There is no room for the list")
            case .disk: (503, "jobs.disk", "The list cannot be kept")
            case .closing: (503, "jobs.closing", "The node is stopping")
            }
        self.init(status: status, code: code, title: title, detail: refusal.description)
    }

    static var importMediaType: Problem {
        Problem(
            status: 415, code: "http.media_type", title: "The file is of another type",
            detail: "Send `Content-Type: text/csv` with a header row.")
    }

    static var noSuchJob: Problem {
        Problem(
            status: 404, code: "job.unknown", title: "No such job",
            detail: "It never was, is another's, or is forgotten: jobs and their files are kept for a few days.")
    }

    static var jobReceiving: Problem {
        Problem(
            status: 409, code: "job.receiving", title: "The list is still coming in",
            detail: "Whoever sends it can end it by closing the connection.")
    }

    static func jobNotDone(_ state: Job.State) -> Problem {
        Problem(
            status: 409, code: "job.not_done", title: "The job has no result",
            detail: "It is \(state.rawValue); only a job that is done has one.")
    }
}
