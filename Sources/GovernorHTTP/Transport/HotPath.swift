/// Which hot route a request target names.
struct HotPath {
    let route: HotRoute
    /// The reservation's id, in bytes of the target.
    let reservation: Range<Int>
    let hasQuery: Bool

    /// `nil` when the target is not ours; whatever its method. Takes the origin and the absolute form.
    @inline(__always)
    static func match(_ target: String) -> HotPath? {
        var target = target
        return target.withUTF8 { match($0) }
    }

    private static func match(_ target: UnsafeBufferPointer<UInt8>) -> HotPath? {
        guard let base = target.baseAddress else { return nil }
        var start = 0
        if base[0] != UInt8(ascii: "/") {
            guard let path = pathOfAbsoluteForm(target) else { return nil }
            start = path
        }
        var end = target.count
        var hasQuery = false
        if let mark = target[start...].firstIndex(of: UInt8(ascii: "?")) {
            end = mark
            hasQuery = true
        }

        func equals(_ text: StaticString, from: Int, to: Int) -> Bool {
            guard to - from == text.utf8CodeUnitCount else { return false }
            for at in 0..<text.utf8CodeUnitCount where base[from &+ at] != text.utf8Start[at] { return false }
            return true
        }

        if equals("/v1/decisions", from: start, to: end) {
            return HotPath(route: .decisions, reservation: 0..<0, hasQuery: hasQuery)
        }
        if equals("/v1/decisions/batch", from: start, to: end) {
            return HotPath(route: .decisionsBatch, reservation: 0..<0, hasQuery: hasQuery)
        }
        let id = start + 17
        guard end > id, equals("/v1/reservations/", from: start, to: id) else { return nil }
        guard let slash = target[id..<end].firstIndex(of: UInt8(ascii: "/")) else {
            return HotPath(route: .release, reservation: id..<end, hasQuery: hasQuery)
        }
        if slash == id { return nil }
        if equals("/confirm", from: slash, to: end) {
            return HotPath(route: .confirm, reservation: id..<slash, hasQuery: hasQuery)
        }
        if equals("/outcome", from: slash, to: end) {
            return HotPath(route: .outcome, reservation: id..<slash, hasQuery: hasQuery)
        }
        return nil
    }

    /// Where the path starts in `http://host/path`. Source: RFC 9112, section 3.2.2.
    @inline(never)
    private static func pathOfAbsoluteForm(_ target: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let colon = target.firstIndex(of: UInt8(ascii: ":")), target.count > colon + 3,
            target[colon + 1] == UInt8(ascii: "/"), target[colon + 2] == UInt8(ascii: "/")
        else { return nil }
        return target[(colon + 3)...].firstIndex(of: UInt8(ascii: "/"))
    }
}
