import Foundation
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorRuntime

@Suite struct KeyRingTests {
    private static let start = Timestamp(milliseconds: 1_795_010_400_000)

    private func caller(_ ring: KeyRing, _ key: String, at seconds: Int64) -> String? {
        Array(key.utf8).withUnsafeBytes { ring.caller(withKey: $0, at: Self.start + .seconds(seconds)) }?.id
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "keys-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// The old key holds until the overlap is over, the new one from now on; another process sees both.
    @Test func keysAreRotatedWithAnOverlap() throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            let first = try ring.add(role: .dialer, agency: "north", id: "n", at: Self.start).key
            let second = try ring.rotate(id: "n", overlap: .seconds(60), at: Self.start)
            let third = try ring.rotate(id: "n", overlap: .seconds(10), at: Self.start + .seconds(20))
            let other = try KeyRing(dataDirectory: folder)
            for ring in [ring, other] {
                for (key, seconds, holds) in [
                    (first, 25, true), (first, 59, true), (first, 60, false), (second, 25, true), (second, 29, true),
                    (second, 30, false), (third, 25, true), (third, 1_000_000, true),
                ] as [(String, Int64, Bool)] {
                    #expect((caller(ring, key, at: seconds) == "n") == holds, "\(seconds)")
                }
            }
            // Without an overlap none of the older ones holds.
            let fourth = try ring.rotate(id: "n", overlap: .seconds(0), at: Self.start + .seconds(25))
            #expect([first, second, third].allSatisfy { caller(ring, $0, at: 26) == nil })
            #expect(caller(ring, fourth, at: 26) == "n")
            try other.reload()
            #expect(caller(other, third, at: 26) == nil && caller(other, fourth, at: 26) == "n")
            try ring.remove(id: "n", at: Self.start + .seconds(27))
            #expect(caller(ring, fourth, at: 28) == nil)
            #expect(throws: KeyRingError.unknown("n")) {
                try ring.rotate(id: "n", overlap: .seconds(1), at: Self.start)
            }
        }
    }

    /// An overlap never lengthens the life of a key, and one holder's earlier keys are few.
    @Test func anOverlapHasItsBounds() throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            let end = Self.start + .seconds(30)
            let first = try ring.add(role: .dialer, agency: "", id: "n", expiresAt: end, at: Self.start).key
            let second = try ring.rotate(
                id: "n", overlap: .seconds(600), expiresAt: Self.start + .seconds(900), at: Self.start)
            #expect(caller(ring, first, at: 29) == "n" && caller(ring, first, at: 30) == nil)
            #expect(caller(ring, second, at: 899) == "n" && caller(ring, second, at: 900) == nil)
            for _ in 1..<KeyRing.previousMax { _ = try ring.rotate(id: "n", overlap: .seconds(600), at: Self.start) }
            #expect(throws: KeyRingError.tooManyOverlaps("n")) {
                try ring.rotate(id: "n", overlap: .seconds(600), at: Self.start)
            }
            #expect(caller(ring, first, at: 29) == "n", "a refused rotation changes nothing")
        }
    }

    /// The list that the first releases wrote is read, and becomes the newer form with the first change.
    @Test func theFirstFormIsRead() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let digest = KeyDigest(of: "gk_old").text
            try
                #"[{"agency":"north","createdAt":"2026-01-01T00:00:00.000Z","digest":"\#(digest)","id":"o","role":"agent"}]"#
                .write(toFile: folder + "/keys.json", atomically: true, encoding: .utf8)
            let ring = try KeyRing(dataDirectory: folder)
            #expect(caller(ring, "gk_old", at: 0) == "o")
            let key = try ring.add(role: .dialer, agency: "", at: Self.start).key
            let again = try KeyRing(dataDirectory: folder)
            #expect(caller(again, "gk_old", at: 0) == "o" && caller(again, key, at: 0) != nil)
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/keys.json")[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test(arguments: ["", "{", "[{}]", #"{"keys": [{"id": "a"}], "removed": []}"#])
    func aBrokenFileLeavesTheRingAsItWas(text: String) throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            let key = try ring.add(role: .dialer, agency: "", id: "n", at: Self.start).key
            try text.write(toFile: folder + "/keys.json", atomically: true, encoding: .utf8)
            #expect(throws: KeyRingError.self) { try ring.reload() }
            #expect(caller(ring, key, at: 1) == "n")
            #expect(throws: KeyRingError.self) { try KeyRing(dataDirectory: folder) }
        }
    }

    /// What is under way, and the pace, outlive a reading of the file; changed limits begin anew.
    @Test func boundsOutliveAReload() throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            var limits = KeyLimits()
            limits.requestsPerSecond = 2
            limits.concurrentMax = 3
            let key = try ring.add(role: .dialer, agency: "", id: "n", limits: limits, at: Self.start).key
            func bounds() throws -> CallerBounds {
                try #require(
                    Array(key.utf8).withUnsafeBytes { ring.admission(withKey: $0, at: Self.start) }?.caller.bounds)
            }
            let first = try bounds()
            _ = try ring.add(role: .dialer, agency: "", at: Self.start)
            _ = try ring.rotate(id: "n", overlap: .seconds(60), at: Self.start)
            #expect(try bounds() === first && first.limits == limits)
            let lease = try first.admit(at: 0)
            #expect(throws: CallerBounds.Refusal.tooFast(seconds: 1)) {
                _ = try first.admit(at: 0)
                _ = try first.admit(at: 0)
            }
            withExtendedLifetime(lease) {}
        }
    }

    /// However requests come, no second holds more than its pace, and all that is due is given.
    @Test func thePaceIsKept() {
        var random = SeededGenerator.announced("pace")
        let pace = KeyPace(perSecond: 5)
        var now: Int64 = 7_000_000_000
        var admitted: [Int64] = []
        let start = now
        for _ in 0..<4_000 {
            now += Int64.random(in: 0...120_000_000, using: &random)
            if pace.wait(at: now) == nil { admitted.append(now) }
        }
        for (i, instant) in admitted.enumerated() {
            // A second's worth at once after a pause, and the pace behind it.
            #expect(admitted[i...].prefix { $0 < instant + 1_000_000_000 }.count <= 10)
        }
        let due = Int((now - start) / 200_000_000)
        #expect(admitted.count <= due + 6 && admitted.count > due * 9 / 10)
        // What waits as long as it was told is let in.
        pace.charge(20)
        let wait = pace.wait(at: now) ?? 0
        #expect(wait > 0 && pace.wait(at: now + wait - 1) != nil && pace.wait(at: now + wait) == nil)
    }

    @Test func underWayIsCounted() throws {
        var limits = KeyLimits()
        limits.concurrentMax = 2
        let bounds = CallerBounds(limits)
        var held = [try bounds.admit(at: 0), try bounds.admit(at: 0)]
        for _ in 0..<3 { #expect(throws: CallerBounds.Refusal.tooMany(2)) { try bounds.admit(at: 0) } }
        held.removeLast()
        held.append(try bounds.admit(at: 0))
        #expect(throws: CallerBounds.Refusal.tooMany(2)) { try bounds.admit(at: 0) }
        #expect(held.count == 2)
    }

    /// Three nodes that change keys and hear of each other in any order hold the same keys in the end, and nobody brings
    /// a removed one back.
    @Test func tablesMergeInAnyOrder() throws {
        var random = SeededGenerator.announced("key tables")
        for _ in 0..<200 {
            var nodes = [KeyTable(), KeyTable(), KeyTable()]
            var newest: [String: (stamp: String, isThere: Bool)] = [:]
            for step in 0..<20 {
                let now = Self.start + .seconds(Int64(step / 2))
                let i = Int.random(in: 0..<3, using: &random)
                let id = ["a", "b", "c"].randomElement(using: &random) ?? "a"
                let stamp = nodes[i].stamp(for: id, at: now)
                nodes[i].removed.removeAll { $0.id == id }
                nodes[i].keys.removeAll { $0.id == id }
                let isThere = Bool.random(using: &random)
                if isThere {
                    nodes[i].keys.append(
                        KeyTable.Entry(
                            id: id, role: .dialer, agency: "", digest: "\(step)", createdAt: stamp, changedAt: stamp))
                } else {
                    nodes[i].removed.append(KeyTable.Removed(id: id, at: stamp))
                }
                if let known = newest[id], known.stamp > stamp || known.stamp == stamp && !known.isThere {
                } else {
                    newest[id] = (stamp, isThere)
                }
                let (from, to) = (Int.random(in: 0..<3, using: &random), Int.random(in: 0..<3, using: &random))
                if Bool.random(using: &random) { nodes[to] = nodes[to].merged(with: nodes[from]) }
            }
            let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]]
            let merged = orders.map { $0.reduce(KeyTable()) { $0.merged(with: nodes[$1]) } }
            #expect(merged[0] == merged[1] && merged[1] == merged[2])
            #expect(Set(merged[0].keys.map(\.id)) == Set(newest.filter { $0.value.isThere }.keys))
            for node in nodes { #expect(node.newer(than: merged[0]).isEmpty) }
            #expect(merged[0].newer(than: KeyTable()) == merged[0])
        }
    }

    @Test func removalsAreForgottenAfterALongTime() throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            _ = try ring.add(role: .dialer, agency: "", id: "n", at: Self.start)
            try ring.remove(id: "n", at: Self.start + .seconds(1))
            #expect(ring.table.removed.map(\.id) == ["n"])
            _ = try ring.add(
                role: .dialer, agency: "", id: "m", at: Self.start + KeyTable.removedKept + .seconds(2))
            #expect(ring.table.removed.isEmpty && ring.entries.map(\.id) == ["m"])
        }
    }

    @Test func whenAHolderCameIsKept() throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            let key = try ring.add(role: .dialer, agency: "", id: "n", at: Self.start).key
            _ = try ring.add(role: .dialer, agency: "", id: "never", at: Self.start)
            #expect(caller(ring, key, at: 5) == "n")
            ring.keepLastUsed()
            #expect(try KeyRing(dataDirectory: folder).lastUsed == ["n": Self.start + .seconds(5)])
        }
    }

    @Test func aCertificateLetsItsHolderIn() throws {
        try withFolder { folder in
            let ring = try KeyRing(dataDirectory: folder)
            let certificate = Array("not really DER".utf8)
            let digest = certificate.withUnsafeBytes { KeyDigest(of: $0) }.text
            _ = try ring.add(role: .agent, agency: "", id: "n", certificate: digest.uppercased(), at: Self.start)
            #expect(ring.admission(withCertificate: certificate, at: Self.start)?.caller.id == "n")
            #expect(ring.admission(withCertificate: certificate + [0], at: Self.start) == nil)
            #expect(throws: KeyRingError.certificateTaken("n")) {
                try ring.add(role: .agent, agency: "", certificate: digest, at: Self.start)
            }
            for wrong in ["", "abc", String(repeating: "g", count: 64), "+" + String(repeating: "1", count: 63)] {
                #expect(throws: KeyRingError.notADigest(wrong)) {
                    try ring.add(role: .agent, agency: "", certificate: wrong, at: Self.start)
                }
            }
        }
    }
}
