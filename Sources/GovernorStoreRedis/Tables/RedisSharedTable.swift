import GovernorCore
import GovernorStore
import NIOCore

/// A table in one hash, and beside it a text that changes with every writing, so that a look at a table that is as it was
/// costs one `GET`.
final class RedisSharedTable: SharedTable {
    private let client: LoopClient
    private let key: [UInt8]
    private let stampKey: [UInt8]

    /// - Parameter name: of the table, as `keys`.
    init(_ client: LoopClient, _ shared: StoreShared, name: String) {
        self.client = client
        key = shared.settings.keys.table(name)
        stampKey = shared.settings.keys.tableStamp(name)
    }

    func read(unlessAt stamp: String?) async throws(StoreError) -> SharedTableState? {
        // The stamp first: what is read after it is at least as new.
        let found = try await ask("GET", stampKey, []) { reply -> String? in
            switch reply.kind {
            case .text: reply.string
            case .null: ""
            case .array, .integer, .status, .error: nil
            }
        }
        if found == stamp { return nil }
        let fields = try await ask("HGETALL", key, []) { reply -> [String]? in
            reply.kind == .array ? (0..<reply.count).map { reply[$0].string } : nil
        }
        var values: [String: String] = [:]
        for i in stride(from: 0, to: fields.count - 1, by: 2) { values[fields[i]] = fields[i + 1] }
        return SharedTableState(stamp: found, values: values)
    }

    func write(_ values: [String: String]) async throws(StoreError) {
        if values.isEmpty { return }
        let words = values.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        _ = try await ask("HSET", key, words) { $0.integer }
        let stamp = String(UInt64.random(in: .min ... .max), radix: 16)
        _ = try await ask("SET", stampKey, [stamp]) { $0.kind == .status ? true : nil }
    }

    private func ask<Value: Sendable>(
        _ name: StaticString, _ key: [UInt8], _ words: [String], _ read: @escaping @Sendable (RedisReply) -> Value?
    ) async throws(StoreError) -> Value {
        let value: Value? = await withCheckedContinuation { continuation in
            client.loop.execute { [client] in
                var command = RedisCommand()
                command.add(name)
                command.add(key)
                for word in words { command.add(word) }
                client.send(
                    command, slot: RecordSlot(number: HashSlot.slot(of: key)),
                    to: OneReply { reply in continuation.resume(returning: reply.flatMap(read)) }, tag: 0)
            }
        }
        guard let value else { throw .unavailable("Redis did not answer about a shared table") }
        return value
    }
}
