/// Finds the rules that a request may select, without looking at the others.
///
/// Every rule is filed by the places it is for, and there under the first dimension it restricts in the order campaign,
/// agency, product, brand, subject, purpose, channel. A request looks up its own places and names, and every file of a
/// dimension that it leaves out.
struct RuleIndex: Sendable {
    let table: RuleTable
    private let everywhere: NameIndex
    /// Jurisdictions that rules name, ascending, so that a country stands before its regions; and the rules of each.
    private let places: [UInt64]
    private let placed: [NameIndex]
    /// The campaign guards of all places that are not off.
    private let guards: NameIndex

    /// Rules of one policy set, at most.
    static let rulesMax = 60_000

    init(_ rules: [Rule]) {
        precondition(rules.count <= Self.rulesMax, "the policy loader bounds the number of rules")
        table = RuleTable(rules)
        var everywhere: [UInt16] = []
        var byPlace: [UInt64: [UInt16]] = [:]
        for (i, rule) in rules.enumerated() {
            let position = UInt16(i)
            if rule.scope.jurisdictions.isEmpty { everywhere.append(position) }
            for place in Set(rule.scope.jurisdictions) { byPlace[place.bits, default: []].append(position) }
        }
        self.everywhere = NameIndex(everywhere, rules)
        places = byPlace.keys.sorted()
        placed = places.map { NameIndex(byPlace[$0] ?? [], rules) }
        let guards = rules.indices.filter { i in
            if case .campaignGuard = rules[i].body { rules[i].mode != .off } else { false }
        }
        self.guards = NameIndex(guards.map { UInt16($0) }, rules)
    }

    /// The positions of the campaign guards whose names admit `request`, wherever they are for, ascending.
    func guards(for request: borrowing ContactRequest, family: Family) -> ContiguousArray<UInt16> {
        var found = ContiguousArray<UInt16>()
        let isSorted = guards.collect(AskedNames(request, family: family), table, into: &found)
        return isSorted ? found : ContiguousArray(Set(found).sorted())
    }

    /// Whether any rule is for some places only.
    var hasPlaces: Bool { !places.isEmpty }

    /// The positions of the rules whose names admit `request` and whose places may hold somebody who may be in `candidates`,
    /// ascending; none known is anywhere. A superset: the places are judged again when the person's record is known.
    func rules(
        for request: borrowing ContactRequest, family: Family, at candidates: UnsafeBufferPointer<Jurisdiction>
    ) -> ContiguousArray<UInt16> {
        var found = ContiguousArray<UInt16>()
        found.reserveCapacity(min(table.count, 64))
        let asked = AskedNames(request, family: family)
        var isSorted = everywhere.collect(asked, table, into: &found)
        if !places.isEmpty {
            if candidates.isEmpty {
                for index in placed { isSorted = index.collect(asked, table, into: &found) && isSorted }
            }
            for candidate in candidates {
                for i in range(of: candidate) { isSorted = placed[i].collect(asked, table, into: &found) && isSorted }
                // A rule for a country covers its regions.
                if candidate.hasRegion {
                    for i in range(ofExactly: candidate.country) {
                        isSorted = placed[i].collect(asked, table, into: &found) && isSorted
                    }
                }
            }
        }
        if isSorted { return found }
        found.sort()
        // A rule filed twice (for two places, or under two names of a dimension that the request leaves out) is found twice.
        var kept = 0
        for i in found.indices where i == 0 || found[i] != found[i - 1] {
            found[kept] = found[i]
            kept += 1
        }
        found.removeLast(found.count - kept)
        return found
    }

    /// The places that a candidate by itself may be in: all, a country with all its regions, or one region.
    private func range(of candidate: Jurisdiction) -> Range<Int> {
        if candidate.isUnknown { return places.indices }
        if candidate.hasRegion { return range(ofExactly: candidate) }
        return firstPlace(from: candidate.bits)..<firstPlace(from: (candidate.bits | 0xff_ffff) + 1)
    }

    private func range(ofExactly place: Jurisdiction) -> Range<Int> {
        firstPlace(from: place.bits)..<firstPlace(from: place.bits + 1)
    }

