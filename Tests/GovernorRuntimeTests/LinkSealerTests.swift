import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorTesting
import Testing

@Suite struct LinkSealerTests {
    static func sealer(_ secret: String = "a secret for tests") throws -> LinkSealer {
        LinkSealer(try IdentifierHasher(secret: Array(secret.utf8)))
    }

    static func link(_ random: inout SeededGenerator) -> ContactLink {
        func text() -> String {
            String((0..<Int.random(in: 0...12, using: &random)).map { _ in "aé-7 <😀".randomElement(using: &random)! })
        }
        var scope: [ContactLink.ScopeDimension: [String]] = [:]
        for dimension in ContactLink.ScopeDimension.allCases where random.oneIn(3) {
            scope[dimension] = (0..<Int.random(in: 1...3, using: &random)).map { _ in text() }
        }
        return ContactLink(
            kind: random.oneIn(2) ? .unsubscribe : .preferences,
            endpoint: IdentifierHash(high: random.next(), low: random.next()),
            identifier: random.pick([.phone, .email]),
            reach: random.pick([.person, .endpoint]), scope: scope, brand: text(), caller: text(), agency: text(),
            issuedAt: Timestamp(milliseconds: Int64.random(in: 0...4_000_000_000_000, using: &random)),
            expiresAt: random.oneIn(2)
                ? Timestamp(milliseconds: Int64.random(in: 1...4_000_000_000_000, using: &random)) : nil)
    }

    @Test func whatIsSealedIsOpenedAndNothingElseIs() throws {
        var random = SeededGenerator.announced("whatIsSealedIsOpenedAndNothingElseIs")
        let sealer = try Self.sealer()
        let stranger = try Self.sealer("another secret for tests")
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for _ in 0..<300 {
            let link = Self.link(&random)
            let token = sealer.seal(link)
            #expect(sealer.open(token) == link)
            #expect(token == sealer.seal(link), "the same link is the same token")
            #expect(stranger.open(token) == nil, "of another installation")
            var changed = Array(token)
            let i = Int.random(in: 0..<changed.count, using: &random)
            let other = digits.filter { $0 != changed[i] }
            changed[i] = other[Int.random(in: 0..<other.count, using: &random)]
            #expect(sealer.open(String(changed)) == nil, "one character changed")
            #expect(sealer.open(token.dropLast(Int.random(in: 1...token.count, using: &random))) == nil)
            #expect(sealer.open(token + "A") == nil)
        }
    }

    @Test func aLinkIsShortAndTellsNothing() throws {
        let intake = try TestGovernor("{ policy: p, rules: [] }").intake
        var form = LinkForm()
        form.contact.email = "ana.long-address@subdomain.example.com"
        form.brand = "acme"
        let link = try intake.link(form, .unsubscribe, by: TestGovernor.north, now: Timestamp(milliseconds: 1))
        let token = try Self.sealer().seal(link)
        #expect(token.utf8.count < 200, "\(token.utf8.count)")
        for part in ["ana", "acme", "north"] { #expect(!token.contains(part)) }
        #expect(link.scope == [.channels: ["email"], .purposes: ["marketing"], .brands: ["acme"]])
    }
}
