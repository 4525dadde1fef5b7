import GovernorLedger
import GovernorStoreEmbedded
import GovernorStoreRedis

extension DataFolder {
    /// Counters of ledger and store in the Prometheus text format.
    var metrics: String {
        var text = MetricLines()
        text.add(ledger.statistics)
        switch people {
        case .embedded(let store): text.add(store.statistics)
        case .redis(let store, _): text.add(store.statistics, isReady: store.trouble == nil)
        }
        return text.text
    }
}

private struct MetricLines {
    var text = ""

    mutating func line(_ name: String, _ kind: String, _ help: String, _ value: some CustomStringConvertible) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n\(name) \(value)\n"
    }

    mutating func add(_ ledger: LedgerStatistics) {
        line("governor_ledger_records_total", "counter", "Records on disk since the start.", ledger.recordCount)
        line("governor_ledger_groups_total", "counter", "Groups committed since the start.", ledger.groupCount)
        line("governor_ledger_bytes_total", "counter", "Bytes of records since the start.", ledger.byteCount)
        line("governor_ledger_refused_total", "counter", "Entries refused by a full queue.", ledger.refusedCount)
        line("governor_ledger_failures_total", "counter", "Failed attempts to write.", ledger.failureCount)
        line("governor_ledger_rotations_total", "counter", "Files begun since the start.", ledger.rotationCount)
        line(
            "governor_ledger_rotation_failing", "gauge", "1 while no new file can be begun.",
            ledger.rotationFailure == nil ? 0 : 1)
        line("governor_ledger_waiting_records", "gauge", "Records that wait for the disk.", ledger.waitingCount)
        line("governor_ledger_waiting_bytes", "gauge", "Their bytes.", ledger.waitingBytes)
        line("governor_ledger_commit_seconds", "gauge", "Average of a commit.", ledger.commitMicroseconds / 1e6)
    }

    mutating func add(_ people: EmbeddedStatistics) {
        line("governor_store_people", "gauge", "People known.", people.peopleCount)
        line("governor_store_cached_people", "gauge", "People in memory.", people.cachedCount)
        line("governor_store_cached_bytes", "gauge", "Their bytes.", people.cachedBytes)
        line("governor_store_dirty_people", "gauge", "Changed and not written back yet.", people.dirtyCount)
        line("governor_store_loads_waiting", "gauge", "Transactions that wait for the file.", people.loadsWaiting)
        line(
            "governor_store_hits_total", "counter", "Transactions whose people were in memory.",
            people.counters.hitCount)
        line("governor_store_misses_total", "counter", "Waits for the file.", people.counters.missCount)
        line("governor_store_evictions_total", "counter", "People dropped from memory.", people.evictionCount)
        line("governor_store_writes_total", "counter", "Transactions that changed people.", people.counters.writeCount)
        line(
            "governor_store_refused_total", "counter", "Transactions refused at a bound.", people.counters.refusedCount)
        line(
            "governor_store_write_back_failures_total", "counter", "Write-backs that failed.",
            people.counters.writeBackFailureCount)
        line(
            "governor_store_file_bytes", "gauge", "The file of people and its log.", people.fileBytes + people.logBytes)
    }

    mutating func add(_ redis: RedisStatistics, isReady: Bool) {
        func count(_ name: String, _ help: String, _ value: UInt64) {
            line("governor_redis_\(name)_total", "counter", help, value)
        }
        line("governor_redis_ready", "gauge", "1 while Redis can be used.", isReady ? 1 : 0)
        line("governor_redis_connections", "gauge", "Event loops with connections of their own.", redis.connectionCount)
        count("transactions", "Decisions, facts and reports taken to Redis.", redis.transactionCount)
        count("readings", "Round trips that read.", redis.readingCount)
        count("commits", "Round trips that write on condition.", redis.commitCount)
        count("conflicts", "Runs made again over newer records.", redis.conflictCount)
        count("script_reloads", "Scripts sent again after Redis forgot them.", redis.scriptReloadCount)
        count("unavailable", "Transactions that Redis could not take; nothing was stored.", redis.unavailableCount)
        count("timeouts", "Transactions without an answer in time; nothing was stored.", redis.timeoutCount)
        count("unknown_outcomes", "Transactions whose reply was lost.", redis.unknownOutcomeCount)
        count("overloads", "Transactions refused at a bound.", redis.overloadCount)
        count("damages", "Transactions that met a value that cannot be read.", redis.damageCount)
        count("redirections", "Commands sent on to another node of the cluster.", redis.redirectionCount)
        count("connection_failures", "Connections lost or not made.", redis.connectionFailureCount)
        count("history_changes", "Masters with another history: failovers and restarts.", redis.historyChangeCount)
        line(
            "governor_redis_healing", "gauge", "1 until every node's ledger is replayed after a change of history.",
            redis.isHealing ? 1 : 0)
        count("replayed_entries", "Entries of this node's ledger replayed into Redis.", redis.replayedCount)
        line(
            "governor_redis_clock_difference_seconds", "gauge", "This node's clock minus that of Redis.",
            Double(redis.clockDifferenceMilliseconds) / 1_000)
        line("governor_store_cached_people", "gauge", "People in memory.", redis.cachedCount)
        line("governor_store_cached_bytes", "gauge", "Their bytes.", redis.cachedBytes)
        count("cache_hits", "Look-ups that found a person in memory.", redis.cacheHitCount)
        count("cache_misses", "Look-ups that found nobody in memory.", redis.cacheMissCount)
        count("cache_evictions", "People dropped from memory.", redis.cacheEvictionCount)
        line("governor_redis_aliases", "gauge", "Identifiers whose person's key is remembered.", redis.aliasCount)
        count("stale_aliases", "Remembered keys that the record did not confirm.", redis.staleAliasCount)
    }
}
