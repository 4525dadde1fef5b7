package import GovernorCore
package import GovernorIdentity
package import GovernorPolicy

/// Everything that running tests came to.
package struct TestReport: Sendable {
    package var files: [(name: String, results: [ScenarioResult])]
    package var findings: [Diagnostic]
    package var coverage: Coverage
    package var duration: Duration
    /// Tests that a filter left out.
    package var skipped: Int

    package var results: [ScenarioResult] { files.flatMap(\.results) }
    package var failed: [ScenarioResult] { results.filter { !$0.isPassed } }
    package var isGood: Bool { !findings.hasErrors && failed.isEmpty }
}

extension TestSuite {
    /// Runs every scenario whose name holds `filter`, several at once, each in a world of its own.
    package func run(filter: String? = nil, zones: ZoneAtlas, hasher: IdentifierHasher) async -> TestReport {
        let started = ContinuousClock.now
        let runner = ScenarioRunner(zones: zones, hasher: hasher)
        var jobs: [(file: Int, scenario: Scenario, policies: PolicySet)] = []
        var skipped = 0
        for (i, file) in files.enumerated() {
            guard let policies = file.policies else { continue }
            for scenario in file.scenarios {
                if let filter, !"\(file.name) \(scenario.name)".contains(filter) {
                    skipped += 1
                } else {
                    jobs.append((i, scenario, policies))
                }
            }
        }
        // A task for every few scenarios: most take less time than starting a task does.
        let share = 16
        let work = jobs
        let results = await withTaskGroup(of: (Int, [ScenarioResult]).self) { group in
            for start in stride(from: 0, to: work.count, by: share) {
                group.addTask {
                    var results: [ScenarioResult] = []
                    for job in work[start..<min(start + share, work.count)] {
                        results.append(await runner.run(job.scenario, under: job.policies))
                    }
                    return (start, results)
                }
            }
            var parts: [(Int, [ScenarioResult])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
        var coverage = Coverage()
        for set in untested + files.compactMap(\.policies) { coverage.add(set) }
        for result in results { coverage.merge(result.coverage) }
        var byFile = files.map { (name: $0.name, results: [ScenarioResult]()) }
        for (job, result) in zip(jobs, results) { byFile[job.file].results.append(result) }
        return TestReport(
            files: byFile, findings: findings, coverage: coverage, duration: ContinuousClock.now - started,
            skipped: skipped)
    }
}
