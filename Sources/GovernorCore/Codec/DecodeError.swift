/// Why bytes could not be read back, and where.
public struct DecodeError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Problem: Hashable, Sendable {
        /// The bytes end before the value does.
        case truncated
        /// Written by a newer version of this program.
        case newerVersion(UInt8)
        /// The checksum does not match: the bytes were changed after they were written.
        case damaged
        /// A value that the format does not know.
        case invalid
    }

    public var problem: Problem
    /// Bytes from the start to the place where reading stopped.
    public var offset: Int
    /// What was being read.
    public var what: String

    public init(_ problem: Problem, at offset: Int, what: String) {
        self.problem = problem
        self.offset = offset
        self.what = what
    }

    public var description: String {
        switch problem {
        case .truncated: "\(what) is cut off at byte \(offset)"
        case .newerVersion(let version):
            "\(what) has format version \(version), which is newer than this program: upgrade before opening it"
        case .damaged: "\(what) is damaged: its checksum does not match"
        case .invalid: "\(what) is invalid at byte \(offset)"
        }
    }
}
