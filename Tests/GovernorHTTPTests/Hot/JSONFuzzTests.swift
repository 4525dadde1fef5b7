import Foundation
import GovernorHTTP
import Testing

/// The scanners against Foundation's decoders: the same texts accepted, the same values read.
///
/// Deliberate differences, most with a row in `WireScannerTests`: ours refuses repeated members, NUL, half surrogate pairs, a
/// byte order mark and UTF-16, nesting beyond 32; the schema refuses unknown members, empty strings and what
/// passes its bounds. Ours takes numbers beyond a double's range where nobody asks for their value.
@Suite struct JSONFuzzTests {
    @Test func cursorAgreesWithJSONSerialization() throws {
        var random = Seeded()
        var accepted = 0
        for round in 0..<20_000 {
            let text = round % 3 == 0 ? random.document(depth: 4) : random.mutated(random.document(depth: 4))
            let ours = Node.scanned(text)
            let theirs = try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed])
            switch (ours, theirs) {
            case (.success(let node), let value?):
                accepted += 1
                #expect(
                    node.matches(value), "seed \(random.seed) round \(round): \(String(decoding: text, as: UTF8.self))")
            case (.failure, nil): break
            case (.success(let node), nil):
                #expect(
                    node.hasHugeNumber,
                    "only ours accepts, seed \(random.seed) round \(round): \(String(decoding: text, as: UTF8.self))")
            case (.failure(let fault), _?):
                #expect(
                    fault.isDeliberate(in: text),
                    "only ours refuses (\(fault.code) at \(fault.offset)), seed \(random.seed) round \(round): \(String(decoding: text, as: UTF8.self))"
                )
            }
        }
        #expect(accepted > 5_000)
    }

    @Test func requestAgreesWithJSONDecoder() throws {
        var random = Seeded()
        var accepted = 0
        for round in 0..<20_000 {
            let text = round % 3 == 0 ? random.request() : random.mutated(random.request())
            let ours = text.withUnsafeBytes { body in
                Result { () throws(JSONFaults) in try WireDecisionRequest.scan(body) }
                    .map { Plain($0, in: body) }
            }
            let theirs = try? JSONDecoder().decode(Plain.self, from: Data(text))
            let note = "seed \(random.seed) round \(round): \(String(decoding: text, as: UTF8.self))"
            switch (ours, theirs) {
            case (.success(let mine), let value?):
                accepted += 1
                #expect(mine == value, "\(note)")
            case (.failure, nil): break
            case (.success, nil): Issue.record("only ours accepts, \(note)")
            case (.failure(let faults), _?):
                // Foundation knows neither our bounds nor that a name may stand there once and must be known.
                let schema: Set = [
                    "field.unknown", "field.duplicate", "field.empty", "field.too_long", "field.too_many",
                ]
                // Nor does it look inside what it does not know.
                let isBlind = faults.all.contains { $0.kind == .unknown }
                #expect(
                    isBlind || faults.all.allSatisfy { schema.contains($0.code) || $0.isDeliberate(in: text) },
                    "only ours refuses \(faults.all.map(\.code)), \(note)")
            }
        }
        #expect(accepted > 5_000)
    }

    @Test func garbageNeverCrashes() {
        var random = Seeded()
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            text.withUnsafeBytes { body in
                do throws(JSONFaults) {
                    _ = try WireDecisionRequest.scan(body)
                } catch {
                    #expect(!Problem(error, in: body).errors.isEmpty)
                }
            }
        }
    }

    @Test func everyPrefixOfARequestIsRefused() {
        var random = Seeded()
        for _ in 0..<50 {
            let text = random.request()
            for length in 0..<text.count {
                text.prefix(length).withUnsafeBytes { body in
                    do throws(JSONFaults) {
                        _ = try WireDecisionRequest.scan(body)
                        Issue.record("seed \(random.seed): accepted a prefix of \(length) bytes")
                    } catch {
                        #expect(error.all[0].isFatal)
                    }
                }
            }
        }
    }
}

