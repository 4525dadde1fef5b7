package import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1

/// The bounds of the HTTP server. Times are kept by a clock that ticks every `tick`, so they end up to one tick late.
package struct TransportConfiguration: Sendable {
    /// Open connections; more wait in the kernel's queue.
    package var connectionsMax = 4_096
    /// Bytes of one header field, and of all of them.
    package var headerFieldBytesMax = 8 * 1024
    package var headersBytesMax = 32 * 1024
    package var headersMax = 100
    /// From a request's first byte to the end of its head.
    package var headTime = TimeAmount.seconds(10)
    /// From the end of a head to the end of a hot body; between two pieces of any other body.
    package var bodyTime = TimeAmount.seconds(30)
    /// Without a request.
    package var idleTime = TimeAmount.seconds(75)
    /// Until a hot route has answered; longer than any deadline of its own.
    package var answerTime = TimeAmount.seconds(30)
    /// Without the client taking a byte of an answer.
    package var writeTime = TimeAmount.seconds(30)
    /// Between the end of the last answer and the end of the connection, for the client to read it.
    package var lingerTime = TimeAmount.seconds(2)
    package var tick = TimeAmount.milliseconds(250)
    /// Fields of every answer to a hot route.
    package private(set) var fields: [(name: String, value: String)] = []

    package init() {}

    /// Adds a field to every answer to a hot route. Refuses what is no field name or holds a control character, since
    /// nothing behind it would.
    package mutating func addField(_ name: String, _ value: String) throws(TransportConfigurationError) {
        let isToken =
            !name.isEmpty && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
        guard isToken, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f || $0 == 0x09 }) else {
            throw .invalidField(name: name)
        }
        fields.append((name, value))
    }

    package func validate() throws(TransportConfigurationError) {
        let counts = [
            ("connectionsMax", connectionsMax), ("headerFieldBytesMax", headerFieldBytesMax),
            ("headersBytesMax", headersBytesMax), ("headersMax", headersMax),
        ]
        for (name, value) in counts where value < 1 { throw .outOfRange(name: name) }
        let times = [
            ("headTime", headTime), ("bodyTime", bodyTime), ("idleTime", idleTime), ("answerTime", answerTime),
            ("writeTime", writeTime), ("lingerTime", lingerTime),
        ]
        guard tick >= .milliseconds(10) else { throw .outOfRange(name: "tick") }
        for (name, value) in times where value < tick { throw .outOfRange(name: name) }
    }

    /// The application's own configuration with the bound on connections.
    package func application(address: BindAddress, logger: Logger) -> ApplicationConfiguration {
        ApplicationConfiguration(
            address: address, serverName: nil, backlog: 1_024, reuseAddress: true,
            availableConnectionsDelegate: .maximum(connectionsMax, logger: logger))
    }

    var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerFieldBytesMax
        limits.maxHeaderListSize = headersBytesMax
        limits.maxHeaderFieldCount = headersMax
        return limits
    }

    /// A time in ticks, rounded up.
    func ticks(_ time: TimeAmount) -> UInt32 {
        UInt32(clamping: (time.nanoseconds + tick.nanoseconds - 1) / tick.nanoseconds)
    }
}

package enum TransportConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    case invalidField(name: String)
    case outOfRange(name: String)

    package var description: String {
        switch self {
        case .invalidField(let name): "the header field `\(name)` has a name or a value that HTTP does not allow"
        case .outOfRange(let name): "`\(name)` is out of range; times must be at least one tick, counts at least 1"
        }
    }
}
