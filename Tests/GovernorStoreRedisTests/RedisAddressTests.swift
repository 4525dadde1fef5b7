import GovernorCore
import Testing

@testable import GovernorStoreRedis

@Suite("Addresses of Redis")
struct RedisAddressTests {
    @Test(arguments: [
        ("redis://h", "redis://h:6379"), ("redis://h:7/3", "redis://h:7/3"), ("rediss://[::1]:7", "rediss://[::1]:7"),
        ("redis://u:p@h", "redis://h:6379"), ("redis+unix:///a/b.sock?db=2", "redis+unix:///a/b.sock"),
        ("redis:///a%20b", "redis+unix:///a b"), ("redis+sentinel://a,b:1/m/2", "redis+sentinel://a:26379,b:1/m/2"),
        ("redis+cluster://a,[::1]:2", "redis+cluster://a:6379,[::1]:2"),
        ("rediss+cluster://a", "rediss+cluster://a:6379"),
    ])
    func areRead(_ text: String, _ description: String) throws {
        let address = try RedisAddress(parsing: text)
        #expect(address.description == description)
        #expect(RedisAddress.isMeant(by: text))
        #expect((address.tls != nil) == text.hasPrefix("rediss"))
    }

    @Test func holdLoginsAndOptions() throws {
        let address = try RedisAddress(
            parsing: "rediss://an%40a:p%3Aw%2F@h/4?timeout=50ms&connect_timeout=2s&prefix=x:&touches_kept_days=0"
                + "&cache_mib=8&verify=chain&ca=/c&cert=/d&key=/e&server_name=n")
        #expect(address.user == "an@a" && address.password == "p:w/" && address.database == 4)
        #expect(address.tls?.verification == .chain && address.tls?.authorityFile == "/c")
        #expect(address.tls?.certificateFile == "/d" && address.tls?.keyFile == "/e" && address.tls?.serverName == "n")
        let configuration = RedisConfiguration(address: address, secretFingerprint: [1], normaliserVersion: 1)
        #expect(configuration.commandTimeout.count == 50 && configuration.connectTimeout.count == 2_000)
        #expect(configuration.prefix == "x:" && configuration.touchesKept == nil && configuration.cacheBytes == 8 << 20)
        try configuration.validate()
        let anonymous = try RedisAddress(parsing: "redis://:p@h")
        #expect(anonymous.user == nil && anonymous.password == "p")
    }

    @Test(arguments: [
        ("", "no scheme"), ("h:6379", "no scheme"), ("http://h", "not an address of Redis"),
        ("redis://", "no host"), ("redis://:6379", "no host"), ("redis://h:0", "not a port"),
        ("redis://h:x", "not a port"),
        ("redis://::1", "brackets"), ("redis://a,b", "one server"), ("redis://h/x", "number of a database"),
        ("redis://secret@h", "USER:PASSWORD"), ("redis://u:@h", "empty"), ("redis://h#x", "%23"),
        ("redis://u:%4@h", "hexadecimal"), ("redis+unix://h", "three slashes"), ("redis+sentinel://a", "master's name"),
        ("redis+cluster://a/1", "no databases"), ("redis+cluster://a?db=1", "no databases"),
        ("redis://h?x=1", "no option `x`"), ("redis://h?timeout", "no value"), ("redis://h?timeout=5", "duration"),
        ("redis://h?timeout=61s", "duration"), ("redis://h?db=1&db=2", "twice"), ("redis://h?prefix=%7Ba%7D", "braces"),
        ("redis://h?verify=none", "rediss"), ("rediss://h?verify=maybe", "full, chain or none"),
        ("rediss://h?cert=/a", "belong together"), ("redis://h?cache_mib=0", "number from 1"),
    ])
    func areRefusedWithAReason(_ text: String, _ part: String) {
        #expect { try RedisAddress(parsing: text) } throws: { error in
            "\(error)".contains(part) && !"\(error)".contains("secret")
        }
    }

    @Test func configurationHasBounds() throws {
        let address = try RedisAddress(parsing: "redis://h")
        let good = RedisConfiguration(address: address, secretFingerprint: [1], normaliserVersion: 1)
        let changes: [(inout RedisConfiguration) -> Void] = [
            { $0.secretFingerprint = [] }, { $0.commandTimeout = Milliseconds(0) }, { $0.backoffMax = Milliseconds(1) },
            { $0.waitingMax = 0 }, { $0.cacheBytes = 1 }, { $0.touchesKept = .days(399) }, { $0.failuresToOpen = 0 },
        ]
        for change in changes {
            var bad = good
            change(&bad)
            #expect(throws: RedisStoreError.self) { try bad.validate() }
        }
    }
}

@Suite("The breaker")
struct BreakerTests {
    @Test func opensAfterFailuresAndClosesAfterSuccess() {
        var generator = SystemRandomNumberGenerator()
        var breaker = Breaker(failuresToOpen: 3, backoffMinMilliseconds: 20, backoffMaxMilliseconds: 1_000)
        var isOpen = breaker.isOpen
        #expect(!isOpen)
        for (i, most) in ([20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000] as [Int64]).enumerated() {
            let delay = breaker.failed(&generator)
            #expect((most / 2...most).contains(delay), "a delay of \(delay) ms instead of up to \(most)")
            isOpen = breaker.isOpen
            #expect(isOpen == (i >= 2))
        }
        var opened = breaker.openCount
        #expect(opened == 1)
        breaker.succeeded()
        isOpen = breaker.isOpen
        #expect(!isOpen)
        for _ in 0..<100 { _ = breaker.failed(&generator) }
        let last = breaker.failed(&generator)
        #expect(last <= 1_000)
        opened = breaker.openCount
        #expect(opened == 2)
    }
}
