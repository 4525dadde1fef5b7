import GovernorPolicy

extension TestReport {
    /// The XML that continuous integration servers read: a suite per file, a case per test; a broken file is a case
    /// with an error.
    package var junit: String {
        let broken = Dictionary(grouping: findings.filter { $0.severity == .error }, by: \.file)
        let testFiles = Set(files.map(\.name))
        let others = broken.keys.filter { !testFiles.contains($0) }.sorted()
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count + broken.count)\" failures=\"\(failed.count)\""
        text += " errors=\"\(broken.count)\" time=\"\(Self.seconds(duration))\">\n"
        for file in files {
            text += suite(file.name, file.results, broken[file.name] ?? [])
        }
        for name in others { text += suite(name, [], broken[name] ?? []) }
        return text + "</testsuites>\n"
    }

    private func suite(_ name: String, _ results: [ScenarioResult], _ errors: [Diagnostic]) -> String {
        let failures = results.count { !$0.isPassed }
        let time = Self.seconds(results.reduce(.zero) { $0 + $1.duration })
        var text = "  <testsuite name=\"\(Self.escaped(name))\" tests=\"\(results.count + (errors.isEmpty ? 0 : 1))\""
        text += " failures=\"\(failures)\" errors=\"\(errors.isEmpty ? 0 : 1)\" time=\"\(time)\">\n"
        if !errors.isEmpty {
            text += "    <testcase classname=\"\(Self.escaped(name))\" name=\"loads\" time=\"0\">\n"
            text += "      <error message=\"\(Self.escaped(errors.summary))\">\(Self.escaped(errors.report))</error>\n"
            text += "    </testcase>\n"
        }
        for result in results {
            text += "    <testcase classname=\"\(Self.escaped(name))\" name=\"\(Self.escaped(result.scenario.name))\""
            text += " file=\"\(Self.escaped(result.scenario.place.file))\" line=\"\(result.scenario.place.line)\""
            text += " time=\"\(Self.seconds(result.duration))\""
            if result.isPassed {
                text += "/>\n"
                continue
            }
            let first = result.mismatches[0]
            let message = "\(first.what): expected \(first.expected), got \(first.actual)"
            let timeline = Timeline(result: result).lines.map { $0.trimmedEnd + "\n" }.joined()
            text += ">\n      <failure message=\"\(Self.escaped(message))\">\(Self.escaped(timeline))</failure>\n"
            text += "    </testcase>\n"
        }
        return text + "  </testsuite>\n"
    }

    /// Seconds with three digits.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// Source: XML 1.0, section 2.2: control characters have no place in a document at all.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "\n"
            case "\t": result += "\t"
            case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
