import NIOHTTP1

/// The header fields that the transport and the hot routes look at, found in one pass.
struct HeadFields {
    var authorization = ""
    var contentType: String?
    var contentLength = 0
    var expectsContinue = false
    var hasUnknownExpectation = false
    var hosts = 0
    /// The codec stops after a request that asks for another protocol.
    var isUpgrade = false

    init(_ head: HTTPRequestHead) {
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4: if name.isField("host") { hosts += 1 }
            case 6:
                if name.isField("expect") {
                    if value.isField("100-continue") { expectsContinue = true } else { hasUnknownExpectation = true }
                }
            case 7: if name.isField("upgrade") { isUpgrade = true }
            case 12: if name.isField("content-type") { contentType = value }
            case 13: if name.isField("authorization") { authorization = value }
            case 14: if name.isField("content-length") { contentLength = Int(value) ?? .max }
            default: break
            }
        }
    }

    /// Why a hot request is refused by its head alone.
    func problem(for path: HotPath, _ head: HTTPRequestHead) -> Problem? {
        if hosts != 1 && !(hosts == 0 && head.version.minor == 0) { return .host }
        switch (head.method, path.route) {
        case (.DELETE, .release): break
        case (.POST, let route) where route != .release: break
        default: return .method(path.route)
        }
        if path.hasQuery { return .query }
        if hasUnknownExpectation { return .expectation }
        if let contentType, !contentType.isJSONMediaType { return .mediaType }
        if contentLength > path.route.bodyBytesMax { return .tooLarge(path.route) }
        return nil
    }
}

extension String {
    /// Whether it is `name`, which is in lower case, whatever its own case.
    @inline(__always)
    fileprivate func isField(_ name: StaticString) -> Bool {
        var at = 0
        for byte in utf8 {
            guard at < name.utf8CodeUnitCount else { return false }
            let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if lower != name.utf8Start[at] { return false }
            at &+= 1
        }
        return at == name.utf8CodeUnitCount
    }

    /// `application/json`, or a kind of it, with any parameters but another charset than UTF-8.
    fileprivate var isJSONMediaType: Bool {
        if isField("application/json") { return true }
        let parts = lowercased().split(separator: ";").map { $0.trimmingSpaces }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { parameter in
            guard parameter.hasPrefix("charset=") else { return true }
            let charset = parameter.dropFirst(8)
            return charset == "utf-8" || charset == "\"utf-8\"" || charset == "utf8"
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
