import AsyncHTTPClient
import Foundation
import GovernorLists
import GovernorRuntime
import NIOCore
import NIOHTTP1

/// Has a running governor judge a list: sends it and reads the answers at the same time.
struct ScrubClient {
    let client: ServerClient

    /// A list takes as long as it takes; this is the bound on a server that says nothing more.
    private static let timeout = TimeAmount.hours(24)

    func judge(
        _ path: String, separator: UInt8, _ columns: ListColumns, _ parameters: [(name: String, value: String)],
        _ files: ScrubFiles, _ bar: inout ProgressBar
    ) async throws -> ScrubSummary {
        var components = URLComponents()
        components.queryItems = parameters.map { URLQueryItem(name: $0.name, value: $0.value) }
        var request = HTTPClientRequest(url: client.base + "/v1/scrub?" + (components.percentEncodedQuery ?? ""))
        request.method = .POST
        request.headers = ["content-type": "text/csv", "authorization": client.authorization]
        let feed = try Feed(ListFile(path: path, separator: separator), columns)
        request.body = .stream(AsyncThrowingStream { try await feed.next() }, length: .unknown)
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let summary: ScrubSummary
        do {
            summary = try await answers(
                http.execute(request, timeout: Self.timeout), ListFile(path: path, separator: separator), files, &bar)
        } catch {
            try? await http.shutdown()
            if error is CommandFailure { throw error }
            throw CommandFailure("\(client.base) did not judge the list to its end: \(error)")
        }
        try await http.shutdown()
        return summary
    }

    private func answers(
        _ response: HTTPClientResponse, _ file: ListFile, _ files: ScrubFiles, _ bar: inout ProgressBar
    ) async throws -> ScrubSummary {
        guard response.status == .ok else {
            let body = try await response.body.collect(upTo: 1 << 20)
            throw ServerProblem.failure(
                ServerClient.Answer(status: Int(response.status.code), body: Data(body.readableBytesView)),
                at: client.base)
        }
        var file = file
        var parser = CSVParser()
        var isHeader = true
        var last: [String] = []
        var count = 0
        for try await piece in response.body {
            var rows: [[String]] = []
            parser.feed(piece.readableBytesView) { row in if let cells = try? row.fields.get() { rows.append(cells) } }
            for cells in rows {
                if isHeader {
                    isHeader = false
                    continue
                }
                last = cells
                if cells.count == 2, cells[0] == "summary" || cells[0] == "error" { continue }
                guard let row = try file.row(), cells.count >= ListColumns.answered.count,
                    let verdict = JudgedRow.Verdict(rawValue: cells[cells.count - ListColumns.answered.count])
                else { throw CommandFailure("\(client.base) answered something that is no answer to a list") }
                var tail: [UInt8] = []
                for cell in Self.tail(cells, of: row) {
                    tail.append(file.separator)
                    CSVText.append(cell, separator: file.separator, to: &tail)
                }
                try files.write(file.encoded(row), verdict, tail)
                count += 1
            }
            bar.show(Double(file.bytesRead) / Double(max(1, file.size)), rows: count)
        }
        guard last.count == 2, last[0] == "summary", let summary = ScrubSummary(json: Data(last[1].utf8)) else {
            if last.first == "error", let problem = try? JSONDecoder().decode(Trouble.self, from: Data(last[1].utf8)) {
                throw CommandFailure(problem.detail ?? problem.title ?? "the list was not judged to its end")
            }
            throw CommandFailure("the answer of \(client.base) ended before its summary; nothing was written")
        }
        return summary
    }

    /// What the server said; of a row that could not even be sent, what is wrong with it.
    private static func tail(_ cells: [String], of row: CSVParser.Row) -> [String] {
        if case .failure(let error) = row.fields { return ["invalid", error.rawValue, error.detail, "", ""] }
        return Array(cells.suffix(ListColumns.answered.count))
    }

    private struct Trouble: Decodable {
        var title: String?
        var detail: String?
    }
}

/// The rows of a list as the server wants them: the columns that mean something, under their names.
private actor Feed {
    private var file: ListFile
    private let columns: ListColumns
    private var hasHeader = false

    private static let pieceBytes = 64 << 10

    init(_ file: ListFile, _ columns: ListColumns) {
        self.file = file
        self.columns = columns
    }

    /// `ids` may come from several columns, so each field has one cell.
    private var fields: [ContactColumn] {
        ContactColumn.allCases.filter { column in
            columns.uses.contains { if case .field(column, _) = $0 { true } else { false } }
        }
    }

    func next() throws -> ByteBuffer? {
        var bytes: [UInt8] = []
        let fields = self.fields
        if !hasHeader {
            hasHeader = true
            CSVText.append(fields.map(\.rawValue), to: &bytes)
        }
        while bytes.count < Self.pieceBytes, let row = try file.row() {
            var values = [String](repeating: "", count: fields.count)
            if case .success(let cells) = row.fields, cells.count == columns.uses.count {
                for (use, cell) in zip(columns.uses, cells) {
                    guard case .field(let column, let prefix) = use, !cell.isEmpty,
                        let place = fields.firstIndex(of: column)
                    else { continue }
                    let text =
                        prefix.isEmpty ? cell : cell.split(separator: " ").map { prefix + $0 }.joined(separator: " ")
                    values[place] += values[place].isEmpty ? text : " " + text
                }
            }
            // A row of one empty cell would be an empty line, which is no row.
            if values.allSatisfy(\.isEmpty) { bytes += Array("\"\"".utf8) }
            for (i, value) in values.enumerated() {
                if i > 0 { bytes.append(UInt8(ascii: ",")) }
                CSVText.append(value, to: &bytes)
            }
            CSVText.endRow(&bytes)
        }
        return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }
}