extension JSONFault {
    /// Whether Foundation is known to accept what this fault refuses.
    fileprivate func isDeliberate(in text: [UInt8]) -> Bool {
        switch kind {
        case .nul, .surrogate, .depth, .duplicate: true
        // Foundation lets a comma stand before the end of an array or an object.
        case .syntax
        where offset < text.count && (text[offset] == UInt8(ascii: "]") || text[offset] == UInt8(ascii: "}"))
            && text[..<offset].last { $0 > 0x20 } == UInt8(ascii: ","):
            true
        // Foundation reads a byte order mark, and UTF-16 and UTF-32 by their zero bytes.
        case .encoding, .syntax, .truncated, .trailing:
            text.starts(with: [0xef, 0xbb, 0xbf]) || text.prefix(4).contains(0)
        default: false
        }
    }
}

/// A JSON value as the cursor reads it, with its members in their order.
private indirect enum Node {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([Node])
    case object([(String, Node)])

    static func scanned(_ text: [UInt8]) -> Result<Node, JSONFault> {
        text.withUnsafeBytes { body in
            var cursor = JSONCursor(body)
            return Result { () throws(JSONFault) in
                let end = try skipped(&cursor)
                let node = try Node(body, 0..<end)
                return node
            }
        }
    }

    /// The whole text is one value: where it ends.
    private static func skipped(_ cursor: inout JSONCursor) throws(JSONFault) -> Int {
        try cursor.skipValue()
        let end = cursor.position
        try cursor.finish()
        return end
    }

    /// Reads the value in `range`, which is known to be well-formed.
    private init(_ body: UnsafeRawBufferPointer, _ range: Range<Int>) throws(JSONFault) {
        var cursor = JSONCursor(body, from: range.lowerBound)
        self = try Node.read(&cursor, body)
    }

    private static func read(_ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer) throws(JSONFault) -> Node {
        switch cursor.next() {
        case UInt8(ascii: "{"):
            // `object` wants names known beforehand; here the names are read with an array's means.
            return try Node.readObject(&cursor, body)
        case UInt8(ascii: "["):
            var elements: [Node] = []
            try cursor.array(countMax: .max) { (_, cursor) throws(JSONFault) in
                elements.append(try Node.read(&cursor, body))
            }
            return .array(elements)
        case UInt8(ascii: "\""):
            let text = try cursor.anyString(bytesMax: 1 << 20)
            return .string(cursor.strings.withBytes(of: text, in: body) { String(decoding: $0, as: UTF8.self) })
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try cursor.bool())
        case UInt8(ascii: "n"):
            _ = try cursor.takeNull()
            return .null
        default:
            let start = cursor.position
            try cursor.skipValue()
            return .number(String(decoding: body[start..<cursor.position], as: UTF8.self))
        }
    }

    private static func readObject(_ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer) throws(JSONFault) -> Node
    {
        // Between members the text is known to be well-formed, so finding the next name needs no checks.
        var members: [(String, Node)] = []
        var inner = JSONCursor(body, from: cursor.position + 1)
        while inner.next() != UInt8(ascii: "}") {
            if inner.next() == UInt8(ascii: ",") { inner = JSONCursor(body, from: inner.position + 1) }
            _ = inner.next()
            let text = try inner.anyString(bytesMax: 1 << 20)
            let name = inner.strings.withBytes(of: text, in: body) { String(decoding: $0, as: UTF8.self) }
            _ = inner.next()
            inner = JSONCursor(body, from: inner.position + 1)
            if members.contains(where: { $0.0 == name }) { throw JSONFault(.duplicate, at: inner.position) }
            members.append((name, try read(&inner, body)))
        }
        try cursor.skipValue()
        return .object(members)
    }

    /// A number beyond the range of a double, which Foundation refuses and RFC 8259 allows.
    var hasHugeNumber: Bool {
        switch self {
        case .null, .bool, .string: false
        case .number(let text): Double(text)?.isFinite != true
        case .array(let elements): elements.contains(where: \.hasHugeNumber)
        case .object(let members): members.contains { $0.1.hasHugeNumber }
        }
    }

    func matches(_ value: Any) -> Bool {
        switch self {
        case .null: return value is NSNull
        case .bool(let flag): return (value as? NSNumber)?.boolValue == flag
        case .number(let text):
            // Beyond 64 bits Foundation goes through decimals, which may end one unit in the last place away.
            guard let theirs = (value as? NSNumber)?.doubleValue, let ours = Double(text) else { return false }
            return abs(theirs - ours) <= abs(ours) * 1e-15
        case .string(let text): return (value as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
        case .array(let elements):
            guard let values = value as? [Any], values.count == elements.count else { return false }
            return zip(elements, values).allSatisfy { $0.matches($1) }
        case .object(let members):
            guard let values = value as? [String: Any], values.count == members.count else { return false }
            return members.allSatisfy { name, node in values[name].map { node.matches($0) } ?? false }
        }
    }
}

