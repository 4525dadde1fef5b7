import GovernorRuntime

/// Rows that have been taken or refused, in the order of the file.
package struct ImportGroup: Sendable {
    package var outcomes: [(line: Int, outcome: ImportOutcome)]
    /// How much of the file was read when the group was full.
    package var bytesRead: Int64
}

/// Takes a file's rows into a sink: groups side by side, told of in the order of the file.
package enum ImportRun {
    /// Rows of one group, at most.
    static let groupRows = 1_000
    /// A group is full with so many bytes of cells, however few its rows are.
    static let groupBytes = 4 << 20

    /// - Parameters:
    ///   - file: after its header, or after the last row that was settled before.
    ///   - groupsMax: groups under way at once.
    ///   - settled: is told of one group after the other.
    /// - Throws: what the file, the sink or `settled` throw; `CancellationError` after the groups under way, when the task
    ///   was cancelled.
    package static func run(
        _ file: inout ImportFile, _ header: ImportHeader, into sink: some ImportSink, groupsMax: Int,
        settled: (ImportGroup) throws -> Void
    ) async throws {
        var underWay: [Task<ImportGroup, any Error>] = []
        func settle() async throws {
            let task = underWay.removeFirst()
            try settled(
                try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                })
        }
        do {
            while !Task.isCancelled, let rows = try group(of: &file, header) {
                if underWay.count == groupsMax { try await settle() }
                underWay.append(
                    Task { [bytesRead = file.bytesRead] in
                        let items = rows.compactMap { try? $0.get() }
                        var outcomes = (items.isEmpty ? [] : try await sink.take(items, header)).makeIterator()
                        return ImportGroup(
                            outcomes: rows.map { row in
                                switch row {
                                case .success(let item): (item.line, outcomes.next() ?? .refused([]))
                                case .failure(let refused): (refused.line, .refused([refused.fault]))
                                }
                            }, bytesRead: bytesRead)
                    })
            }
            while !underWay.isEmpty { try await settle() }
        } catch {
            for task in underWay { task.cancel() }
            for task in underWay { _ = await task.result }
            throw error
        }
        try Task.checkCancellation()
    }

    /// A row that need not be asked about.
    private struct Refused: Error {
        var line: Int
        var fault: ImportFault
    }

    /// `nil` at the end.
    private static func group(
        of file: inout ImportFile, _ header: ImportHeader
    ) throws(ImportFailure) -> [Result<ImportItem, Refused>]? {
        let idColumn = header.columns.firstIndex(of: .id)
        var rows: [Result<ImportItem, Refused>] = []
        var bytes = 0
        while rows.count < groupRows, bytes < groupBytes, let (number, row) = try file.row() {
            switch row.fields {
            case .failure(let error): rows.append(.failure(Refused(line: row.line, fault: ImportFault(error))))
            case .success(let cells):
                if let fault = header.fault(cells) {
                    rows.append(.failure(Refused(line: row.line, fault: fault)))
                    continue
                }
                var id = "\(file.digest):\(number)"
                if let idColumn, !cells[idColumn].isEmpty { id = cells[idColumn] }
                rows.append(.success(ImportItem(line: row.line, id: id, cells: cells)))
                bytes += cells.reduce(0) { $0 + $1.utf8.count }
            }
        }
        return rows.isEmpty ? nil : rows
    }
}
