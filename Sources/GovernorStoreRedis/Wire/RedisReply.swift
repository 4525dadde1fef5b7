import CHiredis

/// What Redis answered; valid during the call that hands it out.
struct RedisReply {
    enum Kind {
        case text
        case array
        case integer
        case null
        case status
        case error
    }

    private let reply: UnsafePointer<redisReply>

    init(_ reply: UnsafePointer<redisReply>) { self.reply = reply }

    var kind: Kind {
        switch reply.pointee.type {
        case REDIS_REPLY_STRING: .text
        case REDIS_REPLY_ARRAY: .array
        case REDIS_REPLY_INTEGER: .integer
        case REDIS_REPLY_NIL: .null
        case REDIS_REPLY_STATUS: .status
        default: .error
        }
    }

    var integer: Int64? { kind == .integer ? Int64(reply.pointee.integer) : nil }

    /// The bytes of a text, a status or an error.
    var bytes: UnsafeRawBufferPointer {
        switch kind {
        case .text, .status, .error: UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len)
        case .array, .integer, .null: UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Of an array.
    var count: Int { kind == .array ? reply.pointee.elements : 0 }

    subscript(index: Int) -> RedisReply {
        precondition(index < count, "a reply has fewer elements")
        // hiredis fills every element before it hands out the array.
        return RedisReply(reply.pointee.element[index]!)
    }

    /// The server's error, told apart by its first word.
    var error: RedisError? { kind == .error ? RedisError(string) : nil }
}

/// What Redis says when it will not do something.
struct RedisError: Error, Hashable, CustomStringConvertible {
    enum Kind: Hashable {
        case noScript
        case loading
        case readOnly
        case outOfMemory
        case masterDown
        case clusterDown
        case crossSlot
        case noAuthentication
        case noPermission
        case cannotPersist
        case tooFewReplicas
        case busy
        case tryAgain
        case moved(slot: Int, to: RedisEndpoint?)
        case ask(slot: Int, to: RedisEndpoint?)
        case wrongType
        case other
    }

    let kind: Kind
    private let text: String

    init(_ text: String) {
        self.text = text
        let words = text.split(separator: " ")
        kind =
            switch words.first.map(String.init) ?? "" {
            case "NOSCRIPT": .noScript
            case "LOADING": .loading
            case "READONLY": .readOnly
            case "OOM": .outOfMemory
            case "MASTERDOWN": .masterDown
            case "CLUSTERDOWN": .clusterDown
            case "CROSSSLOT": .crossSlot
            case "NOAUTH", "WRONGPASS": .noAuthentication
            case "NOPERM": .noPermission
            case "MISCONF": .cannotPersist
            case "NOREPLICAS": .tooFewReplicas
            case "BUSY": .busy
            case "TRYAGAIN": .tryAgain
            case "MOVED" where words.count >= 3: .moved(slot: Int(words[1]) ?? -1, to: Self.endpoint(words[2]))
            case "ASK" where words.count >= 3: .ask(slot: Int(words[1]) ?? -1, to: Self.endpoint(words[2]))
            case "WRONGTYPE": .wrongType
            // A script's own errors hold the reason further in.
            case "ERR" where text.contains("-OOM ") || text.contains("OOM command"): .outOfMemory
            case "ERR" where text.contains("READONLY "): .readOnly
            case "ERR" where text.contains("AUTH") || text.contains("invalid password"): .noAuthentication
            default: text.contains("WRONGTYPE") ? .wrongType : .other
            }
    }

    /// `host:port`, from the right, since a host may be an IPv6 address; no host: the one that answered.
    private static func endpoint(_ text: Substring) -> RedisEndpoint? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        return .host(String(text[..<colon]), port: port)
    }

    /// For an operator. Redis's own words are cut short: they may repeat what was sent.
    var description: String {
        switch kind {
        case .noScript: "Redis has forgotten a script"
        case .loading: "Redis is loading its data into memory"
        case .readOnly: "Redis is a read-only replica"
        case .outOfMemory: "Redis has reached its `maxmemory`; give it more"
        case .masterDown: "the replica has lost its master"
        case .clusterDown: "the cluster does not serve this slot"
        case .crossSlot: "the keys of one command are in several slots"
        case .noAuthentication: "Redis refuses the user or the password"
        case .noPermission: "the user may not do this in Redis: \(text.prefix(100))"
        case .cannotPersist: "Redis cannot write to its disk and refuses changes (MISCONF)"
        case .tooFewReplicas: "Redis has too few replicas and refuses changes (NOREPLICAS)"
        case .busy: "Redis is busy with a script"
        case .tryAgain: "the cluster is moving this slot"
        case .moved, .ask: "the slot is at another node"
        case .wrongType: "a key holds something else than a record"
        case .other: "Redis answered `\(text.prefix(100))`"
        }
    }
}
