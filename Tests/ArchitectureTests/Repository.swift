import Foundation

/// The files of this repository, found from where this file stands.
enum Repository {
    static let root: URL = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Paths below `folder`, relative to the root, sorted.
    static func files(in folder: String, ending suffix: String) -> [String] {
        let base = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: base.path(percentEncoded: false))
        let paths = names?.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) } ?? []
        return paths.map { "\(folder)/\($0)" }.sorted()
    }
}
