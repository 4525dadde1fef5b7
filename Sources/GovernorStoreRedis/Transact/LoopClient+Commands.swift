import GovernorCore
import GovernorStore

extension LoopClient {
    /// *Commit or load* over items of one slot; `isWhole`: with the script's text instead of its digest.
    func commit(_ items: [WritePlan.Item], isWhole: Bool) -> RedisCommand {
        var size = 64
        for item in items { size += 64 + (item.value?.record == nil ? 32 : 1_024) }
        var command = RedisCommand(capacity: size)
        if isWhole {
            command.add("EVAL" as StaticString)
            command.add(CommitScript.text)
        } else {
            command.add("EVALSHA" as StaticString)
            command.add(scriptDigest)
        }
        command.add(String(items.count))
        for item in items { command.add { keys.append(item.place, to: &$0) } }
        for item in items {
            if let expected = item.expected {
                command.add(version: expected)
            } else {
                command.add("*" as StaticString)
            }
            if item.isDeletion {
                command.add("-" as StaticString)
            } else if let value = item.value {
                command.add(value.encoded())
            } else {
                command.add("" as StaticString)
            }
            if let expiry = item.expiry {
                command.add(String(expiry.milliseconds))
            } else {
                command.add("" as StaticString)
            }
        }
        return command
    }

    /// Writes a forwarder of a person's id without comparing; a newcomer's only if there is none.
    func set(_ item: WritePlan.Item) -> RedisCommand {
        var command = RedisCommand(capacity: 96)
        command.add("SET" as StaticString)
        command.add { keys.append(item.place, to: &$0) }
        command.add(item.value?.encoded() ?? [])
        if item.isNewcomers { command.add("NX" as StaticString) }
        if let expiry = item.expiry {
            command.add("PXAT" as StaticString)
            command.add(String(expiry.milliseconds))
        }
        return command
    }

    func get(_ places: [RecordKey]) -> RedisCommand {
        var command = RedisCommand(capacity: 40 * places.count + 8)
        command.add(places.count == 1 ? "GET" as StaticString : "MGET")
        for place in places { command.add { keys.append(place, to: &$0) } }
        return command
    }

    /// Takes away a newcomer's forwarder that leads nowhere, if it is the one that was written; whether it works does not
    /// matter.
    func drop(_ item: WritePlan.Item) {
        var command = RedisCommand(capacity: 200)
        command.add("EVAL" as StaticString)
        command.add(Self.dropScript)
        command.add("1" as StaticString)
        command.add { keys.append(item.place, to: &$0) }
        command.add(version: item.value?.version ?? 0)
        send(command, slot: slot(of: item.place), to: OneReply { _ in }, tag: 0)
    }

    private static let dropScript = """
        if redis.call('GETRANGE', KEYS[1], 0, 7) == ARGV[1] then
            redis.call('DEL', KEYS[1])
        end
        """
}
