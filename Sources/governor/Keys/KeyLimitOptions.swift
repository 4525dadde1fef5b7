import ArgumentParser
import Foundation
import GovernorCore
import GovernorRuntime

/// What a key is limited to, as `keys add` takes it.
struct KeyLimitOptions: ParsableArguments {
    @Option(help: "A channel that it may ask for; may be repeated (default: all).")
    var channel: [String] = []
    @Option(help: "A campaign that it may ask for, and must name; may be repeated (default: all).")
    var campaign: [String] = []
    @Option(help: "Requests that it may make in a second on each node; a batch counts as what it holds.")
    var requestsPerSecond: Int?
    @Option(help: "Requests that it may have under way at once on each node.")
    var concurrent: Int?
    @Option(help: "Requests that one of its batches may hold.")
    var batchMax: Int?

    func validate() throws {
        let figures = [
            ("--requests-per-second", requestsPerSecond), ("--concurrent", concurrent), ("--batch-max", batchMax),
        ]
        for (name, value) in figures {
            if let value, !(1...KeyLimits.figureMax).contains(value) {
                throw ValidationError("\(name): write a number from 1 to \(KeyLimits.figureMax)")
            }
        }
        for (name, values) in [("--channel", channel), ("--campaign", campaign)] {
            guard values.count <= KeyLimits.namesMax, values.allSatisfy(KeysCommand.isName) else {
                throw ValidationError(
                    "\(name): write at most \(KeyLimits.namesMax) names of 1 to \(Intake.nameBytesMax) bytes without "
                        + "control characters")
            }
        }
    }

    var limits: KeyLimits {
        var limits = KeyLimits()
        limits.channels = channel
        limits.campaigns = campaign
        limits.requestsPerSecond = requestsPerSecond
        limits.concurrentMax = concurrent
        limits.batchMax = batchMax
        return limits
    }
}

extension KeyLimits {
    /// In one line, for people; empty when nothing is limited.
    var sentence: String {
        var parts: [String] = []
        if !channels.isEmpty { parts.append("channels " + channels.joined(separator: ",")) }
        if !campaigns.isEmpty { parts.append("campaigns " + campaigns.joined(separator: ",")) }
        if let requestsPerSecond { parts.append("\(requestsPerSecond)/s") }
        if let concurrentMax { parts.append("\(concurrentMax) at once") }
        if let batchMax { parts.append("batches of \(batchMax)") }
        return parts.joined(separator: "; ")
    }

    var json: String {
        JSONText.object([
            ("channels", .texts(channels)), ("campaigns", .texts(campaigns)),
            ("requests_per_second", .optionalNumber(requestsPerSecond)), ("concurrent", .optionalNumber(concurrentMax)),
            ("batch_max", .optionalNumber(batchMax)),
        ])
    }
}
