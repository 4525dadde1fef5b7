/// Finds the rules that a request may select, without looking at the others.
///
/// Every rule is filed once, under the first dimension it restricts in the order campaign, agency, product, brand,
/// subject, purpose, channel; a request looks up its own names, and every file of a dimension that it leaves out.
struct RuleIndex: Sendable {
    private var general: [UInt16] = []
    private var files: [[UInt64: [UInt16]]] = Array(repeating: [:], count: 7)

    /// Rules of one policy set, at most.
    static let rulesMax = 60_000

    init(_ rules: [Rule]) {
        precondition(rules.count <= Self.rulesMax, "the policy loader bounds the number of rules")
        for (i, rule) in rules.enumerated() {
            let position = UInt16(i)
            let scope = rule.scope
            let sets: [[UInt64]] = [
                scope.campaigns.names.map(\.bits), scope.agencies.names.map(\.bits), scope.products.names.map(\.bits),
                scope.brands.names.map(\.bits), scope.subjects.names.map(\.bits), scope.purposes.names.map(\.bits),
                scope.channels.names.map(\.bits),
            ]
            if let dimension = sets.firstIndex(where: { !$0.isEmpty }) {
                for name in sets[dimension] { files[dimension][name, default: []].append(position) }
            } else {
                general.append(position)
            }
        }
    }

    /// The positions of the rules whose names admit `request`, ascending; places are left to the evaluation.
    func rules(for request: ContactRequest, family: Family, in rules: [Rule]) -> ContiguousArray<UInt16> {
        var found = ContiguousArray<UInt16>()
        found.reserveCapacity(32)
        func take(_ positions: [UInt16]) {
            for position in positions where rules[Int(position)].scope.admits(request, family: family) {
                found.append(position)
            }
        }
        take(general)
        let wanted = (
            request.campaign.bits, request.agency.bits, request.product.bits, request.brand.bits, request.subject.bits,
            request.purpose.bits, request.channel.bits
        )
        withUnsafeBytes(of: wanted) { raw in
            let names = raw.bindMemory(to: UInt64.self)
            for dimension in 0..<7 where !files[dimension].isEmpty {
                if names[dimension] == 0 {
                    for positions in files[dimension].values { take(positions) }
                } else if let positions = files[dimension][names[dimension]] {
                    take(positions)
                }
            }
        }
        found.sort()
        // A rule filed under two names of a dimension that the request leaves out is found twice.
        var last = UInt16.max
        found.removeAll { position in
            defer { last = position }
            return position == last
        }
        return found
    }
}

extension RuleScope {
    /// Whether the names of `request` fall inside; jurisdictions are judged later, when the person's record is known.
    func admits(_ request: ContactRequest, family: Family) -> Bool {
        channels.admits(request.channel) && purposes.admits(request.purpose) && brands.admits(request.brand)
            && products.admits(request.product) && families.admits(family)
            && campaigns.admits(request.campaign) && subjects.admits(request.subject)
            && agencies.admits(request.agency)
            && (methods.isEmpty || request.method == nil || methods.contains(request.method!))
            && (party == .unknown || request.party == .unknown || party == request.party)
            && (lineTypes.isEmpty || lineTypes.contains { request.lineType.mayBe($0) })
    }
}
