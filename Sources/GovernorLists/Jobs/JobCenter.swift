import Foundation
import Glibc
import GovernorCore
package import GovernorRuntime
import Synchronization

/// The jobs of a node: takes lists in, runs what is to be done with them, and goes on with it after a restart.
///
/// A job is a few files in a folder of its own data: what it is, the list while it is needed, and what came of it. The list
/// goes as soon as the job has ended, the rest after `JobBounds.keptFor`.
package final class JobCenter: Sendable {
    private struct Entry {
        var job: Job
        var task: Task<Void, Never>?
        var isCancelling = false
        /// Where this process began, to tell how fast it is.
        var began = ContinuousClock.now
        var rowsBefore = 0
        var bytesBefore: Int64 = 0
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var isClosing = false
        var cleaning: Task<Void, Never>?
    }

    private let state = Mutex(State())
    private let folder: String
    let bounds: JobBounds
    private let clock: any WallClock

    private static let cleanEvery = Duration.seconds(60)

    package init(folder: String, bounds: JobBounds, clock: any WallClock) {
        self.folder = folder
        self.bounds = bounds
        self.clock = clock
    }

    /// Goes on with what ran when the last process ended, however it ended.
    ///
    /// - Parameter work: what a job does; it throws when that cannot be said any more.
    package func start(_ work: (Job) throws -> any JobWork) {
        for var job in read() {
            if job.state == .receiving {
                // Nobody was told of it yet.
                remove(job.id)
                continue
            }
            if job.state == .running { job.restarts += 1 }
            state.withLock { $0.entries[job.id] = Entry(job: job) }
            guard job.state == .running else {
                unlink(path(of: job.id, .list))
                continue
            }
            try? save(job.id)
            do { launch(job.id, try work(job)) } catch { end(job.id, failure: "\(error)") }
        }
        let cleaning = Task { [weak self] in
            while !Task.isCancelled {
                self?.clean()
                try? await Task.sleep(for: Self.cleanEvery)
            }
        }
        state.withLock { $0.cleaning = cleaning }
    }

    /// Stops what runs after its present step; the next process goes on with it.
    package func stop() async {
        let (tasks, cleaning) = state.withLock { state in
            state.isClosing = true
            return (state.entries.values.compactMap(\.task), state.cleaning)
        }
        cleaning?.cancel()
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    // MARK: Taking lists in

    /// Makes room for a list that begins to come in.
    package func open(
        _ family: Job.Family, _ kind: String, _ parameters: [Job.Parameter] = [], by caller: Caller
    ) throws(JobRefusal) -> JobUpload {
        var generator = SystemRandomNumberGenerator()
        let id = "job_" + (0..<2).map { _ in hexadecimal(generator.next()) }.joined()
        let job = Job(id: id, family: family, kind: kind, parameters: parameters, by: caller, at: clock.now())
        let refusal = state.withLock { state -> JobRefusal? in
            if state.isClosing { return .closing }
            guard state.entries.values.count(where: { !$0.job.state.hasEnded }) < bounds.atOnceMax else {
                return .tooMany(bounds.atOnceMax)
            }
            state.entries[id] = Entry(job: job)
            return nil
        }
        if let refusal { throw refusal }
        do throws(JobRefusal) {
            try make(folder)
            try save(id)
            return JobUpload(
                id: id, file: try JobFile(path: path(of: id, .list), keeping: 0, freeBytesMin: bounds.freeBytesMin),
                center: self)
        } catch {
            remove(id)
            throw error
        }
    }

    /// Begins the work on a list that has come whole; the same list for the same work of the same caller is the job that
    /// it was, unless `again`.
    ///
    /// - Parameter isSame: the states in which an earlier job stands for this one.
    package func submit(
        _ upload: JobUpload, again: Bool, isSame: Set<Job.State>, _ work: (Job) throws -> any JobWork
    ) throws -> (job: JobView, isNew: Bool) {
        do {
            let (digest, bytes) = try upload.finish()
            let (earlier, now) = (again, clock.now())
            let known = state.withLock { state -> String? in
                guard let own = state.entries[upload.id]?.job else { return nil }
                let same = state.entries.values.filter { entry in
                    let job = entry.job
                    return !earlier && job.id != own.id && job.digest == digest && job.family == own.family
                        && job.kind == own.kind && job.parameters == own.parameters && job.owner == own.owner
                        && isSame.contains(job.state) && !entry.isCancelling
                }
                if let known = same.max(by: { $0.job.createdAt < $1.job.createdAt }) { return known.job.id }
                state.entries[upload.id]?.job.digest = digest
                state.entries[upload.id]?.job.bytes = bytes
                state.entries[upload.id]?.job.state = .running
                state.entries[upload.id]?.job.startedAt = now
                return nil
            }
            if let known, let view = view(known) {
                remove(upload.id)
                return (view, false)
            }
            guard let job = job(upload.id) else { throw JobRefusal.closing }
            let task = try work(job)
            try save(job.id)
            synchronizeFolder()
            launch(job.id, task)
            return (view(job.id) ?? JobView(job: job), true)
        } catch {
            remove(upload.id)
            throw error
        }
    }

    // MARK: Looking and ending

    package func job(_ id: String) -> Job? { state.withLock { $0.entries[id]?.job } }

    package func view(_ id: String) -> JobView? { state.withLock { $0.entries[id].map(view) } }

    /// Newest first.
    package func views(_ family: Job.Family, for caller: Caller) -> [JobView] {
        state.withLock { state in
            state.entries.values.filter { $0.job.family == family && $0.job.isOpen(to: caller) }
                .sorted { ($0.job.createdAt, $0.job.id) > ($1.job.createdAt, $1.job.id) }.map(view)
        }
    }

    /// Ends a running job after its present step and gives what it then is; forgets one that had ended, with its files.
    package func end(_ id: String) async -> JobView? {
        enum Step {
            case wait(Task<Void, Never>?)
            case forget(JobView)
            case nothing
        }
        let step = state.withLock { state -> Step in
            guard let entry = state.entries[id], entry.job.state != .receiving else { return .nothing }
            if entry.job.state.hasEnded { return .forget(view(entry)) }
            state.entries[id]?.isCancelling = true
            return .wait(entry.task)
        }
        switch step {
        case .nothing: return nil
        case .forget(let view):
            remove(id)
            return view
        case .wait(let task):
            task?.cancel()
            await task?.value
            return view(id)
        }
    }

    /// Forgets what ended long ago, and the oldest when there are too many.
    package func clean() {
        let now = clock.now()
        let old = state.withLock { state -> [String] in
            let ended = state.entries.values.map(\.job).filter(\.state.hasEnded)
                .sorted { ($0.endedAt ?? now) < ($1.endedAt ?? now) }
            let surplus = max(0, ended.count - bounds.keptMax)
            return ended.enumerated().filter { i, job in
                i < surplus || (job.endedAt ?? now) + bounds.keptFor <= now
            }.map(\.element.id)
        }
        for id in old { remove(id) }
    }

    private func view(_ entry: Entry) -> JobView {
        var view = JobView(job: entry.job)
        view.forgottenAt = entry.job.endedAt.map { $0 + bounds.keptFor }
        let seconds = entry.began.duration(to: .now) / .seconds(1)
        if entry.job.state == .running, seconds > 0.05 {
            view.rowsPerSecond = Int(Double(entry.job.rows - entry.rowsBefore) / seconds)
            let done = entry.job.bytesDone - entry.bytesBefore
            if done > 0 {
                view.secondsLeft = Int(
                    (Double(entry.job.bytes - entry.job.bytesDone) * seconds / Double(done)).rounded(.up))
            }
        } else if let from = entry.job.startedAt, let to = entry.job.endedAt, to > from {
            view.rowsPerSecond = Int(Double(entry.job.rows) * 1_000 / Double((to - from).count))
        }
        return view
    }

    // MARK: Running

    private func launch(_ id: String, _ work: any JobWork) {
        let handle = JobHandle(id: id, center: self)
        let mayRun = state.withLock { state in
            guard let job = state.entries[id]?.job, !state.isClosing else { return false }
            state.entries[id]?.began = .now
            state.entries[id]?.rowsBefore = job.rows
            state.entries[id]?.bytesBefore = job.bytesDone
            state.entries[id]?.task = Task {
                do {
                    try await work.run(handle)
                    self.end(id, failure: nil)
                } catch is CancellationError {
                    self.stopped(id)
                } catch {
                    self.end(id, failure: "\(error)")
                }
            }
            // Whoever asked for its end before it had begun.
            if state.entries[id]?.isCancelling == true { state.entries[id]?.task?.cancel() }
            return true
        }
        if !mayRun { try? save(id) }
    }

    /// The work heeded a request to stop: the caller's, or the process's, which leaves it for the next one.
    private func stopped(_ id: String) {
        if state.withLock({ $0.entries[id]?.isCancelling ?? false }) {
            end(id, failure: nil, isCancelled: true)
        } else {
            try? save(id)
        }
    }

    private func end(_ id: String, failure: String?, isCancelled: Bool = false) {
        let now = clock.now()
        update(id) { job in
            job.state = isCancelled ? .cancelled : failure == nil ? .done : .failed
            job.endedAt = now
            job.detail =
                isCancelled
                ? (job.family == .imports
                    ? "cancelled; what was recorded stays" : "cancelled; nothing of the result is kept")
                : failure
        }
        state.withLock { $0.entries[id]?.task = nil }
        // First what says that it has ended: the list alone is cleared away by the next process.
        try? save(id)
        unlink(path(of: id, .list))
    }

    func update(_ id: String, _ body: (inout Job) -> Void) {
        state.withLock { state in
            guard var job = state.entries[id]?.job else { return }
            body(&job)
            state.entries[id]?.job = job
        }
    }

    // MARK: Files

    func path(of id: String, _ part: JobPart) -> String { "\(folder)/\(id).\(part.rawValue)" }

    /// Where a finished part of a job lies; `nil` when there is none.
    package func part(_ part: JobPart, of id: String) -> String? {
        let path = path(of: id, part)
        return JobFile.size(of: path) == nil ? nil : path
    }

    func save(_ id: String) throws(JobRefusal) {
        guard let job = job(id) else { return }
        let bytes: Data
        do { bytes = try JSONEncoder().encode(job) } catch { throw .disk(EINVAL) }
        let path = path(of: id, .job)
        // Small enough to go where the disk is full for lists.
        let file = try JobFile(path: path + ".new", keeping: 0, freeBytesMin: 0)
        try file.append(Array(bytes))
        try file.synchronize()
        guard rename(path + ".new", path) == 0 else { throw JobFile.refusal(errno) }
    }

    func remove(_ id: String) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
        for part in JobPart.allCases { unlink(path(of: id, part)) }
        unlink(path(of: id, .job) + ".new")
    }

    /// The jobs that the folder holds; files of none of them are cleared away.
    private func read() -> [Job] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var jobs: [Job] = []
        for name in names.sorted() where name.hasPrefix("job_") && name.hasSuffix(".job") {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name),
                let job = try? JSONDecoder().decode(Job.self, from: bytes), name == job.id + ".job"
            else { continue }
            jobs.append(job)
        }
        let known = Set(jobs.map(\.id))
        for name in names where name.hasPrefix("job_") {
            if let id = name.split(separator: ".").first, !known.contains(String(id)) { unlink(folder + "/" + name) }
        }
        return jobs
    }

    private func make(_ path: String) throws(JobRefusal) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw JobFile.refusal(errno) }
    }

    private func synchronizeFolder() {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// A list that is coming in.
package final class JobUpload {
    package let id: String
    private let file: JobFile
    private let center: JobCenter
    private var digest = ContentDigest()

    init(id: String, file: JobFile, center: JobCenter) {
        self.id = id
        self.file = file
        self.center = center
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(JobRefusal) {
        guard file.bytes + Int64(bytes.count) <= center.bounds.listBytesMax else {
            throw .tooLong(bytesMax: center.bounds.listBytesMax)
        }
        digest.update(bytes)
        try file.append(bytes)
    }

    /// Nobody sends the rest: as if it had never begun.
    package func abandon() { center.remove(id) }

    fileprivate func finish() throws(JobRefusal) -> (digest: String, bytes: Int64) {
        try file.synchronize()
        return (digest.finish(), file.bytes)
    }
}
