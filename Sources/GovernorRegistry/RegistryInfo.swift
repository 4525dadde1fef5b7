public import GovernorCore

/// What a snapshot says of itself.
public struct RegistryInfo: Hashable, Sendable {
    /// As rules name it: lower-case letters, digits and hyphens, at most 64.
    public var name: String
    /// The beginning of the hash of its contents: the same numbers and dates have the same version.
    public var version: String
    /// The instant that the list speaks for: when it was fetched from its keeper.
    public var asOf: Timestamp
    public var builtAt: Timestamp
    public var count: Int
    /// How many numbers it has that the snapshot before had not, and the reverse.
    public var addedCount: Int
    public var removedCount: Int
    /// It tells since when a number is listed.
    public var hasDates: Bool
    public var byteCount: Int
    /// Counts the snapshots of one registry, from 1.
    public var sequence: Int

    public static let nameBytesMax = 64

    /// Whether rules can name it so.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= nameBytesMax && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (0x30...0x39).contains($0)
                    || $0 == UInt8(ascii: "-")
            }
    }
}

/// Why a snapshot cannot be made, read or put in place.
public enum RegistryError: Error, Hashable, CustomStringConvertible, Sendable {
    case badName(String)
    case file(path: String, reason: String)
    case damaged(path: String, reason: String)
    case newerFormat(path: String, version: UInt32)
    case unknown(name: String, known: [String])
    /// The new list is so much smaller that the file is rather cut off than right.
    case shrinks(name: String, from: Int, to: Int)
    case tooManyRefused(refused: Int, rows: Int)
    case empty(name: String)

    public var description: String {
        switch self {
        case .badName(let name):
            "`\(name)` cannot name a registry: use lower-case letters, digits and hyphens, at most \(RegistryInfo.nameBytesMax)"
        case .file(let path, let reason): "`\(path)`: \(reason)"
        case .damaged(let path, let reason):
            "`\(path)` is no intact snapshot of a registry (\(reason)); load the list again"
        case .newerFormat(let path, let version):
            "`\(path)` has format \(version), which this version of the governor cannot read: update it, or load the list again"
        case .unknown(let name, let known):
            known.isEmpty
                ? "no registry is loaded yet: `governor registry load \(name) FILE…` loads one"
                : "no registry `\(name)` is loaded; there are: \(known.joined(separator: ", "))"
        case .shrinks(let name, let from, let to):
            "`\(name)` would shrink from \(from) numbers to \(to), which looks like a file that was cut off; nothing was "
                + "changed. Say --accept-shrink if it is right"
        case .tooManyRefused(let refused, let rows):
            "\(refused) of \(rows) rows could not be read, more than one in a hundred; nothing was changed. See the rows "
                + "with --refused FILE, name the country or the column, or say --accept-refused"
        case .empty(let name): "there is no number in what `\(name)` was to be loaded from; nothing was changed"
        }
    }
}
