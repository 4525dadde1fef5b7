/// The place of a byte in a JSON body, written like `$.contact.ids[2]`. Source: RFC 9535, normalised as far as names allow.
///
/// Found by walking the body a second time, so that the scan itself carries no path. The walk needs only that what stands
/// before `offset` was scanned already.
package enum JSONPath {
    /// Bytes of one name that are repeated; a longer name is cut.
    static let nameBytesMax = 64

    /// The path of the value, or of the member's name, that starts at `offset`.
    package static func path(to offset: Int, in body: UnsafeRawBufferPointer) -> String {
        var frames: [Frame] = []
        var at = 0
        let end = min(offset, body.count)
        while at < end {
            switch body[at] {
            case UInt8(ascii: "{"): frames.append(Frame(isObject: true))
            case UInt8(ascii: "["): frames.append(Frame(isObject: false))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = frames.popLast()
            case UInt8(ascii: ","):
                if let last = frames.indices.last {
                    frames[last].index += 1
                    frames[last].name = nil
                }
            case UInt8(ascii: "\""):
                let name = string(at, body)
                if name.endIndex >= end { at = end }  // The fault lies inside this very string.
                if let last = frames.indices.last, frames[last].isObject, frames[last].name == nil {
                    frames[last].name = name
                }
                if at < end { at = name.endIndex }
            default: break
            }
            at += 1
        }
        if offset < body.count, body[offset] == UInt8(ascii: "\""), let last = frames.indices.last,
            frames[last].isObject, frames[last].name == nil
        {
            frames[last].name = string(offset, body)
        }
        return frames.reduce(into: "$") { $0 += $1.step(in: body) }
    }

    /// `path` with one more name.
    package static func path(_ path: String, member: String) -> String {
        member.isEmpty ? path : path + step(named: member)
    }

    private struct Frame {
        let isObject: Bool
        var index = 0
        var name: Range<Int>?

        func step(in body: UnsafeRawBufferPointer) -> String {
            if !isObject { return "[\(index)]" }
            guard let name else { return "" }
            return JSONPath.step(named: String(decoding: body[name].prefix(nameBytesMax), as: UTF8.self))
        }
    }

    /// The bytes between the quotes of the string that starts at `quote`.
    private static func string(_ quote: Int, _ body: UnsafeRawBufferPointer) -> Range<Int> {
        var at = quote + 1
        while at < body.count, body[at] != UInt8(ascii: "\"") {
            at += body[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return quote + 1..<min(max(at, quote + 1), body.count)
    }

    private static func step(named name: String) -> String {
        let isPlain =
            name.utf8.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
            && name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || byte.isASCIIAlphanumeric
            }
        return isPlain ? "." + name : "['" + name.replacing("'", with: "\\'") + "']"
    }
}

extension UInt8 {
    var isASCIIAlphanumeric: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