/// A decision request as Foundation decodes it.
private struct Plain: Codable, Equatable {
    struct Contact: Codable, Equatable {
        var phone, email: String?
        var ids: [String]?
        var country, region, postal_code: String?
        var time_zones: [String]?
        var party, line_type, role: String?
    }

    var contact: Contact
    var channel, purpose: String
    var campaign, subject, product, brand: String?
    var accounts: [String]?
    var method, in_reply_to, exemption: String?
    var reserve: Bool?
    var hold_for, idempotency_key, ref, at: String?

    init(_ wire: WireDecisionRequest, in body: UnsafeRawBufferPointer) {
        func text(_ text: WireText) -> String? { wire.strings.string(of: text, in: body) }
        func texts(_ texts: WireTexts) -> [String]? {
            texts.isEmpty ? nil : (0..<texts.count).compactMap { text(texts[$0]) }
        }
        contact = Contact(
            phone: text(wire.contact.phone), email: text(wire.contact.email), ids: texts(wire.contact.ids),
            country: text(wire.contact.country), region: text(wire.contact.region),
            postal_code: text(wire.contact.postalCode), time_zones: texts(wire.contact.timeZones),
            party: text(wire.contact.party), line_type: text(wire.contact.lineType), role: text(wire.contact.role))
        channel = text(wire.channel) ?? ""
        purpose = text(wire.purpose) ?? ""
        campaign = text(wire.campaign)
        subject = text(wire.subject)
        product = text(wire.product)
        brand = text(wire.brand)
        accounts = texts(wire.accounts)
        method = text(wire.method)
        in_reply_to = text(wire.inReplyTo)
        exemption = text(wire.exemption)
        reserve = wire.reserve
        hold_for = text(wire.holdFor)
        idempotency_key = text(wire.idempotencyKey)
        ref = text(wire.ref)
        at = text(wire.at)
    }

    /// Absent and empty lists are the same, and so are an absent `reserve` and a true one.
    static func == (a: Plain, b: Plain) -> Bool {
        func same(_ a: [String]?, _ b: [String]?) -> Bool { (a ?? []) == (b ?? []) }
        return a.contact.phone == b.contact.phone && a.contact.email == b.contact.email
            && same(a.contact.ids, b.contact.ids) && a.contact.country == b.contact.country
            && a.contact.region == b.contact.region && a.contact.postal_code == b.contact.postal_code
            && same(a.contact.time_zones, b.contact.time_zones) && a.contact.party == b.contact.party
            && a.contact.line_type == b.contact.line_type && a.contact.role == b.contact.role
            && a.channel == b.channel && a.purpose == b.purpose && a.campaign == b.campaign && a.subject == b.subject
            && a.product == b.product && a.brand == b.brand && same(a.accounts, b.accounts) && a.method == b.method
            && a.in_reply_to == b.in_reply_to && a.exemption == b.exemption
            && (a.reserve ?? true) == (b.reserve ?? true)
            && a.hold_for == b.hold_for && a.idempotency_key == b.idempotency_key && a.ref == b.ref && a.at == b.at
    }
}

/// A generator that prints its seed with every failure and takes it back from `SEED=`. Source: SplitMix64.
struct Seeded: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init() {
        seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? UInt64.random(in: .min ... .max)
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func pick<C: Collection>(_ choices: C) -> C.Element {
        choices[choices.index(choices.startIndex, offsetBy: Int.random(in: 0..<choices.count, using: &self))]
    }

    // MARK: Texts

    mutating func document(depth: Int) -> [UInt8] {
        Array((space() + value(depth: depth) + space()).utf8)
    }

