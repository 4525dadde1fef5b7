import Crypto
import Foundation
public import GovernorCore
import GovernorIdentity
public import GovernorPolicy
public import Logging
import Synchronization

/// Loads the policies of one or several folders and files and keeps them fresh: a changed file is in force within a second, a broken one
/// changes nothing and says so.
public final class PolicyService: Sendable {
    /// What is in force and what is wrong with what is not.
    public struct Status: Sendable {
        public var revision: String
        public var activatedAt: Timestamp
        public var ruleCount: Int
        /// The findings of the last attempt that failed; empty while the files on disk are in force.
        public var broken: [Diagnostic]
        /// When the first attempt since the last good load failed; `nil` while the files on disk are in force.
        public var rejectedAt: Timestamp?
        /// Why it failed, one line per error.
        public var rejection: [String] = []
        public var reloads: UInt64
        public var failures: UInt64
    }

    public let holder: PolicyHolder
    /// Folders and files, separated by commas.
    public let directory: String
    private let logger: Logger
    private let zones: ZoneAtlas
    private struct State {
        var status: Status
        var seen: [String: Stamp]
        /// The texts in force.
        var sources: [PolicySource]
        var archive: PolicyArchive?
    }
    private struct Stamp: Equatable {
        var modified: Date
        var size: Int
        var inode: Int
    }
    private let state: Mutex<State>
    private let isClosed = Atomic(false)

    /// Files of a directory, at most.
    public static let filesMax = 1_000
    static let lookEveryMicroseconds: UInt32 = 300_000

    /// Loads for the first time; the governor does not start on a broken policy.
    public init(
        directory: String, zones: ZoneAtlas, logger: Logger, at now: Timestamp
    ) throws(PolicyServiceError) {
        self.directory = directory
        self.logger = logger
        self.zones = zones
        let seen = try Self.stamps(directory)
        let sources = try Self.sources(of: directory)
        let (policies, findings) = Self.loader(zones: zones, at: now).load(files: sources)
        guard let policies else { throw .broken(findings) }
        holder = PolicyHolder(policies)
        state = Mutex(
            State(
                status: Status(
                    revision: policies.revision, activatedAt: now, ruleCount: policies.rules.count, broken: [],
                    reloads: 0, failures: 0),
                seen: seen, sources: sources))
    }

    public var status: Status { state.withLock { $0.status } }

    /// From now on keeps every text in `archive` before it decides, beginning with those in force.
    public func keep(in archive: PolicyArchive) throws(PolicyArchiveError) {
        let (sources, since) = state.withLock { ($0.sources, $0.status.activatedAt) }
        try archive.keep(holder.current, sources, at: since)
        state.withLock { $0.archive = archive }
    }

    /// Where texts are kept, if anywhere.
    public var archive: PolicyArchive? { state.withLock { $0.archive } }

    /// The texts in force, by file, with the hash of each; the file of the first rule first.
    public var texts: [(file: PolicyArchive.File, bytes: [UInt8])] {
        state.withLock { $0.sources }.map { source in
            (
                PolicyArchive.File(
                    name: source.name, digest: PolicyArchive.digest(source.bytes), bytes: source.bytes.count),
                source.bytes
            )
        }
    }

    /// Watches the directory on a thread of its own until `close`.
    public func watch(clock: any WallClock) {
        startThread { [self] in
            while !isClosed.load(ordering: .acquiring) {
                usleep(Self.lookEveryMicroseconds)
                reloadIfChanged(at: clock.now())
            }
        }
    }

    public func close() { isClosed.store(true, ordering: .releasing) }

    /// Looks once; loads and swaps if a file came, went or changed.
    public func reloadIfChanged(at now: Timestamp) {
        let seen: [String: Stamp]
        do { seen = try Self.stamps(directory) } catch {
            noteFailure([], "\(error)", seen: nil, at: now)
            return
        }
        if state.withLock({ $0.seen == seen }) { return }
        do {
            let sources = try Self.sources(of: directory)
            let (policies, findings) = Self.loader(zones: zones, at: now).load(files: sources)
            guard let policies else {
                let errors = findings.filter { $0.severity == .error }
                return noteFailure(errors, errors.summary, seen: seen, at: now)
            }
            do throws(PolicyArchiveError) { try archive?.keep(policies, sources, at: now) } catch {
                return noteFailure([], "the text cannot be kept: \(error)", seen: nil, at: now)
            }
            holder.swap(in: policies)
            state.withLock { state in
                state.seen = seen
                state.sources = sources
                state.status = Status(
                    revision: policies.revision, activatedAt: now, ruleCount: policies.rules.count, broken: [],
                    reloads: state.status.reloads + 1, failures: state.status.failures)
            }
            logger.notice(
                "policies reloaded",
                metadata: ["revision": "\(policies.revision.prefix(12))", "rules": "\(policies.rules.count)"])
        } catch {
            noteFailure([], "\(error)", seen: seen, at: now)
        }
    }

