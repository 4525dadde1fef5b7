import Foundation
import GovernorCore
import GovernorRegistry
import GovernorRuntime

/// The files of a list while they are read: plain ones, and compressed ones through `gzip`, which then works beside us.
struct RegistrySource {
    let layout: RegistryLayout
    private let files: [String]
    private let options: RegistryCommand.Rows
    private let country: Jurisdiction
    private var asOf: Timestamp
    private var rowCount = 0
    private var refusedCount = 0
    private var shownCount = 0

    private static let pieceBytes = 1 << 20
    /// Refused rows that the screen shows; `--refused` keeps all.
    private static let shownMax = 10

    init(_ files: [String], _ options: RegistryCommand.Rows) throws {
        self.files = files
        self.options = options
        country = try Self.country(options.country)
        asOf = try Self.asOf(options.asOf, files)
        var rows: [[UInt8]] = []
        try Self.open(files[0]) { file in
            let bytes = try file.read(upToCount: 65_536) ?? Data()
            rows = bytes.split(separator: UInt8(ascii: "\n")).prefix(50).map { Array($0) }
            return true
        }
        guard let layout = RegistryLayout.guess(from: rows, column: options.column, dateColumn: options.dateColumn)
        else {
            let head = rows.first.map { String(decoding: $0.prefix(80), as: UTF8.self) } ?? ""
            throw CommandFailure(
                options.column == nil && options.dateColumn == nil
                    ? "\(files[0]): no column looks like a number; name it with --column (the first row is `\(head)`)"
                    : "\(files[0]): there is no column `\(options.column ?? options.dateColumn ?? "")` (the first row is `\(head)`)"
            )
        }
        self.layout = layout
    }

    static func country(_ text: String?) throws(CommandFailure) -> Jurisdiction {
        guard let text else { return .unknown }
        guard let country = Jurisdiction(text.uppercased()) else {
            throw CommandFailure("--country: `\(text)` is not a country; write the two letters of ISO 3166-1")
        }
        return country
    }

    private static func asOf(_ text: String?, _ files: [String]) throws(CommandFailure) -> Timestamp {
        let now = SystemWallClock().now()
        let asOf: Timestamp
        if let text {
            if let instant = try? Timestamp(parsing: text) {
                asOf = instant
            } else if let date = try? LocalDate(parsing: text) {
                asOf = Timestamp(milliseconds: Int64(date.days) * 86_400_000)
            } else {
                throw CommandFailure("--as-of: `\(text)` is neither a date such as 2026-11-01 nor an instant")
            }
        } else {
            let dates = files.map {
                (try? FileManager.default.attributesOfItem(atPath: $0))?[.modificationDate] as? Date ?? Date()
            }
            asOf = Timestamp(milliseconds: Int64((dates.min() ?? Date()).timeIntervalSince1970 * 1_000))
        }
        guard asOf <= now + .minutes(5) else { throw CommandFailure("--as-of: \(asOf) has not come yet") }
        return asOf
    }

    /// Hands on every number of every file.
    mutating func readAll(_ name: String, _ take: (UInt64, UInt16) -> Void) throws {
        let total = files.reduce(0) { $0 + (Self.size(of: $1) ?? 0) }
        var done = 0
        var bar = ProgressBar(name)
        defer { bar.end() }
        var refusedRows: FileHandle?
        if let path = options.refused {
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let file = FileHandle(forWritingAtPath: path)
            else { throw CommandFailure("--refused: \(path) cannot be written") }
            refusedRows = file
        }
        for path in files {
            var reader = RegistryReader(layout: layout, country: country)
            var shown: [String] = []
            let refuse = { (line: Int, row: String, why: String) in
                if shown.count < Self.shownMax { shown.append("\(path):\(line): \(why): \(row)") }
                try? refusedRows?.write(contentsOf: Data("\(path):\(line): \(why): \(row)\n".utf8))
            }
            let size = Self.size(of: path) ?? 0
            let isCompressed = path.hasSuffix(".gz")
            var read = 0
            let rowsBefore = rowCount
            try Self.open(path) { file in
                guard let piece = try file.read(upToCount: Self.pieceBytes), !piece.isEmpty else { return true }
                piece.withUnsafeBytes { reader.read($0, take: take, refuse: refuse) }
                read += piece.count
                // How far a compressed file is read is not known; its share moves by what such lists shrink to.
                let part = isCompressed ? min(size, read / 5) : read
                bar.show(Double(done + part) / Double(max(1, total)), rows: rowsBefore + reader.rowCount)
                return false
            }
            reader.endFile(take: take, refuse: refuse)
            done += size
            rowCount += reader.rowCount
            refusedCount += reader.refusedCount
            bar.end()
            for line in shown.prefix(max(0, Self.shownMax - shownCount)) { printToStandardError(line) }
            shownCount += shown.count
        }
        if refusedCount > Self.shownMax {
            printToStandardError("… and \(ProgressBar.grouped(refusedCount - Self.shownMax)) rows more")
        }
        if refusedCount * 100 > rowCount, !options.acceptRefused {
            throw CommandFailure(RegistryError.tooManyRefused(refused: refusedCount, rows: rowCount).description)
        }
    }

    /// With what an earlier source read.
    func after(_ earlier: RegistrySource?) -> RegistrySource {
        var whole = self
        if let earlier {
            whole.asOf = min(asOf, earlier.asOf)
            whole.rowCount += earlier.rowCount
            whole.refusedCount += earlier.refusedCount
        }
        return whole
    }

    /// Puts what was gathered in force and says what it is.
    func finish(_ builder: RegistryBuilder, as name: String, in place: RegistryCommand.Place) throws {
        do {
            let now = SystemWallClock().now()
            let info = try place.folder().install(
                builder, as: name, asOf: asOf, builtAt: now, acceptsShrinking: options.acceptShrink)
            if place.json {
                print(info.json(at: now))
            } else {
                print(
                    "\(name): \(ProgressBar.grouped(info.count)) numbers as of \(info.asOf.description.prefix(16)), "
                        + "\(ProgressBar.grouped(info.addedCount)) added, \(ProgressBar.grouped(info.removedCount)) removed, "
                        + "\(ProgressBar.grouped(refusedCount)) of \(ProgressBar.grouped(rowCount)) rows refused; "
                        + "version \(info.version)")
            }
        } catch let error as RegistryError { throw CommandFailure(error.description) }
    }

    private static func size(of path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    }

    /// Opens a file, through `gzip` where its name ends in `.gz`, and calls `body` until it is done.
    private static func open(_ path: String, _ body: (FileHandle) throws -> Bool) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure("\(path) cannot be read")
        }
        defer { try? file.close() }
        guard path.hasSuffix(".gz") else {
            while try !body(file) {}
            return
        }
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "--decompress", "--stdout"]
        gzip.standardInput = file
        let pipe = Pipe()
        let errors = Pipe()
        gzip.standardOutput = pipe
        gzip.standardError = errors
        try gzip.run()
        var isRead = false
        while !isRead { isRead = try body(pipe.fileHandleForReading) }
        let isAtEnd = try (pipe.fileHandleForReading.read(upToCount: 1) ?? Data()).isEmpty
        if !isAtEnd {
            // Whoever started us may have signals ignored, and a child inherits that; a pipe without a reader ends it too.
            try pipe.fileHandleForReading.close()
            gzip.terminate()
        }
        gzip.waitUntilExit()
        if isAtEnd, gzip.terminationStatus != 0 {
            let why = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            throw CommandFailure("\(path): \(why.split(separator: "\n").first ?? "gzip cannot read it")")
        }
    }
}
