import GovernorCore
import GovernorIdentity
import GovernorRuntime
import GovernorTesting
import Testing

@Suite struct ReservationTokenTests {
    @Test func roundTripsAndRefusesEverythingElse() throws {
        var generator = SeededGenerator.announced("tokens")
        let hasher = try IdentifierHasher(secret: Array("a secret for tests".utf8))
        let other = try IdentifierHasher(secret: Array("another secret, really".utf8))
        for _ in 0..<500 {
            let touch = TouchID(bits: generator.next())
            let person = PersonID(high: generator.next(), low: generator.next())
            let text = ReservationToken.make(touch: touch, person: person, hasher: hasher)
            let read = try #require(ReservationToken.read(Array(text.utf8), hasher: hasher))
            #expect(read.touch == touch && read.person == person)
            #expect(ReservationToken.read(Array(text.utf8), hasher: other)?.person != person)
            #expect(ReservationToken.read(Array(text.utf8.dropLast()), hasher: hasher) == nil)
            #expect(ReservationToken.read(Array(text.utf8.dropFirst()), hasher: hasher) == nil)
        }
    }
}
