import GovernorTesting
import Testing

/// The checker that other tests hold the server against, and the examples that stand in the description.
@Suite struct OpenAPIDescriptionTests {
    let description: OpenAPIDescription

    init() throws { description = try OpenAPIDescription(yaml: Repository.text("openapi.yaml")) }

    @Test func everyExampleFitsItsSchema() {
        let examples = description.problemsInExamples()
        #expect(examples.count >= 10)
        for (operation, name, problems) in examples {
            #expect(problems.isEmpty, "\(operation.method) \(operation.path), \(name): \(problems)")
        }
    }

    @Test func theExampleOfTheReadmeIsADecision() throws {
        let blocks = try Repository.text("README.md").split(separator: "```json\n").dropFirst()
        let answer = try #require(blocks.first?.split(separator: "```").first)
        #expect(description.problems(try JSONValue(json: Array(answer.utf8)), schema: "Decision") == [])
    }

    @Test(arguments: [
        ("POST", "/v1/decisions", "/v1/decisions"),
        ("DELETE", "/v1/reservations/abc", "/v1/reservations/{id}"),
        ("POST", "/v1/reservations/abc/confirm", "/v1/reservations/{id}/confirm"),
        ("GET", "/v1/people/0123", "/v1/people/{id}"),
        ("GET", "/v1/people/", nil),
        ("GET", "/v1/decisions", nil),
    ])
    func findsOperations(method: String, path: String, template: String?) {
        #expect(description.operation(method, path)?.path == template)
    }

    @Test(arguments: [
        (#"{"contact":{"phone":"+12125550100"},"channel":"voice","purpose":"marketing"}"#, []),
        (#"{"contact":{"phone":"+12125550100"},"channel":"voice"}"#, ["$.purpose: missing"]),
        (#"{"contact":{"phone":"1"},"channel":"voice","purpose":"marketing","x":1}"#, ["$.x: unknown"]),
        (#"{"contact":{},"channel":"voice","purpose":"marketing"}"#, ["$.contact: fits none of several schemas"]),
        (
            #"{"contact":{"ids":["8841"]},"channel":"mail","purpose":"service"}"#,
            ["$.contact.ids[0]: 8841 does not match ^[a-z][a-z0-9_.-]*:.+$"]
        ),
        (
            #"{"contact":{"phone":"1"},"channel":"voice","purpose":"marketing","at":"tomorrow"}"#,
            ["$.at: tomorrow is not an instant"]
        ),
        (
            #"{"contact":{"phone":"1"},"channel":"","purpose":"marketing","reserve":1}"#,
            ["$.channel: too short", #"$.reserve: integer, expected ["boolean", "null"]"#]
        ),
        ("{", ["$: not JSON"]),
    ])
    func findsWhatIsWrongInRequests(body: String, problems: [String]) {
        #expect(description.problems(inRequest: Array(body.utf8), "POST", "/v1/decisions") == problems)
    }

    @Test func findsWhatIsWrongInAnswers() {
        let problem = #"{"type":"/problems/a","title":"t","status":400,"code":"a.b","detail":"d"}"#
        func check(_ body: String, _ status: Int, _ type: String) -> [String] {
            description.problems(
                inAnswer: Array(body.utf8), status: status, contentType: type, "POST", "/v1/decisions")
        }
        #expect(check(problem, 400, "application/problem+json") == [])
        #expect(check(problem, 431, "application/problem+json") == [], "any other error is a problem too")
        #expect(check("{}", 204, "application/json") == ["POST /v1/decisions: status 204 is not described"])
        #expect(check(problem, 400, "application/json").count == 1)
        #expect(!check(problem, 200, "application/json; charset=utf-8").isEmpty)
    }
}
