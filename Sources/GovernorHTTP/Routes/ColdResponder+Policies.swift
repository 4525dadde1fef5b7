import Foundation
import GovernorCore
import GovernorRuntime
import Logging

#if canImport(Glibc)
    import Glibc
#endif

extension ColdResponder {
    /// Revisions that one answer lists, at most; the newest.
    static let revisionsMax = 1_000

    /// What is loaded, since when and on which node, and every revision whose text is kept.
    func policyList() -> ColdAnswer {
        let status = policies.status
        let texts = policies.texts
        let kept = policies.archive?.revisions ?? []
        return ColdAnswer(estimate: 2048 + 256 * min(kept.count, Self.revisionsMax)) { json in
            json.beginObject()
            json.field("node", Self.node)
            json.name("current")
            json.beginObject()
            json.field("revision", status.revision)
            json.field("activated_at", status.activatedAt)
            json.field("rules", status.ruleCount)
            json.field("stale", status.rejectedAt != nil)
            json.name("files")
            json.files(texts.map(\.file))
            json.endObject()
            json.name("kept")
            json.beginArray()
            for revision in kept.prefix(Self.revisionsMax) {
                json.beginObject()
                json.field("revision", revision.revision)
                json.field("rules", revision.rules)
                json.field("first_activated_at", revision.firstActivatedAt)
                json.field("last_activated_at", revision.lastActivatedAt)
                json.name("files")
                json.files(revision.files)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    /// The texts of a revision, as they were when it decided.
    func policyText(_ name: String) throws(Problem) -> ColdAnswer {
        let texts: [(file: PolicyArchive.File, bytes: [UInt8])]
        if name == policies.status.revision {
            texts = policies.texts
        } else {
            guard let archive = policies.archive, let revision = archive.revision(name) else { throw .noSuchRevision }
            do throws(PolicyArchiveError) {
                var read: [(file: PolicyArchive.File, bytes: [UInt8])] = []
                for file in revision.files { read.append((file, try archive.text(file))) }
                texts = read
            } catch {
                logger.error("a kept policy cannot be read: \(error)")
                throw .lostRevision
            }
        }
        return ColdAnswer(estimate: 1024 + 2 * texts.reduce(0) { $0 + $1.bytes.count }) { json in
            json.beginObject()
            json.field("revision", name)
            json.name("files")
            json.beginArray()
            for (file, bytes) in texts {
                json.beginObject()
                json.field("name", file.name)
                json.field("digest", file.digest)
                json.field("text", String(decoding: bytes, as: UTF8.self))
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    /// The machine's own name.
    private static let node: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()
}

extension JSONWriter {
    fileprivate mutating func files(_ files: [PolicyArchive.File]) {
        beginArray()
        for file in files {
            beginObject()
            field("name", file.name)
            field("digest", file.digest)
            field("bytes", file.bytes)
            endObject()
        }
        endArray()
    }
}

extension Problem {
    static var noSuchRevision: Problem {
        Problem(
            status: 404, code: "policy.unknown", title: "No such revision",
            detail: "No policies with this revision decided on this node; GET /v1/policies lists those that did.")
    }

    static var lostRevision: Problem {
        Problem(
            status: 503, code: "policy.unreadable", title: "The text cannot be read",
            detail: "The text of this revision is missing from the data folder or is not what it was; see the log.")
    }
}