    private func noteFailure(_ findings: [Diagnostic], _ why: String, seen: [String: Stamp]?, at now: Timestamp) {
        let isNews = state.withLock { state in
            let isNews = seen != nil || state.status.rejectedAt == nil
            if let seen { state.seen = seen }
            state.status.broken = findings
            state.status.rejectedAt = state.status.rejectedAt ?? now
            state.status.rejection =
                findings.isEmpty
                ? [why]
                : findings.map {
                    "\($0.file):\($0.line):\($0.column): \($0.severity.rawValue)[\($0.code.id)]: \($0.message)"
                }
            state.status.failures += isNews ? 1 : 0
            return isNews
        }
        if isNews {
            logger.error(
                "the changed policies are broken; the last good ones stay in force", metadata: ["why": "\(why)"])
        }
    }

    /// Loads the files of the folders and files that `path` names, separated by commas, with every finding.
    public static func load(
        _ path: String, zones: ZoneAtlas, at now: Timestamp
    ) throws(PolicyServiceError) -> (PolicySet?, [Diagnostic]) {
        loader(zones: zones, at: now).load(files: try sources(of: path))
    }

    private static func sources(of path: String) throws(PolicyServiceError) -> [PolicySource] {
        let paths = paths(path)
        if paths.isEmpty { throw .missing(path) }
        return try sources(paths)
    }

    public static func loader(zones: ZoneAtlas, at now: Timestamp) -> PolicyLoader {
        let today = LocalDate(days: Int32(now.milliseconds / 86_400_000))
        return PolicyLoader(
            today: today, isKnownZone: { zones[ZoneKey(name: $0)] != nil },
            clocks: { clocks($0, zones: zones, year: today) },
            digest: { bytes in SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() })
    }

    /// The clocks of a place in the year around `year`; places without a zone of their own have none.
    private static func clocks(_ place: Jurisdiction, zones: ZoneAtlas, year: LocalDate) -> [PlaceClock]? {
        guard let address = Places.shared.address(place) else { return nil }
        let seasons = [1, 7].map { month in
            Timestamp(milliseconds: (LocalDate(year: year.year, month: month, day: 15) ?? year).localMilliseconds)
        }
        let clocks = address.zones.compactMap { zones[$0] }.map { table in
            PlaceClock(january: Int32(table.offset(at: seasons[0])), july: Int32(table.offset(at: seasons[1])))
        }
        return Array(Set(clocks))
    }

    private static func paths(_ list: String) -> [String] {
        list.split(separator: ",").map { String($0.trimmingPrefix(" ")) }.filter { !$0.isEmpty }
    }

    /// The policy files below the given paths, by name; a path may be a file.
    public static func sources(_ paths: [String]) throws(PolicyServiceError) -> [PolicySource] {
        var sources: [PolicySource] = []
        for path in paths {
            for file in try files(path) {
                guard let data = FileManager.default.contents(atPath: file) else { throw .unreadable(file) }
                sources.append(PolicySource(name: file, bytes: [UInt8](data)))
            }
        }
        return sources
    }

    private static func files(_ path: String) throws(PolicyServiceError) -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw .missing(path) }
        if !isDirectory.boolValue { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { throw .unreadable(path) }
        let files = names.filter { PolicySource.isPolicy(fileName: $0) }.sorted()
        if files.isEmpty { throw .empty(path) }
        if files.count > filesMax { throw .tooMany(path) }
        return files.map { path + (path.hasSuffix("/") ? "" : "/") + $0 }
    }

    private static func stamps(_ directory: String) throws(PolicyServiceError) -> [String: Stamp] {
        var stamps: [String: Stamp] = [:]
        var files: [String] = []
        for path in paths(directory) { files += try Self.files(path) }
        for file in files {
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else { continue }
            stamps[file] = Stamp(
                modified: attributes[.modificationDate] as? Date ?? .distantPast,
                size: attributes[.size] as? Int ?? 0, inode: attributes[.systemFileNumber] as? Int ?? 0)
        }
        return stamps
    }
}

/// Why the policies could not be loaded at all.
public enum PolicyServiceError: Error, Sendable, CustomStringConvertible {
    case missing(String)
    case empty(String)
    case tooMany(String)
    case unreadable(String)
    case broken([Diagnostic])

    public var description: String {
        switch self {
        case .missing(let path): "there is no policy directory \(path); name one with --policies"
        case .empty(let path): "\(path) holds no policy (a file that ends in .yaml)"
        case .tooMany(let path): "\(path) holds more than \(PolicyService.filesMax) policies"
        case .unreadable(let path): "\(path) cannot be read"
        case .broken(let findings): findings.report
        }
    }
}