    private func firstPlace(from bits: UInt64) -> Int {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < bits { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The rules of one place by their names.
private struct NameIndex: Sendable {
    private var general: [UInt16] = []
    private var files: [File] = []

    /// One dimension's files: names in ascending order, each with where its positions lie.
    private struct File {
        var dimension: Int
        var names: [UInt64] = []
        var starts: [Int32] = []
        var positions: [UInt16] = []

        func place(of name: UInt64) -> Int? {
            var low = 0
            var high = names.count
            while low < high {
                let middle = (low + high) / 2
                if names[middle] < name { low = middle + 1 } else { high = middle }
            }
            return low < names.count && names[low] == name ? low : nil
        }
    }

    init(_ positions: [UInt16], _ rules: [Rule]) {
        var filed: [[UInt64: [UInt16]]] = Array(repeating: [:], count: 7)
        for position in positions {
            let scope = rules[Int(position)].scope
            let sets: [[UInt64]] = [
                scope.campaigns.names.map(\.bits), scope.agencies.names.map(\.bits), scope.products.names.map(\.bits),
                scope.brands.names.map(\.bits), scope.subjects.names.map(\.bits), scope.purposes.names.map(\.bits),
                scope.channels.names.map(\.bits),
            ]
            if let dimension = sets.firstIndex(where: { !$0.isEmpty }) {
                for name in Set(sets[dimension]) { filed[dimension][name, default: []].append(position) }
            } else {
                general.append(position)
            }
        }
        for (dimension, names) in filed.enumerated() where !names.isEmpty {
            var file = File(dimension: dimension)
            for (name, positions) in names.sorted(by: { $0.key < $1.key }) {
                file.names.append(name)
                file.starts.append(Int32(file.positions.count))
                file.positions += positions
            }
            file.starts.append(Int32(file.positions.count))
            files.append(file)
        }
    }

    /// Adds the positions of the rules that admit what is asked; whether `found` is still ascending if it was.
    func collect(_ asked: AskedNames, _ table: RuleTable, into found: inout ContiguousArray<UInt16>) -> Bool {
        var isSorted = true
        func add(_ position: UInt16) {
            guard asked.isAdmitted(by: table[position]) else { return }
            if let last = found.last, last >= position { isSorted = false }
            found.append(position)
        }
        for position in general { add(position) }
        for i in files.indices {
            let name = asked.name(files[i].dimension)
            let range: Range<Int>
            if name == 0 {
                // A name left out may be any.
                range = 0..<files[i].positions.count
            } else if let at = files[i].place(of: name) {
                range = Int(files[i].starts[at])..<Int(files[i].starts[at + 1])
            } else {
                continue
            }
            for k in range { add(files[i].positions[k]) }
        }
        return isSorted
    }
}

/// What a request says in the dimensions of a scope, without the rest of it.
private struct AskedNames {
    let campaign: Campaign
    let agency: Agency
    let product: Product
    let brand: Brand
    let subject: Subject
    let purpose: Purpose
    let channel: Channel
    let family: Family
    let method: ContactMethod?
    let party: Party
    let lineType: LineType
    let role: ContactRole

    init(_ request: borrowing ContactRequest, family: Family) {
        campaign = request.campaign
        agency = request.agency
        product = request.product
        brand = request.brand
        subject = request.subject
        purpose = request.purpose
        channel = request.channel
        self.family = family
        method = request.method
        party = request.party
        lineType = request.lineType
        role = request.role
    }

    func name(_ dimension: Int) -> UInt64 {
        switch dimension {
        case 0: campaign.bits
        case 1: agency.bits
        case 2: product.bits
        case 3: brand.bits
        case 4: subject.bits
        case 5: purpose.bits
        default: channel.bits
        }
    }

    /// Whether the names fall inside a rule's scope; jurisdictions are judged later, when the person's record is known.
    @inline(__always) func isAdmitted(by entry: UnsafePointer<RuleTable.Entry>) -> Bool {
        let rule = entry.pointee.rule
        return rule.pointee.scope.channels.admits(channel) && rule.pointee.scope.purposes.admits(purpose)
            && rule.pointee.scope.brands.admits(brand) && rule.pointee.scope.products.admits(product)
            && rule.pointee.scope.families.admits(family) && rule.pointee.scope.campaigns.admits(campaign)
            && rule.pointee.scope.subjects.admits(subject) && rule.pointee.scope.agencies.admits(agency)
            && (rule.pointee.scope.methods.isEmpty || method == nil || rule.pointee.scope.methods.contains(method!))
            && (rule.pointee.scope.party == .unknown || party == .unknown || rule.pointee.scope.party == party)
            && (rule.pointee.scope.lineTypes.isEmpty
                || rule.pointee.scope.lineTypes.contains { lineType.mayBe($0) })
            && rule.pointee.scope.roles.admits(role)
    }
}
