import GovernorPolicy

extension TestReport {
    /// What a person reads: every failure with its timeline, then the counts; each test's line too when `isVerbose`.
    package func text(isVerbose: Bool = false, showsCoverage: Bool = false) -> String {
        var text = findings.report
        if !text.isEmpty { text += "\n" }
        for file in files {
            for result in file.results {
                if result.isPassed {
                    if isVerbose { text += "ok    \(file.name): \(result.scenario.name)\n" }
                    continue
                }
                let place = result.scenario.place
                text += "FAIL  \(place.file):\(place.line):\(place.column): \(result.scenario.name)\n"
                text += Timeline(result: result).lines.map { $0.trimmedEnd + "\n" }.joined()
                for mismatch in result.mismatches {
                    text +=
                        "  \(mismatch.place.file):\(mismatch.place.line):\(mismatch.place.column): \(mismatch.what): "
                    text += "expected \(mismatch.expected), got \(mismatch.actual)\n"
                }
                text += "\n"
            }
        }
        if showsCoverage { text += coverage.text }
        return text
    }

    /// `42 tests passed, 1 failed, in 3 files; 0.04 s`
    package var summary: String {
        let passed = results.count - failed.count
        var text = "\(passed) test\(passed == 1 ? "" : "s") passed"
        if !failed.isEmpty { text += ", \(failed.count) failed" }
        if skipped > 0 { text += ", \(skipped) left out" }
        let broken = Set(findings.filter { $0.severity == .error }.map(\.file)).count
        if broken > 0 { text += ", \(broken) file\(broken == 1 ? "" : "s") broken" }
        return text + "; " + coverage.summary
    }
}

extension Coverage {
    /// `93.2 % of 44 branches of 15 rules`
    package var summary: String {
        let rounded = (percent * 10).rounded(.down) / 10
        let number = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
        return "\(number) % of \(branchCount) branches of \(rules.count) rule\(rules.count == 1 ? "" : "s") covered"
    }

    /// A line for every rule, and what no test does with it.
    package var text: String {
        var text = ""
        for (key, branches) in ordered {
            let told = Branch.allCases.compactMap { branch in
                branches[branch].map { $0 == 0 ? "never \(branch.rawValue)" : "\($0) \(branch.rawValue)" }
            }
            let isGap = branches.values.contains(0)
            text += "\(isGap ? "gap " : "    ") \(key.file):\(key.line): \(key.id): \(told.joined(separator: ", "))\n"
        }
        return text
    }
}

extension String {
    var trimmedEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
