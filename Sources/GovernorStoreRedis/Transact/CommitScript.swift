/// *Commit or load*: the one script. See `docs/redis-format.md`.
enum CommitScript {
    /// For each key three arguments: the version read, the new value (`-`: the key goes), the instant of expiry.
    static let text = """
        local n = #KEYS
        for i = 1, n do
            local want = ARGV[3 * i - 2]
            if want ~= '*' and redis.call('GETRANGE', KEYS[i], 0, 7) ~= want then
                return redis.call('MGET', unpack(KEYS))
            end
        end
        for i = 1, n do
            local value = ARGV[3 * i - 1]
            if value == '-' then
                redis.call('DEL', KEYS[i])
            elseif value ~= '' then
                local at = ARGV[3 * i]
                if at == '' then
                    redis.call('SET', KEYS[i], value)
                else
                    redis.call('SET', KEYS[i], value, 'PXAT', at)
                end
            end
        end
        return 1
        """
}
