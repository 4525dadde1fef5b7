import GovernorCore
import GovernorRuntime
import GovernorStore
import GovernorTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct RevocationStreamTests {
    static let policy = """
        policy: house
        rules:
          - { id: said-no, kind: opt_out }
          - { id: permitted, kind: consent, scope: { channels: [sms] }, require: [express] }
          - { id: holds, kind: holding, scope: { products: [home] }, holds: same_product, status: [active] }
        """
    static let admin = Caller(id: "admin", role: .admin)
    static let agent = Caller(id: "desk", role: .agent, agency: "north")

    /// What waits for a listener now, `ready` and `reset` among it.
    private func taken(_ listener: StreamListener, count: Int) async -> [StreamItem] {
        var items: [StreamItem] = []
        var iterator = listener.items.makeAsyncIterator()
        while items.count < count, let item = await iterator.next() {
            listener.took()
            items.append(item)
        }
        return items
    }

    private func events(_ items: [StreamItem]) -> [Revocation] {
        items.compactMap { if case .event(_, let event) = $0 { event } else { nil } }
    }

    @Test func whatTakesReservationsBackIsTold() async throws {
        let world = try TestGovernor(Self.policy)
        let stream = world.governor.revocations
        let listener = try stream.listen(after: nil, as: Self.admin)
        _ = try await world.tell(.consent("express", endpoints: [], until: nil), id: "c1")
        let call = try #require(try await world.decide(world.form { $0.product = "car" }).decision.reservation)
        let text = try #require(
            try await world.decide(
                world.form {
                    $0.channel = "sms"
                    $0.product = "car"
                }
            ).decision.reservation)
        let offer = try #require(
            try await world.decide(
                world.form {
                    $0.product = "home"
                    $0.campaign = "spring"
                }
            ).decision.reservation)
        let withdrawn = try await world.tell(.withdrawal("express"), id: "w1")
        #expect(withdrawn.revoked.map(\.touch) == [text.touch])
        let held = try await world.tell(.holding(Holding(product: "home", status: .active)), id: "h1")
        #expect(held.revoked.map(\.touch) == [offer.touch])
        let no = try await world.tell(.optOut(reach: .person, endpoints: []), id: "o1")
        #expect(no.revoked.map(\.touch) == [call.touch])
        // Told again, it takes nothing back and tells nothing.
        _ = try await world.tell(.optOut(reach: .person, endpoints: []), id: "o1")
        let told = events(await taken(listener, count: 4))
        #expect(told.map(\.cause) == [.withdrawal, .holding, .optOut])
        #expect(told.map { $0.reservations.map(\.touch) } == [[text.touch], [offer.touch], [call.touch]])
        let first = try #require(told[1].reservations.first)
        #expect(
            (first.agency, first.channel, first.purpose, first.campaign) == ("north", "voice", "marketing", "spring"))
        // And each is a denial when it is confirmed.
        for reservation in [call, text, offer] {
            #expect(try await world.confirm(reservation).decision.verdict == .deny)
        }
    }

    @Test func anOutcomeThatIsAnOptOutTakesTheOthersBack() async throws {
        let world = try TestGovernor(Self.policy)
        let listener = try world.governor.revocations.listen(after: nil, as: Self.agent)
        let one = try #require(try await world.decide(world.form()).decision.reservation)
        let two = try #require(try await world.decide(world.form()).decision.reservation)
        _ = try await world.confirm(one)
        let answer = try await world.report("opt_out", on: one)
        #expect(answer.revoked.map(\.touch) == [two.touch])
        #expect(events(await taken(listener, count: 2)).map { $0.reservations.map(\.touch) } == [[two.touch]])
    }

    @Test func aDialerHearsOfItsOwnAgencyAlone() async throws {
        let world = try TestGovernor(Self.policy)
        let stream = world.governor.revocations
        let listeners = try [TestGovernor.north, TestGovernor.south, Self.agent, Self.admin].map {
            try stream.listen(after: nil, as: $0)
        }
        let north = try #require(try await world.decide(world.form()).decision.reservation)
        let south = try #require(try await world.decide(world.form(), by: TestGovernor.south).decision.reservation)
        _ = try await world.tell(.optOut(reach: .person, endpoints: []))
        var seen: [[TouchID]] = []
        for listener in listeners {
            seen.append(events(await taken(listener, count: 2)).flatMap { $0.reservations.map(\.touch) })
        }
        #expect(seen == [[north.touch], [south.touch], [north.touch], [north.touch, south.touch]])
        // One with nothing to see for a caller is not sent to it at all.
        _ = try await world.decide(world.form("+12125550177"), by: TestGovernor.south)
        _ = try await world.tell(.optOut(reach: .person, endpoints: []), phone: "+12125550177", id: "f2")
        stream.close()
        #expect(await taken(listeners[0], count: 1).isEmpty)
        #expect(await taken(listeners[1], count: 1).count == 1)
    }

    @Test func aListenerGoesOnWhereItStopped() async throws {
        let world = try TestGovernor(Self.policy)
        let stream = world.governor.revocations
        func takeBack(_ i: Int) async throws {
            _ = try await world.decide(world.form("+1212555\(1_000 + i)"))
            _ = try await world.tell(.optOut(reach: .person, endpoints: []), phone: "+1212555\(1_000 + i)", id: "o\(i)")
            world.clock.manual.advance(by: Milliseconds(Int64(i % 2)))
        }
        let first = try stream.listen(after: nil, as: Self.admin)
        for i in 0..<5 { try await takeBack(i) }
        let numbers = await taken(first, count: 6).compactMap(\.number)
        #expect(numbers.count == 6 && Set(numbers).count == 6)
        let rows: [(last: String?, ready: Bool, events: Int)] = [
            (numbers[0], true, 5), (numbers[2], true, 3), (numbers[5], true, 0), (nil, true, 0),
            ("0-0", false, 0), ("1-1", false, 0), ("99999999999999-0", false, 0), ("nonsense", false, 0),
            ("", false, 0),
            ("-1-0", false, 0),
        ]
        for row in rows {
            let listener = try stream.listen(after: row.last, as: Self.admin)
            let items = await taken(listener, count: row.events + 1)
            #expect(events(items).count == row.events, "\(row)")
            if case .ready = items[0] { #expect(row.ready, "\(row)") } else { #expect(!row.ready, "\(row)") }
            stream.leave(listener)
        }
    }

    @Test func aSlowReaderIsDroppedAndAnotherIsNot() async throws {
        let board = LocalNoticeBoard { Timestamp(milliseconds: 1) }
        let stream = RevocationStream(board: board)
        let slow = try stream.listen(after: nil, as: Self.admin)
        let quick = try stream.listen(after: nil, as: Self.admin)
        _ = await taken(quick, count: 1)
        let reservation = RevokedReservation(touch: TouchID(bits: 7), person: PersonID(high: 1, low: 2))
        for i in 0..<StreamListener.waitingMax + 10 {
            stream.announce([reservation], .optOut, at: Timestamp(milliseconds: Int64(i)))
            #expect(events(await taken(quick, count: 1)).count == 1)
        }
        #expect(stream.listenerCount == 1 && stream.droppedCount.count == 1)
        var items = await taken(slow, count: .max)
        let last = items.removeLast()
        if case .tooSlow = last {} else { Issue.record("it ends with \(last)") }
        #expect(items.count == StreamListener.waitingMax)
        // It comes back for the rest.
        let again = try stream.listen(after: items.last?.number, as: Self.admin)
        #expect(events(await taken(again, count: 12)).count == 11)
    }

    @Test func manyEventsPushOldOnesOut() async throws {
        let board = LocalNoticeBoard { Timestamp(milliseconds: 1) }
        let stream = RevocationStream(board: board)
        let start = stream.position
        let reservation = RevokedReservation(touch: TouchID(bits: 7), person: PersonID(high: 1, low: 2))
        for _ in 0..<RevocationStream.eventsMax + 1 {
            stream.announce([reservation], .optOut, at: Timestamp(milliseconds: 5))
        }
        let reset = try stream.listen(after: "\(start)", as: Self.admin)
        if case .reset = await taken(reset, count: 1)[0] {} else { Issue.record("no reset") }
        let ready = try stream.listen(after: "1-1", as: Self.admin)
        let items = await taken(ready, count: RevocationStream.eventsMax + 1)
        #expect(events(items).count == RevocationStream.eventsMax)
    }

    @Test func listenersAreBounded() throws {
        let stream = RevocationStream(board: LocalNoticeBoard { Timestamp(milliseconds: 1) })
        for _ in 0..<RevocationStream.listenersPerCallerMax { _ = try stream.listen(after: nil, as: Self.admin) }
        #expect(throws: StreamRefusal.tooManyOfCaller) { try stream.listen(after: nil, as: Self.admin) }
        for i in 0..<RevocationStream.listenersMax - RevocationStream.listenersPerCallerMax {
            _ = try stream.listen(after: nil, as: Caller(id: "d\(i)", role: .dialer))
        }
        #expect(throws: StreamRefusal.tooManyListeners) {
            try stream.listen(after: nil, as: Caller(id: "late", role: .dialer))
        }
        stream.close()
        #expect(throws: StreamRefusal.closed) { try stream.listen(after: nil, as: Self.admin) }
        #expect(stream.listenerCount == 0)
    }

    @Test func manyReservationsOfOneFactAreSeveralEvents() async throws {
        let stream = RevocationStream(board: LocalNoticeBoard { Timestamp(milliseconds: 1) })
        let listener = try stream.listen(after: nil, as: Self.admin)
        let all = (0..<600).map { RevokedReservation(touch: TouchID(bits: $0), person: PersonID(high: 1, low: 2)) }
        // Twice the same is told once.
        stream.announce(all + all, .link, at: Timestamp(milliseconds: 5))
        let told = events(await taken(listener, count: 4))
        #expect(told.map(\.reservations.count) == [256, 256, 88])
        #expect(told.flatMap(\.reservations) == all)
    }

    /// Whatever stands on a board, reading it does not trap, and what was written is read back.
    @Test func randomNoticesAreReadOrPassedOver() throws {
        var random = SeededGenerator.announced("randomNoticesAreReadOrPassedOver")
        let board = LocalNoticeBoard { Timestamp(milliseconds: 1) }
        let stream = RevocationStream(board: board)
        let seen = Mutex<[UInt8]>([])
        let spy = LocalNoticeBoard { Timestamp(milliseconds: 1) }
        spy.read { if case .notice(_, let body) = $0 { seen.withLock { $0 = body } } }
        let source = RevocationStream(board: Tee(spy))
        source.announce(
            [RevokedReservation(touch: TouchID(bits: 9), person: PersonID(high: 3, low: 4))], .optOut,
            at: Timestamp(milliseconds: 77))
        let whole = seen.withLock { $0 }
        #expect(!whole.isEmpty)
        for _ in 0..<3_000 {
            var body = whole
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                body = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
                }
            case 1: body.removeLast(Int.random(in: 1...body.count, using: &random))
            default: body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            board.post(body)
        }
        let before = stream.toldCount.count
        board.post(whole)
        #expect(stream.toldCount.count == before + 1)
    }

    /// A board that only passes on what is posted.
    struct Tee: NoticeBoard {
        let other: LocalNoticeBoard
        init(_ other: LocalNoticeBoard) { self.other = other }
        func post(_ body: [UInt8]) { other.post(body) }
        func read(_ reader: @escaping @Sendable (NoticeBoardEvent) -> Void) {}
    }
}
