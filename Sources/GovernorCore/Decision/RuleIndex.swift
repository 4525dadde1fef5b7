/// Finds the rules that a request may select, without looking at the others.
///
/// Every rule is filed once, under the first dimension it restricts in the order campaign, agency, product, brand,
/// subject, purpose, channel; a request looks up its own names, and every file of a dimension that it leaves out.
struct RuleIndex: Sendable {
    let table: RuleTable
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

    /// Rules of one policy set, at most.
    static let rulesMax = 60_000

    init(_ rules: [Rule]) {
        precondition(rules.count <= Self.rulesMax, "the policy loader bounds the number of rules")
        table = RuleTable(rules)
        var filed: [[UInt64: [UInt16]]] = Array(repeating: [:], count: 7)
        for (i, rule) in rules.enumerated() {
            let position = UInt16(i)
            let scope = rule.scope
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

    /// The positions of the rules whose names admit `request`, ascending; places are left to the evaluation.
    func rules(for request: borrowing ContactRequest, family: Family) -> ContiguousArray<UInt16> {
        var found = ContiguousArray<UInt16>()
        found.reserveCapacity(min(table.count, 64))
        let asked = AskedNames(request, family: family)
        for position in general where asked.isAdmitted(by: table[position]) { found.append(position) }
        var isSorted = true
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
            for k in range {
                let position = files[i].positions[k]
                guard asked.isAdmitted(by: table[position]) else { continue }
                if let last = found.last, last >= position { isSorted = false }
                found.append(position)
            }
        }
        if isSorted { return found }
        found.sort()
        // A rule filed under two names of a dimension that the request leaves out is found twice.
        var kept = 0
        for i in found.indices where i == 0 || found[i] != found[i - 1] {
            found[kept] = found[i]
            kept += 1
        }
        found.removeLast(found.count - kept)
        return found
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
    }
}
