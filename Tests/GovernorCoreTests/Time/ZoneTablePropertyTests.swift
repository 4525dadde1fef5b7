import GovernorCore
import GovernorTesting
import Testing

/// Queries against a scan of the wall clock, minute by minute, around random changes of random zones.
@Suite struct ZoneTablePropertyTests {
    static let minute: Int64 = 60_000

    /// 30 hours to either side of a change since 1975 (all of them fall on full minutes), or of any instant.
    static func span(of table: ZoneTable, using random: inout SeededGenerator) -> Range<Int64> {
        let any = Timestamp(milliseconds: .random(in: 157_766_400_000...3_000_000_000_000, using: &random))
        var middle = any
        let end = table.segment(at: any).end
        if end < Timestamp(milliseconds: 7_000_000_000_000) { middle = end }
        let from = middle.milliseconds / minute * minute - 30 * 60 * minute
        return from..<from + 60 * 60 * minute
    }

    @Test func datesAndTimesAgreeWithAScan() throws {
        var random = SeededGenerator.announced(#function)
        let catalogue = try TestZones.catalogue.get()
        for _ in 0..<250 {
            let id = try #require(catalogue.ids.randomElement(using: &random))
            let table = catalogue[id]
            let span = Self.span(of: table, using: &random)
            let instants = Array(stride(from: span.lowerBound, to: span.upperBound, by: Int64.Stride(Self.minute)))
            let clock = instants.map { $0 + Int64(table.offset(at: Timestamp(milliseconds: $0))) * 1_000 }
            let dates = clock.map { LocalDateTime(localMilliseconds: $0).date }
            for _ in 0..<20 {
                // Far enough from both ends that the answer lies inside.
                let index = Int.random(in: 200..<instants.count / 2, using: &random)
                let at = Timestamp(milliseconds: instants[index])
                let inside = Timestamp(milliseconds: instants[index] + .random(in: 0..<Self.minute, using: &random))

                // A date may already have been shown before the scan begins, but none later than the one at its start.
                let date = dates[index].adding(days: .random(in: 0...1, using: &random))
                if let open = dates.indices.first(where: { $0 >= index && dates[$0] >= date }) {
                    #expect(
                        table.firstInstant(notBefore: date, after: at).milliseconds == instants[open],
                        "\(table) \(date) after \(at)")
                }
                if let open = dates.firstIndex(where: { $0 >= date }), open > 0 {
                    #expect(table.firstInstant(notBefore: date).milliseconds == instants[open], "\(table) \(date)")
                }
                if let change = dates.indices.first(where: { $0 > index && dates[$0] != dates[index] }) {
                    #expect(
                        table.nextDateChange(after: inside).milliseconds == instants[change], "\(table) after \(inside)"
                    )
                }

                // The wall clock's next half day, whole minutes.
                let local = clock[index] + Int64.random(in: 0...720, using: &random) * Self.minute
                let skips = { (place: Int) in clock[place - 1] < local && clock[place] > local }
                if let shown = clock.firstIndex(of: local) ?? (1..<clock.count).first(where: skips) {
                    let found = table.instant(of: LocalDateTime(localMilliseconds: local))
                    #expect(
                        found.milliseconds == instants[shown], "\(table) \(LocalDateTime(localMilliseconds: local))")
                }
            }
        }
    }

    @Test func everyInstantIsFoundAgain() throws {
        var random = SeededGenerator.announced(#function)
        let catalogue = try TestZones.catalogue.get()
        for id in catalogue.ids {
            let table = catalogue[id]
            for _ in 0..<40 {
                let at = Timestamp(milliseconds: .random(in: -3_000_000_000_000...7_289_654_399_999, using: &random))
                let segment = table.segment(at: at)
                #expect(segment.contains(at))
                let local = table.local(at: at)
                let found = table.instant(of: local)
                #expect(found <= at && table.local(at: found) == local)
                let midnight = table.firstInstant(notBefore: local.date)
                #expect(midnight <= at && table.date(at: midnight) == local.date)
                #expect(table.date(at: Timestamp(milliseconds: midnight.milliseconds - 1)) < local.date)
                let change = table.nextDateChange(after: at)
                #expect(change > at && table.date(at: change) != local.date)
                #expect(table.date(at: Timestamp(milliseconds: change.milliseconds - 1)) == local.date)
            }
        }
    }
}
