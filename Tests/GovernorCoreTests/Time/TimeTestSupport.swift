import Foundation
import GovernorCore
import Testing

/// The system's zones, read here with other means than the product's loader.
enum TestZones {
    static let directory = ProcessInfo.processInfo.environment["TZDIR"] ?? "/usr/share/zoneinfo"

    /// The bytes of every zone, by name; aliases included.
    static let files: [(name: String, tzfile: [UInt8])] = {
        let skipped: Set = ["posix", "right", "posixrules", "localtime", "Factory"]
        var files: [(name: String, tzfile: [UInt8])] = []
        func collect(_ folder: String) {
            let path = folder.isEmpty ? directory : "\(directory)/\(folder)"
            for base in (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] {
                if folder.isEmpty, skipped.contains(base) { continue }
                let name = folder.isEmpty ? base : "\(folder)/\(base)"
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: "\(directory)/\(name)", isDirectory: &isFolder) else {
                    continue
                }
                if isFolder.boolValue {
                    collect(name)
                } else if let data = FileManager.default.contents(atPath: "\(directory)/\(name)"),
                    data.starts(with: Array("TZif".utf8))
                {
                    files.append((name, [UInt8](data)))
                }
            }
        }
        collect("")
        return files
    }()

    /// The release, from the head of `tzdata.zi`.
    static let version: String = {
        let data = FileManager.default.contents(atPath: "\(directory)/tzdata.zi") ?? Data()
        let line = String(decoding: data.prefix { $0 != 0x0a }, as: UTF8.self)
        return line.hasPrefix("# version ") ? String(line.dropFirst(10)) : "unknown"
    }()

    static let catalogue: Result<ZoneCatalogue, ZoneError> = {
        do throws(ZoneError) {
            return .success(try ZoneCatalogue(version: version, zones: files))
        } catch {
            return .failure(error)
        }
    }()

    static func table(_ name: String) throws -> ZoneTable {
        let catalogue = try catalogue.get()
        return catalogue[try #require(catalogue.id(of: name), "no zone `\(name)` in \(directory)")]
    }
}

/// An RFC 3339 instant.
func utc(_ text: String) throws -> Timestamp { try Timestamp(parsing: text) }

/// `2026-03-29T02:30` or with seconds, as a date and the milliseconds of its day.
func wallClock(_ text: String) throws -> LocalDateTime {
    let parts = text.split(separator: "T")
    let date = try LocalDate(parsing: String(parts[0]))
    var milliseconds: Int32 = 0
    for (part, unit) in zip(parts[1].split(separator: ":"), [3_600_000, 60_000, 1_000] as [Int32]) {
        milliseconds += (Int32(part) ?? 0) * unit
    }
    return LocalDateTime(date: date, millisecondOfDay: milliseconds)
}

/// A compiled zone of version 2 or later, as zic would write it.
struct TZFileBuilder {
    var version: Character = "3"
    var transitions: [(seconds: Int64, type: UInt8)] = []
    var offsets: [Int32] = [0]
    var leapSeconds = 0
    var footer = "UTC0"

    var bytes: [UInt8] {
        func big<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian, Array.init)
        }
        func header(transitions: Int, types: Int, names: Int, leaps: Int) -> [UInt8] {
            var bytes = Array("TZif\(version)".utf8) + Array(repeating: 0, count: 15)
            for count in [0, 0, leaps, transitions, types, names] { bytes += big(UInt32(count)) }
            return bytes
        }
        var bytes = header(transitions: 0, types: 1, names: 4, leaps: 0) + big(Int32(0)) + [0, 0] + Array("UTC\0".utf8)
        bytes += header(transitions: transitions.count, types: offsets.count, names: 4, leaps: leapSeconds)
        for transition in transitions { bytes += big(transition.seconds) }
        for transition in transitions { bytes.append(transition.type) }
        for offset in offsets { bytes += big(offset) + [0, 0] }
        bytes += Array("ABC\0".utf8)
        for leap in 0..<leapSeconds { bytes += big(Int64(78_796_800 + leap)) + big(Int32(leap + 1)) }
        return bytes + Array("\n\(footer)\n".utf8)
    }
}
