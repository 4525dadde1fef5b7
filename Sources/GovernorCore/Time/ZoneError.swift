/// Why a zone cannot be used.
public struct ZoneError: Error, Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        /// Does not start as a tzfile does.
        case notATZFile
        /// Version 1 has no 64-bit times and no footer.
        case versionTooOld
        /// Ends before what its header announces.
        case truncated
        /// A part of it contradicts the format.
        case malformed(String)
        /// Counts leap seconds, which the times of this product do not.
        case leapSeconds
        /// The rule for the years after the last listed change is not one.
        case malformedRule(String)
        /// More changes of the clock than a zone can have.
        case tooManyTransitions
        /// Two zones of one name.
        case duplicate
        /// An alias of a zone that is not there.
        case unknownTarget(String)
        /// More than 60,000 names, or a name of more than 255 bytes.
        case tooManyNames
    }

    public let zone: String
    public let problem: Problem

    public init(zone: String, problem: Problem) {
        self.zone = zone
        self.problem = problem
    }
}

extension ZoneError: CustomStringConvertible {
    public var description: String {
        let text =
            switch problem {
            case .notATZFile: "is not a tzfile"
            case .versionTooOld: "is a tzfile of version 1, which ends in 2037; compile it with a current `zic`"
            case .truncated: "ends too early"
            case .malformed(let what): "is damaged: \(what)"
            case .leapSeconds: "counts leap seconds; use the files without them"
            case .malformedRule(let rule): "has a rule that cannot be read: `\(rule)`"
            case .tooManyTransitions: "has too many transitions"
            case .duplicate: "is defined twice"
            case .unknownTarget(let target): "is an alias of `\(target)`, which does not exist"
            case .tooManyNames: "does not fit into the table of zones"
            }
        return "time zone `\(zone)` \(text)"
    }
}