    private mutating func space() -> String { pick(["", "", "", " ", "\n\t", "\r\n  "]) }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
        case 0: return pick(["true", "false", "null"])
        case 1, 2: return string()
        case 3, 4:
            return pick(["0", "-0", "7", "-12", "3.5", "1e3", "2E-2", "-0.25e+1", "9007199254740993", "123456789"])
        case 5:
            let elements = (0..<Int.random(in: 0...4, using: &self)).map { _ in
                space() + value(depth: depth - 1) + space()
            }
            return "[" + elements.joined(separator: ",") + (elements.isEmpty ? space() : "") + "]"
        default:
            let members = (0..<Int.random(in: 0...4, using: &self)).map { _ in
                space() + string() + space() + ":" + space() + value(depth: depth - 1) + space()
            }
            return "{" + members.joined(separator: ",") + (members.isEmpty ? space() : "") + "}"
        }
    }

    private mutating func string() -> String {
        let pieces = [
            "a", "word", "crm:8841", "eight by", "longer than eight bytes", "é", "ß", "中文", "🙂", "\\n", "\\\"", "\\\\",
            "\\/", "\\b\\f\\r\\t", "\\u0041", "\\u00e9", "\\uD83D\\uDE42", "\\u2028", "\u{7f}", "+1 212 555 0100",
        ]
        return "\"" + (0..<Int.random(in: 0...3, using: &self)).map { _ in pick(pieces) }.joined() + "\""
    }

    private mutating func filled() -> String {
        let text = string()
        return text == "\"\"" ? "\"x\"" : text
    }

    /// A decision request with some of its fields, in any order.
    mutating func request() -> [UInt8] {
        func list(_ random: inout Seeded) -> String {
            "[" + (0..<Int.random(in: 0...3, using: &random)).map { _ in random.filled() }.joined(separator: ", ") + "]"
        }
        var contact: [String] = []
        for name in ["phone", "email", "country", "region", "postal_code", "party", "line_type", "role"]
        where Bool.random(using: &self) {
            contact.append("\"\(name)\":\(space())\(Int.random(in: 0..<8, using: &self) == 0 ? "null" : filled())")
        }
        for name in ["ids", "time_zones"] where Bool.random(using: &self) {
            contact.append("\"\(name)\":\(list(&self))")
        }
        contact.shuffle(using: &self)
        var members = [
            "\"contact\":\(space()){\(contact.joined(separator: ","))}", "\"channel\":\(filled())",
            "\"purpose\":\(space())\(filled())",
        ]
        for name in [
            "campaign", "subject", "product", "brand", "method", "in_reply_to", "exemption", "hold_for",
            "idempotency_key", "ref", "at",
        ] where Bool.random(using: &self) {
            members.append("\"\(name)\":\(Int.random(in: 0..<8, using: &self) == 0 ? "null" : filled())")
        }
        if Bool.random(using: &self) { members.append("\"accounts\":\(list(&self))") }
        if Bool.random(using: &self) { members.append("\"reserve\":\(pick(["true", "false", "null"]))") }
        members.shuffle(using: &self)
        return Array("{\(space())\(members.joined(separator: "\(space()),\(space())"))}".utf8)
    }

    /// The text with one to three bytes changed, added, dropped, swapped or doubled.
    mutating func mutated(_ text: [UInt8]) -> [UInt8] {
        var text = text
        let telling = Array("{}[]\",:\\u0eE+-.tfn \n/".utf8) + [0x00, 0x1f, 0x7f, 0x80, 0xc0, 0xed, 0xa0, 0xf4, 0xff]
        for _ in 0..<Int.random(in: 1...3, using: &self) where !text.isEmpty {
            let at = Int.random(in: 0..<text.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: text[at] = pick(telling)
            case 1: text[at] = UInt8.random(in: 0...255, using: &self)
            case 2: text.insert(pick(telling), at: at)
            case 3: text.remove(at: at)
            case 4: text.swapAt(at, Int.random(in: 0..<text.count, using: &self))
            default:
                text.insert(contentsOf: text[at..<min(at + Int.random(in: 1...6, using: &self), text.count)], at: at)
            }
        }
        return text
    }
}
