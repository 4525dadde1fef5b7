import GovernorTesting
import Testing

/// Every operation of `openapi.yaml`, and everybody who may come to it.
@Suite(.serialized) struct AccessTableTests {
    /// What an operation answers to whoever comes.
    private enum Expected {
        /// 401, with how to do better.
        case stranger
        /// 403 `key.role`.
        case wrongRole
        /// Anything but those: nothing is right with an empty body.
        case letIn
    }

    @Test func everyOperationKnowsWhoComes() async throws {
        try await RunningServer.with { server in
            let operations = try RunningServer.Shared.description.get().operations
            var rows = 0
            for operation in operations {
                let path = operation.path.replacing(#/\{[a-z_]+\}/#, with: String(repeating: "a", count: 32))
                let body: String? = operation.method == "POST" ? "{}" : nil
                // A stream has no end; its head says as much.
                let method = path == "/v1/stream" ? "HEAD" : operation.method
                // Everybody whom a key can be of, by the name of the holder; `nil`: no key.
                var table: [(holder: String?, expected: Expected)] = [
                    (nil, .stranger), ("gk_wrong", .stranger), ("", .stranger), ("expired", .stranger),
                    ("revoked", .stranger), ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", .stranger),
                    // Admins with limits, which concern what they ask for and not the route.
                    ("limited", .letIn), ("alone", .letIn),
                ]
                for role in ["dialer", "agent", "compliance", "admin"] {
                    table.append((role, operation.roles.contains(role) ? .letIn : .wrongRole))
                }
                for (holder, expected) in table {
                    let answer = try server.send(
                        method, path, body, as: holder, isDescribed: method == operation.method && !operation.isOpen)
                    let what = "\(operation.method) \(path) as \(holder ?? "nobody"): \(answer.text.prefix(300))"
                    rows += 1
                    switch operation.isOpen ? .letIn : expected {
                    case .stranger:
                        #expect(answer.status == 401 && answer.fields["www-authenticate"] == "Bearer", "\(what)")
                        if method != "HEAD" { #expect(answer.code == "key.required", "\(what)") }
                    case .wrongRole:
                        #expect(answer.status == 403, "\(what)")
                        if method != "HEAD" { #expect(answer.code == "key.role", "\(what)") }
                    case .letIn:
                        #expect(answer.status != 401 && answer.code != "key.role", "\(what)")
                        if holder != "limited" { #expect(answer.status != 403, "\(what)") }
                    }
                    // Whoever comes, a browser is told what it may do with the answer, and no other origin reads it.
                    #expect(answer.fields["x-content-type-options"] == "nosniff", "\(what)")
                    #expect(answer.fields["cache-control"] == "no-store", "\(what)")
                    #expect(!answer.fields.keys.contains { $0.hasPrefix("access-control-") }, "\(what)")
                }
            }
            #expect(operations.count >= 30 && rows == operations.count * 12)
        }
    }

    /// A page of another origin that asks first is not answered as it would have to be.
    @Test(arguments: ["/v1/decisions", "/v1/people/lookup", "/nowhere"])
    func otherOriginsAreNotLetIn(path: String) async throws {
        try await RunningServer.with { server in
            let fields = ["origin: https://evil.example", "access-control-request-method: POST"]
            let asked = try server.send("OPTIONS", path, as: nil, fields: fields, isDescribed: false)
            #expect(asked.status == (path == "/nowhere" ? 404 : 405), "\(asked.text)")
            #expect(!asked.fields.keys.contains { $0.hasPrefix("access-control-") })
        }
    }
}
