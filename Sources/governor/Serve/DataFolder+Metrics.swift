import GovernorLedger
import GovernorStoreEmbedded

extension DataFolder {
    /// Counters of ledger and store in the Prometheus text format.
    var metrics: String {
        let ledger = ledger.statistics
        let people = store.statistics
        var text = ""
        func line(_ name: String, _ kind: String, _ help: String, _ value: some CustomStringConvertible) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n\(name) \(value)\n"
        }
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
        return text
    }
}
