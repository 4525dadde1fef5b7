package import NIOCore

/// A problem document. Source: RFC 9457.
package struct Problem: Hashable, Sendable {
    /// One field that is wrong.
    package struct Entry: Hashable, Sendable {
        package var path: String
        package var code: String
        package var detail: String

        package init(path: String, code: String, detail: String) {
            self.path = path
            self.code = code
            self.detail = detail
        }
    }

    /// Fields that one document tells of.
    package static let errorsMax = 16
    package static let contentType: StaticString = "application/problem+json"

    /// The HTTP status.
    package var status: Int
    /// Stable; part of the API. The problem's `type` is derived from it.
    package var code: String
    /// The same for every problem of this code.
    package var title: String
    /// What to do about this one.
    package var detail: String
    /// The first `errorsMax` of them.
    package private(set) var errors: [Entry]
    /// Set where the caller asked for a decision and must read "no answer" as "no".
    package var deniesContact: Bool

    package init(
        status: Int, code: String, title: String, detail: String, errors: [Entry] = [], deniesContact: Bool = false
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = Array(errors.prefix(Self.errorsMax))
        self.deniesContact = deniesContact
    }

    /// A body that does not say what it must, each field with its path.
    package init(_ faults: JSONFaults, in body: UnsafeRawBufferPointer) {
        let entries = faults.all.map { fault in
            Entry(
                path: JSONPath.path(JSONPath.path(to: fault.offset, in: body), member: fault.member),
                code: fault.code, detail: fault.detail)
        }
        self.init(
            status: 400, code: entries[0].code, title: "The request body is not valid",
            detail: "\(entries[0].path): \(entries[0].detail)", errors: entries)
    }

    package func write(to buffer: inout ByteBuffer) {
        buffer.writeJSON { write(to: &$0) }
    }

    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("type", "/problems/" + code)
        json.field("title", title)
        json.field("status", status)
        json.field("code", code)
        json.field("detail", detail)
        if deniesContact { json.field("verdict", static: "deny") }
        if !errors.isEmpty {
            json.name("errors")
            json.beginArray()
            for entry in errors {
                json.beginObject()
                json.field("path", entry.path)
                json.field("code", entry.code)
                json.field("detail", entry.detail)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }
}
