package import GovernorCore
package import GovernorRuntime

/// A long work on a list that somebody sent: what it is, how far it is and what came of it. It holds no identifier.
package struct Job: Codable, Sendable {
    package enum Family: String, Codable, Sendable { case imports, scrubs }
    package enum State: String, Codable, CaseIterable, Sendable {
        /// The list is still coming in.
        case receiving
        case running, done, failed, cancelled

        package var hasEnded: Bool { self == .done || self == .failed || self == .cancelled }
    }

    /// Who posted it; what it does is done in this name.
    package struct Owner: Codable, Hashable, Sendable {
        package var id: String
        package var role: Role
        package var agency: String
        /// What the key was limited to; it stays so for the job.
        package var limits: KeyLimits?
    }

    /// What all rows of a scrubbed list have in common.
    package struct Parameter: Codable, Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package let id: String
    package let family: Family
    /// What the rows of an import are; the media type of a scrubbed list.
    package let kind: String
    package let parameters: [Parameter]
    package let owner: Owner
    package let createdAt: Timestamp
    package internal(set) var state = State.receiving
    package internal(set) var startedAt: Timestamp?
    package internal(set) var endedAt: Timestamp?
    /// Of the list's contents.
    package internal(set) var digest = ""
    package internal(set) var bytes: Int64 = 0
    /// How often a server was started again while it ran.
    package internal(set) var restarts = 0
    /// Why it failed, or what a cancel left.
    package internal(set) var detail: String?

    package var bytesDone: Int64 = 0
    /// The header is none.
    package var rows = 0
    package var recorded = 0
    package var repeated = 0
    package var refused = 0
    /// How much of the file of refused rows belongs to `rows`.
    package var refusedBytes: Int64 = 0
    /// Of a scrubbed list: JSON.
    package var summary: String?

    init(
        id: String, family: Family, kind: String, parameters: [Parameter], by caller: Caller, at createdAt: Timestamp
    ) {
        self.id = id
        self.family = family
        self.kind = kind
        self.parameters = parameters
        owner = Owner(id: caller.id, role: caller.role, agency: caller.agency, limits: caller.bounds?.limits)
        self.createdAt = createdAt
    }

    package var caller: Caller {
        Caller(id: owner.id, role: owner.role, agency: owner.agency, bounds: owner.limits.map(CallerBounds.init))
    }

    /// Whether a caller may know of it: his own jobs, and all of them for those who answer for the company.
    package func isOpen(to caller: Caller) -> Bool {
        owner.id == caller.id || caller.role == .compliance || caller.role == .admin
    }

    /// Begins again, as if no row had been read.
    package mutating func rewind() {
        (bytesDone, rows, recorded, repeated, refused, refusedBytes, summary) = (0, 0, 0, 0, 0, 0, nil)
    }
}

/// A job as it is now, with what only its process knows.
package struct JobView: Sendable {
    package var job: Job
    /// `nil` while nothing can be said.
    package var rowsPerSecond: Int?
    package var secondsLeft: Int?
    /// When it is forgotten with its files.
    package var forgottenAt: Timestamp?
}

/// The files of a job.
package enum JobPart: String, CaseIterable, Sendable {
    /// What the job is, in JSON.
    case job
    /// The list as it came; only until the job has ended.
    case list
    case refused, kept, dropped
}

/// What jobs may take.
package struct JobBounds: Sendable {
    /// Jobs that receive or run at once.
    package var atOnceMax = 4
    /// Jobs that are remembered; the oldest that have ended go first.
    package var keptMax = 1_000
    package var listBytesMax: Int64 = 4 << 30
    /// What stays free on the disk for the store and the ledger.
    package var freeBytesMin: Int64 = 256 << 20
    /// How long a job that has ended is remembered, with its files.
    package var keptFor = Milliseconds.days(3)

    package init() {}
}

/// Why a job cannot be.
package enum JobRefusal: Error, Equatable, Sendable {
    case tooMany(Int)
    case tooLong(bytesMax: Int64)
    /// The disk has no room, or too little for the store and the ledger besides.
    case diskFull
    /// An `errno`.
    case disk(Int32)
    case closing
}

/// What a job does; it may be begun again after a restart of the server.
package protocol JobWork: Sendable {
    /// - Throws: `CancellationError` once it was told to stop; else what the job failed of, which must name nobody.
    func run(_ handle: JobHandle) async throws
}

/// A running job in the hands of its work.
package struct JobHandle: Sendable {
    package let id: String
    let center: JobCenter

    package var job: Job? { center.job(id) }
    package func path(_ part: JobPart) -> String { center.path(of: id, part) }
    /// Zero when there is none.
    package func size(_ part: JobPart) -> Int64 { JobFile.size(of: path(part)) ?? 0 }
    package func update(_ body: (inout Job) -> Void) { center.update(id, body) }
    /// Puts what it is now on the disk, so that a restart goes on from here.
    package func save() throws(JobRefusal) { try center.save(id) }
    /// A file of the job, empty or cut to what belongs to it.
    package func file(_ part: JobPart, keeping bytes: Int64 = 0) throws(JobRefusal) -> JobFile {
        try JobFile(path: path(part), keeping: bytes, freeBytesMin: center.bounds.freeBytesMin)
    }
}
