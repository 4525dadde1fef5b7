import GovernorHTTP
import Testing

@Suite struct WireScannerTests {
    private static let whole = #"""
        { "contact": { "phone": "+1 212 555 0100", "email": "ana@example.com", "ids": ["crm:8841", "loyalty:\u0041\ud83d\ude42"],
                       "country": "US", "region": "NY", "postal_code": "10001", "time_zones": ["America/New_York"],
                       "party": "consumer", "line_type": "mobile", "role": "consumer" },
          "channel": "voice", "purpose": "marketing", "campaign": "q4-term-life", "subject": "life cover",
          "product": "term-life", "brand": "acme", "accounts": ["a", "b"], "method": "live",
          "in_reply_to": null, "exemption": "transactional",
          "reserve": false, "hold_for": "PT2M", "idempotency_key": "d1c7", "ref": "row \"7\"", "at": "2026-11-22T16:02:11Z" }
        """#

    @Test func everyFieldOfARequest() throws {
        try Array(Self.whole.utf8).withUnsafeBytes { body in
            let request = try WireDecisionRequest.scan(body)
            func text(_ text: WireText) -> String? { request.strings.string(of: text, in: body) }
            #expect(text(request.contact.phone) == "+1 212 555 0100")
            #expect(text(request.contact.email) == "ana@example.com")
            #expect(request.contact.ids.count == 2)
            #expect(text(request.contact.ids[0]) == "crm:8841")
            #expect(text(request.contact.ids[1]) == "loyalty:A🙂")
            #expect(text(request.contact.country) == "US")
            #expect(text(request.contact.region) == "NY")
            #expect(text(request.contact.postalCode) == "10001")
            #expect(text(request.contact.timeZones[0]) == "America/New_York")
            #expect(text(request.contact.party) == "consumer")
            #expect(text(request.contact.lineType) == "mobile")
            #expect(text(request.contact.role) == "consumer")
            #expect(text(request.channel) == "voice")
            #expect(text(request.purpose) == "marketing")
            #expect(text(request.campaign) == "q4-term-life")
            #expect(text(request.subject) == "life cover")
            #expect(text(request.product) == "term-life")
            #expect(text(request.brand) == "acme")
            #expect(text(request.accounts[1]) == "b")
            #expect(text(request.method) == "live")
            #expect(request.inReplyTo.isAbsent)
            #expect(text(request.exemption) == "transactional")
            #expect(!request.reserve)
            #expect(text(request.holdFor) == "PT2M")
            #expect(text(request.idempotencyKey) == "d1c7")
            #expect(text(request.ref) == "row \"7\"")
            #expect(text(request.at) == "2026-11-22T16:02:11Z")
        }
    }

    /// The rest of a request around one contact or one member.
    private static func request(_ member: String, contact: String = "") -> String {
        #"{"contact":{\#(contact)},"channel":"voice","purpose":"marketing"\#(member.isEmpty ? "" : ",")\#(member)}"#
    }

    private static let faults: [(body: String, path: String, code: String)] = [
        ("", "$", "json.truncated"),
        ("   ", "$", "json.truncated"),
        ("[]", "$", "field.type"),
        ("nul", "$", "field.type"),
        ("{", "$", "json.truncated"),
        ("{]", "$", "json.syntax"),
        ("{,}", "$", "json.syntax"),
        ("{\"channel\"", "$.channel", "json.truncated"),
        ("{\"channel\":}", "$.channel", "json.syntax"),
        ("{\"channel\":\"voice\",}", "$", "json.syntax"),
        (request("") + "x", "$", "json.trailing"),
        (request("") + "{}", "$", "json.trailing"),
        ("\u{feff}" + request(""), "$", "json.encoding"),
        (request(#""fone":"1""#), "$.fone", "field.unknown"),
        (request(#""it's":"1""#), #"$['it\'s']"#, "field.unknown"),
        (request("", contact: #""fone":"1""#), "$.contact.fone", "field.unknown"),
        (request(#""channel":"sms""#), "$.channel", "field.duplicate"),
        (request(#""\u0063hannel":"sms""#), #"$['\u0063hannel']"#, "field.duplicate"),
        (request("", contact: #""phone":"1","phone":"2""#), "$.contact.phone", "field.duplicate"),
        (#"{"channel":"voice","purpose":"x"}"#, "$.contact", "field.missing"),
        (#"{"contact":{},"purpose":"x"}"#, "$.channel", "field.missing"),
        (#"{"contact":null,"channel":"v","purpose":"x"}"#, "$.contact", "field.null"),
        (#"{"contact":{},"channel":null,"purpose":"x"}"#, "$.channel", "field.null"),
        (#"{"contact":"+12125550100","channel":"v","purpose":"x"}"#, "$.contact", "field.type"),
        (request(#""reserve":"yes""#), "$.reserve", "field.type"),
        (request(#""reserve":1"#), "$.reserve", "field.type"),
        (request(#""reserve":tru"#), "$.reserve", "json.syntax"),
        (request(#""ref":7"#), "$.ref", "field.type"),
        (request(#""ref":"""#), "$.ref", "field.empty"),
        (request(#""accounts":"a""#), "$.accounts", "field.type"),
        (request(#""accounts":["a",7]"#), "$.accounts", "field.type"),
        (request("", contact: #""ids":["a","b",null]"#), "$.contact.ids[2]", "field.type"),
        (request("", contact: #""ids":["a","b","c\u0000"]"#), "$.contact.ids[2]", "json.nul"),
        (request("", contact: #""ids":["a",""]"#), "$.contact.ids[1]", "field.empty"),
        (request(#""ref":"\ud800""#), "$.ref", "json.surrogate"),
        (request(#""ref":"\udc00\ud800""#), "$.ref", "json.surrogate"),
        (request(#""ref":"\ud800\u0041""#), "$.ref", "json.surrogate"),
        (request(#""ref":"\x41""#), "$.ref", "json.escape"),
        (request(#""ref":"\u00g1""#), "$.ref", "json.escape"),
        (request("\"ref\":\"a\u{1}b\""), "$.ref", "json.control_character"),
        (request("\"ref\":\"a\u{0}b\""), "$.ref", "json.nul"),
        (request(#""unknown":01"#), "$.unknown", "json.number"),
        (
            request(#""unknown":\#(String(repeating: "[", count: 40))"#),
            "$.unknown" + String(repeating: "[0]", count: 32), "json.depth"
        ),
        (request(#""ref":"\#(String(repeating: "x", count: 257))""#), "$.ref", "field.too_long"),
        (
            request("", contact: #""ids":[\#(Array(repeating: "\"a\"", count: 17).joined(separator: ","))]"#),
            "$.contact.ids", "field.too_many"
        ),
    ]

    @Test(arguments: faults)
    func faultsNameTheirPlace(body text: String, path: String, code: String) {
        Array(text.utf8).withUnsafeBytes { body in
            do throws(JSONFaults) {
                _ = try WireDecisionRequest.scan(body)
                Issue.record("accepted")
            } catch {
                let problem = Problem(error, in: body)
                let deepest = path.hasSuffix("accounts") ? ["$.accounts", "$.accounts[1]"] : [path]
                #expect(problem.errors.contains { deepest.contains($0.path) && $0.code == code }, "\(problem.errors)")
                #expect(problem.status == 400)
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf],
            [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0xc3, 0x28], [0xe2, 0x82, 0x28],
            [0xf0, 0x9f, 0x99, 0x28],
        ] as [[UInt8]])
    func brokenUTF8IsRefused(bytes: [UInt8]) {
        let body = Array(#"{"contact":{},"channel":"v","purpose":""#.utf8) + bytes + Array(#"aaaaaaaaaa"}"#.utf8)
        body.withUnsafeBytes { body in
            #expect(throws: JSONFaults.self) { () throws in _ = try WireDecisionRequest.scan(body) }
            do throws(JSONFaults) { _ = try WireDecisionRequest.scan(body) } catch {
                #expect(error.all[0].code == "json.encoding")
            }
        }
    }

    @Test func allFaultsAtOnce() {
        let text = #"{"contact":{"fone":1,"ids":"x"},"channel":7,"colour":{"a":[1,{"b":null}]},"reserve":[]}"#
        Array(text.utf8).withUnsafeBytes { body in
            do throws(JSONFaults) {
                _ = try WireDecisionRequest.scan(body)
                Issue.record("accepted")
            } catch {
                let paths = Problem(error, in: body).errors.map { "\($0.path) \($0.code)" }
                #expect(
                    paths == [
                        "$.contact.fone field.unknown", "$.contact.ids field.type", "$.channel field.type",
                        "$.colour field.unknown", "$.reserve field.type", "$.purpose field.missing",
                    ])
            }
        }
    }

    @Test func boundsAreInclusive() throws {
        for (count, isAccepted) in [(256, true), (257, false)] {
            for unit in ["x", #"\u0041"#] {
                let text = Self.request(#""ref":"\#(String(repeating: unit, count: count))""#)
                let scanned = Array(text.utf8).withUnsafeBytes { try? WireDecisionRequest.scan($0) }
                #expect((scanned != nil) == isAccepted, "\(count) of \(unit)")
                if isAccepted { #expect(scanned?.ref.count == 256) }
            }
        }
    }

    // MARK: Batches

    @Test func aBadItemLeavesTheOthersAlone() throws {
        let good = Self.request("")
        let text = #"{"requests":[\#(good),{"contact":{"ids":["a",7]},"channel":"v","purpose":"p"},"no",\#(good)]}"#
        try Array(text.utf8).withUnsafeBytes { body in
            let batch = try WireBatch.scan(body)
            #expect(batch.count == 4)
            var codes: [String] = []
            for index in 0..<batch.count {
                do throws(JSONFaults) {
                    let request = try batch.request(index, in: body)
                    codes.append(request.strings.string(of: request.channel, in: body) ?? "")
                } catch {
                    let entry = Problem(error, in: body).errors[0]
                    codes.append("\(entry.path) \(entry.code)")
                }
            }
            #expect(codes == ["voice", "$.requests[1].contact.ids[1] field.type", "$.requests[2] field.type", "voice"])
        }
    }

    @Test(arguments: [
        ("[]", "$", "field.type"),
        ("{}", "$.requests", "field.missing"),
        (#"{"requests":[]}"#, "$.requests", "field.empty"),
        (#"{"requests":{}}"#, "$.requests", "field.type"),
        (#"{"requests":[{},{]}"#, "$.requests[1]", "json.syntax"),
        (#"{"requests":[{}],"x":1}"#, "$.x", "field.unknown"),
        (
            #"{"requests":[\#(Array(repeating: "{}", count: 1_001).joined(separator: ","))]}"#, "$.requests",
            "field.too_many"
        ),
    ])
    func aBatchIsWellFormedOrRefused(text: String, path: String, code: String) {
        Array(text.utf8).withUnsafeBytes { body in
            do throws(JSONFaults) {
                _ = try WireBatch.scan(body)
                Issue.record("accepted")
            } catch {
                #expect(Problem(error, in: body).errors[0].path == path)
                #expect(error.all[0].code == code)
            }
        }
    }

    // MARK: Reports

    @Test func anOutcome() throws {
        let text = #"{"id":"o-1","outcome":"no_answer","at":"2026-11-22T16:02:11Z","accounts":["a"],"correction":true}"#
        try Array(text.utf8).withUnsafeBytes { body in
            let report = try WireOutcome.scan(body)
            #expect(report.strings.string(of: report.outcome, in: body) == "no_answer")
            #expect(report.strings.string(of: report.id, in: body) == "o-1")
            #expect(report.accounts.count == 1)
            #expect(report.correction)
        }
        #expect(throws: JSONFaults.self) { try Array("{}".utf8).withUnsafeBytes { _ = try WireOutcome.scan($0) } }
        #expect(throws: JSONFaults.self) {
            try Array(#"{"outcome":"busy","note":"x"}"#.utf8).withUnsafeBytes { _ = try WireOutcome.scan($0) }
        }
    }

    @Test(arguments: [
        ("", true), ("  ", true), ("{}", true), (#"{"at":null}"#, true), (#"{"at":"x"}"#, false), ("[]", false),
        ("{}{}", false), (#"{"a":1}"#, false),
    ])
    func aConfirmationSaysNothing(text: String, isAccepted: Bool) {
        let isScanned = Array(text.utf8).withUnsafeBytes { body in (try? WireNothing.scan(body)) != nil }
        #expect(isScanned == isAccepted)
    }
}
