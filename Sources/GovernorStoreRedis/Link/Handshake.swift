import GovernorCore

/// What is said before a connection is used, and what the answers mean: no socket.
struct Handshake {
    enum Purpose: Hashable, Sendable {
        /// One server, or the master that sentinels name.
        case store
        /// A node of a cluster; replicas are let in, for they know the slots.
        case clusterNode
        case sentinel
    }

    private enum Step {
        case authenticate
        case select
        case name
        case information
        case time
        case script
        case writeMeta
        case readMeta
        case ping
    }

    let purpose: Purpose
    let endpoint: RedisEndpoint
    private let mark: InstallationMark
    private var steps: [Step] = []
    private(set) var commands: [RedisCommand] = []
    private var next = 0
    private(set) var facts = ServerFacts()

    /// `clock` in the end tells the node's time in milliseconds, read when `TIME` is answered.
    init(purpose: Purpose, endpoint: RedisEndpoint, settings: LinkSettings) {
        self.purpose = purpose
        self.endpoint = endpoint
        mark = settings.mark
        let (user, password) =
            purpose == .sentinel
            ? (settings.sentinelUser, settings.sentinelPassword) : (settings.user, settings.password)
        if let password {
            if let user {
                add(.authenticate, RedisCommand("AUTH", user, password))
            } else {
                add(.authenticate, RedisCommand("AUTH", password))
            }
        }
        if purpose == .sentinel {
            add(.ping, RedisCommand("PING"))
            return
        }
        if settings.database != 0 { add(.select, RedisCommand("SELECT", String(settings.database))) }
        add(.name, RedisCommand("CLIENT", "SETNAME", settings.connectionName))
        add(.time, RedisCommand("TIME"))
        add(.information, RedisCommand("INFO"))
        add(.script, RedisCommand("SCRIPT", "LOAD", CommitScript.text))
        if purpose == .store {
            var write = RedisCommand("SET")
            write.add(settings.keys.meta)
            write.add(settings.mark.text)
            write.add("NX")
            add(.writeMeta, write)
            var read = RedisCommand("GET")
            read.add(settings.keys.meta)
            add(.readMeta, read)
        }
    }

    private mutating func add(_ step: Step, _ command: RedisCommand) {
        steps.append(step)
        commands.append(command)
    }

    enum Progress {
        case more
        case ready(ServerFacts)
        case failed(RedisStoreError)
    }

    /// Takes the reply to the next command. `now` is the node's clock, in milliseconds since 1970.
    mutating func received(_ reply: RedisReply, now: Timestamp) -> Progress {
        let step = steps[next]
        next += 1
        if let error = reply.error {
            switch (step, error.kind) {
            // Known again from the information that follows, in a clearer sentence.
            case (.writeMeta, .readOnly), (.writeMeta, .outOfMemory), (.writeMeta, .masterDown),
                (.writeMeta, .cannotPersist), (.writeMeta, .tooFewReplicas):
                break
            case (.authenticate, _):
                return .failed(.refused("Redis at \(endpoint) refuses the user or the password"))
            case (_, .noAuthentication):
                return .failed(.refused("Redis at \(endpoint) wants a password: put USER:PASSWORD@ into the address"))
            case (.select, _):
                return .failed(.refused("Redis at \(endpoint) has no such database: \(error)"))
            case (.name, _): break
            case (_, .loading), (_, .masterDown), (_, .clusterDown), (_, .busy):
                return .failed(.unreachable("at \(endpoint): \(error)"))
            case (_, _):
                return .failed(.refused("at \(endpoint): \(error)"))
            }
        }
        switch step {
        case .authenticate, .select, .name, .writeMeta, .ping: break
        case .information:
            guard reply.kind == .text else { return nonsense }
            facts.read(info: reply.string)
            if let fault = facts.fault(at: endpoint, needsCluster: purpose == .clusterNode) { return .failed(fault) }
            if purpose == .store && !facts.isMaster {
                return .failed(.unreachable("Redis at \(endpoint) is a read-only replica"))
            }
        case .time:
            guard reply.count == 2, let seconds = Int64(reply[0].string), let micro = Int64(reply[1].string),
                seconds > 0, seconds < 1 << 40
            else { return nonsense }
            facts.clockDifference = now.milliseconds - (seconds * 1_000 + micro / 1_000)
        case .script:
            guard reply.bytes.count == 40 else { return nonsense }
            facts.scriptDigest = reply.string
        case .readMeta:
            // Absent when it could not be written: then nothing else can be, either, and there is nothing to protect.
            if reply.kind == .null { break }
            guard reply.kind == .text else { return nonsense }
            if !mark.admits(reply.string) {
                return .failed(Self.mismatch(reply.string, at: "Redis at \(endpoint)"))
            }
        }
        return next == steps.count ? .ready(facts) : .more
    }

    static func mismatch(_ found: String, at place: String) -> RedisStoreError {
        .mismatch(
            "\(place) holds people under another secret, normaliser or format (`\(found.prefix(120))`): start with "
                + "what it was written with, or choose another database or `prefix`")
    }

    private var nonsense: Progress {
        .failed(.unreachable("what answers at \(endpoint) does not speak as Redis does"))
    }
}
