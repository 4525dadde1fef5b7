import Glibc
import NIOCore
import Synchronization

/// Bytes on their way to a client that may read them much later: some in memory, the rest in a file without a name.
///
/// The writer never waits, so that a client may send everything before it reads anything. One writer and one reader.
final class OutputSpool: Sendable {
    enum Failure: Error, Equatable {
        /// The reader has gone.
        case abandoned
        /// More than `bytesMax` wait.
        case full
        /// The disk does not take it: an `errno`.
        case disk(Int32)
    }

    private struct State {
        var memory: [[UInt8]] = []
        var memoryBytes = 0
        /// -1: none yet.
        var file: Int32 = -1
        var readOffset = 0
        var writeOffset = 0
        var end: Result<Void, any Error>?
        var isAbandoned = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let folder: String
    private let memoryMax: Int
    private let bytesMax: Int

    static let pieceBytes = 64 << 10

    init(folder: String, memoryMax: Int = 4 << 20, bytesMax: Int = 16 << 30) {
        self.folder = folder
        self.memoryMax = memoryMax
        self.bytesMax = bytesMax
    }

    deinit { state.withLock { if $0.file >= 0 { close($0.file) } } }

    /// Adds bytes behind all others.
    func append(_ bytes: [UInt8]) throws(Failure) {
        let (failure, waiting) = state.withLock { state -> (Failure?, CheckedContinuation<Void, Never>?) in
            if state.isAbandoned { return (.abandoned, nil) }
            let isSpilling = state.writeOffset > state.readOffset
            if isSpilling || state.memoryBytes + bytes.count > memoryMax {
                if state.writeOffset - state.readOffset + bytes.count > bytesMax { return (.full, nil) }
                if let failure = write(bytes, &state) { return (failure, nil) }
            } else {
                state.memory.append(bytes)
                state.memoryBytes += bytes.count
            }
            defer { state.waiting = nil }
            return (nil, state.waiting)
        }
        waiting?.resume()
        if let failure { throw failure }
    }

    /// Nothing more comes; a failure reaches the reader behind everything that was appended.
    func finish(_ end: Result<Void, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.end = state.end ?? end
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Nobody reads any more: the next `append` fails.
    func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.memory = []
        }
    }

    /// The next bytes in order; `nil` at the end.
    func next() async throws -> [UInt8]? {
        while true {
            let step = state.withLock { state -> Result<[UInt8], any Error>? in
                // What is in memory is older than what is in the file.
                if !state.memory.isEmpty {
                    let piece = state.memory.count == 1 ? state.memory[0] : Array(state.memory.joined())
                    state.memory.removeAll(keepingCapacity: true)
                    state.memoryBytes = 0
                    return .success(piece)
                }
                if state.writeOffset > state.readOffset { return read(&state) }
                return state.end.map { $0.map { [] } }
            }
            switch step {
            case .success(let piece): return piece.isEmpty ? nil : piece
            case .failure(let error): throw error
            case nil: await wait()
            }
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if !state.memory.isEmpty || state.writeOffset > state.readOffset || state.end != nil { return true }
                state.waiting = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    private func write(_ bytes: [UInt8], _ state: inout State) -> Failure? {
        if state.file < 0 {
            var path = Array((folder + "/governor-spool-XXXXXX").utf8CString)
            state.file = mkstemp(&path)
            if state.file < 0 { return .disk(errno) }
            // Without a name it goes with its last descriptor, whatever ends this process.
            unlink(path)
        }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(state.file, $0.baseAddress! + written, $0.count - written, off_t(state.writeOffset + written))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return .disk(errno)
            }
            written += count
        }
        state.writeOffset += written
        return nil
    }

    private func read(_ state: inout State) -> Result<[UInt8], any Error> {
        let count = min(Self.pieceBytes, state.writeOffset - state.readOffset)
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var got = pread(state.file, buffer.baseAddress, count, off_t(state.readOffset))
            while got < 0 && errno == EINTR {
                got = pread(state.file, buffer.baseAddress, count, off_t(state.readOffset))
            }
            failure = got > 0 ? 0 : got < 0 ? errno : EIO
            initialized = max(0, got)
        }
        if failure != 0 { return .failure(Failure.disk(failure)) }
        state.readOffset += piece.count
        if state.readOffset == state.writeOffset {
            ftruncate(state.file, 0)
            state.readOffset = 0
            state.writeOffset = 0
        }
        return .success(piece)
    }
}
