/// What is wrong with a JSON body, and where.
///
/// Kinds whose code starts with `json.` end the scan: what follows them cannot be read. Kinds that start with `field.`
/// spoil one value; the scan goes on behind it, so that one answer names them all.
package struct JSONFault: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case syntax, truncated, encoding, control, escape, surrogate, nul, number, depth, trailing
        case unknown, duplicate, missing, empty, notNull
        case type(JSONType)
        case tooLong(bytesMax: Int)
        case tooMany(countMax: Int)
    }

    package let kind: Kind
    /// The first byte of the offending token, counted from the start of the body; of the object, when a member is missing.
    package let offset: Int
    /// The member that is missing.
    package let member: String

    @inline(never)
    package init(_ kind: Kind, at offset: Int, member: String = "") {
        self.kind = kind
        self.offset = offset
        self.member = member
    }

    /// Whether nothing behind it can be read.
    package var isFatal: Bool {
        switch kind {
        case .syntax, .truncated, .encoding, .control, .escape, .surrogate, .nul, .number, .depth, .trailing: true
        case .unknown, .duplicate, .missing, .empty, .notNull, .type, .tooLong, .tooMany: false
        }
    }

    /// Stable; part of the API.
    package var code: String {
        switch kind {
        case .syntax: "json.syntax"
        case .truncated: "json.truncated"
        case .encoding: "json.encoding"
        case .control: "json.control_character"
        case .escape: "json.escape"
        case .surrogate: "json.surrogate"
        case .nul: "json.nul"
        case .number: "json.number"
        case .depth: "json.depth"
        case .trailing: "json.trailing"
        case .unknown: "field.unknown"
        case .duplicate: "field.duplicate"
        case .missing: "field.missing"
        case .empty: "field.empty"
        case .notNull: "field.null"
        case .type: "field.type"
        case .tooLong: "field.too_long"
        case .tooMany: "field.too_many"
        }
    }

    /// A sentence that says what to do. Repeats nothing from the body.
    package var detail: String {
        switch kind {
        case .syntax: "The body is not JSON from byte \(offset) on; send one JSON object (RFC 8259)."
        case .truncated: "The body ends inside a value; send the whole JSON object."
        case .encoding: "Byte \(offset) is not UTF-8; encode the body as UTF-8 without a byte order mark."
        case .control: "Byte \(offset) is a bare control character inside a string; write it as an escape."
        case .escape: "The escape at byte \(offset) is not one of JSON's; write a backslash itself as \\\\."
        case .surrogate: "The escape at byte \(offset) is half of a surrogate pair; send both halves or plain UTF-8."
        case .nul: "The string holds a NUL at byte \(offset); take it out."
        case .number: "The number at byte \(offset) is not one of JSON's; no leading zero, plus sign or bare point."
        case .depth: "Values are nested too deeply at byte \(offset); send the documented fields only."
        case .trailing: "Something follows the JSON object at byte \(offset); send one object and nothing behind it."
        case .unknown: "This field is not known here; check its spelling or leave it out."
        case .duplicate: "This field stands here twice; send it once."
        case .missing: "This field is required; add it."
        case .empty: "An empty value says nothing; leave the field out or fill it."
        case .notNull: "This field may not be null; give it a value."
        case .type(let type): "Send \(type.noun) here."
        case .tooLong(let most): "Send at most \(most) bytes of UTF-8 here."
        case .tooMany(let most): "Send at most \(most) entries here."
        }
    }
}

/// The types that a field may ask for.
package enum JSONType: Hashable, Sendable {
    case object, array, string, bool, integer

    package var noun: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .bool: "true or false"
        case .integer: "a whole number"
        }
    }
}

/// Everything that is wrong with one body or one item of a batch: at least one fault, at most `JSONCursor.faultsMax`.
package struct JSONFaults: Error, Hashable, Sendable {
    package let all: [JSONFault]

    package init(_ first: JSONFault, _ rest: [JSONFault] = []) { all = [first] + rest }

    /// `nil` when there is none.
    package init?(_ all: [JSONFault]) {
        if all.isEmpty { return nil }
        self.all = all
    }
}
