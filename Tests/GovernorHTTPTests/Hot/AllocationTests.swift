import Allocations
import GovernorHTTP
import NIOCore
import Testing

/// What the hot path may ask of the allocator. The counts are those of the calling thread.
@Suite(.enabled(if: allocations_of_this_thread() >= 0, "a sanitizer has an allocator of its own"))
struct AllocationTests {
    /// Allocations of one run of `body`, after runs that make what is made once.
    private static func count(_ body: () throws -> Void) rethrows -> Int {
        for _ in 0..<3 { try body() }
        let before = allocations_of_this_thread()
        for _ in 0..<100 { try body() }
        return Int(allocations_of_this_thread() - before) / 100
    }

    @Test func theCounterCounts() {
        var sizes = 0
        let count = Self.count { sizes += UnsafeMutableRawPointer.allocateAndFree(bytes: 100) }
        #expect(count == 1)
        #expect(sizes == 103 * 100)
    }

    private static let request = Array(
        #"""
        {"contact":{"phone":"+12125550100","email":"ana@example.com","ids":["crm:8841","loyalty:17"],"country":"US",
        "region":"NY","postal_code":"10001","time_zones":["America/New_York"],"party":"consumer","line_type":"mobile"},
        "channel":"voice","purpose":"marketing","campaign":"q4-term-life","subject":"life cover","product":"term-life",
        "brand":"acme","accounts":["a","b"],"method":"live","reserve":true,"hold_for":"PT2M",
        "idempotency_key":"d1c7a9","ref":"row 7"}
        """#.utf8)

    @Test func aDecisionsRequestIsDecodedWithoutAllocating() throws {
        var phones = 0
        let count = try Self.request.withUnsafeBytes { body in
            try Self.count { phones += try WireDecisionRequest.scan(body).contact.phone.isAbsent ? 0 : 1 }
        }
        #expect(phones == 103)
        #expect(count == 0)
    }

    @Test(arguments: [#"{"outcome":"voicemail"}"#, #"{"outcome":"sold","at":"2026-11-22T16:02:11Z","accounts":["a"]}"#])
    func anOutcomeIsDecodedWithoutAllocating(text: String) throws {
        var outcomes = 0
        let count = try Array(text.utf8).withUnsafeBytes { body in
            try Self.count { outcomes += try WireOutcome.scan(body).outcome.isAbsent ? 0 : 1 }
        }
        #expect(outcomes == 103)
        #expect(count == 0)
    }
}

extension UnsafeMutableRawPointer {
    fileprivate static func allocateAndFree(bytes: Int) -> Int {
        let memory = allocate(byteCount: bytes, alignment: 8)
        defer { memory.deallocate() }
        memory.storeBytes(of: 1, as: UInt8.self)
        return Int(memory.load(as: UInt8.self)) + bytes - 1
    }
}
