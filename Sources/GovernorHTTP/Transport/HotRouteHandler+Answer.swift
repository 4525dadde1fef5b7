import NIOCore
import NIOHTTP1

/// Answers, written as bytes past NIO's encoder: head and body in one buffer, one write and one flush for all of a tick.
extension HotRouteHandler {
    /// Bodies from this size on are not copied behind their head.
    static let copiedBytesMax = 16 * 1024
    /// A larger output buffer is given back after its flush.
    static let keptBytesMax = 64 * 1024

    /// The answer to request `sequence`, its body appended by `write`.
    @inline(__always)
    func answer(
        _ sequence: UInt64, _ status: Int, _ content: HotContent, fields: StaticString,
        write: (inout ByteBuffer) -> Void
    ) {
        guard phase == .answering, sequence == self.sequence else { return }
        let blanksEnd = beginAnswer(status, content, fields: fields)
        let start = output.writerIndex
        write(&output)
        endAnswer(blanksEnd: blanksEnd, length: output.writerIndex - start)
        finishAnswer()
    }

    /// The answer to request `sequence` with a body that is ready.
    func answer(_ sequence: UInt64, _ status: Int, _ content: HotContent, fields: StaticString, body: ByteBuffer) {
        guard phase == .answering, sequence == self.sequence else { return }
        writeAnswer(status, content, fields: fields, body: body)
        finishAnswer()
    }

    /// A problem of the transport's own.
    func writeAnswer(_ problem: Problem, fields: StaticString = "") {
        var body = ByteBuffer()
        problem.write(to: &body)
        writeAnswer(problem.status, .problem, fields: fields, body: body)
    }

    private func writeAnswer(_ status: Int, _ content: HotContent, fields: StaticString, body: ByteBuffer) {
        let blanksEnd = beginAnswer(status, content, fields: fields)
        endAnswer(blanksEnd: blanksEnd, length: body.readableBytes)
        if isHead || status == 204 { return }
        if body.readableBytes < Self.copiedBytesMax {
            output.writeImmutableBuffer(body)
        } else {
            passOutput()
            output = ByteBuffer()
            encoder?.write(NIOAny(IOData.byteBuffer(body)), promise: nil)
            needsFlush = true
        }
    }

    /// Writes the head up to the blanks for the length; returns where they end, `nil` when there is no length to tell.
    @inline(__always)
    private func beginAnswer(_ status: Int, _ content: HotContent, fields: StaticString) -> Int? {
        loop.counts.add(counted, status: status)
        if quiescing && backlog.isEmpty || isInputClosed && backlog.isEmpty { isKeepAlive = false }
        if _fastPath(status == 200 && content == .json && isKeepAlive && !isHTTP10 && fields.utf8CodeUnitCount == 0) {
            output.writeBytes(loop.okHead)
            let blanksEnd = output.writerIndex
            output.writeStaticString("\r\n\r\n")
            return blanksEnd
        }
        return beginRareAnswer(status, content, fields: fields)
    }

    @inline(never)
    private func beginRareAnswer(_ status: Int, _ content: HotContent, fields: StaticString) -> Int? {
        output.writeStaticString(isHTTP10 ? "HTTP/1.0 " : "HTTP/1.1 ")
        output.writeString("\(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
        if status != 204 {
            output.writeStaticString("content-type: ")
            output.writeStaticString(content == .json ? "application/json" : Problem.contentType)
            output.writeStaticString("\r\n")
        }
        output.writeBytes(loop.commonFields)
        output.writeStaticString(fields)
        if status == 503 || status == 429 {
            output.writeString("retry-after: \(retryAfter)\r\n")
            retryAfter = 1
        }
        if !isKeepAlive {
            output.writeStaticString("connection: close\r\n")
        } else if isHTTP10 {
            output.writeStaticString("connection: keep-alive\r\n")
        }
        if status == 204 {
            output.writeStaticString("\r\n")
            return nil
        }
        output.writeStaticString("content-length:")
        output.writeRepeatingByte(UInt8(ascii: " "), count: LoopState.lengthDigitsMax)
        let blanksEnd = output.writerIndex
        output.writeStaticString("\r\n\r\n")
        return blanksEnd
    }

    /// Writes the length into the blanks, right-aligned: blanks before a field's value mean nothing (RFC 9110, section 5.5).
    @inline(__always)
    private func endAnswer(blanksEnd: Int?, length: Int) {
        needsFlush = true
        guard let blanksEnd else { return }
        output.withVeryUnsafeMutableBytes { bytes in
            var at = blanksEnd
            var rest = length
            repeat {
                at &-= 1
                bytes[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
        }
    }

    /// `100 Continue`. Source: RFC 9110, section 10.1.1.
    func writeContinue() {
        output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        needsFlush = true
        flushOutput()
    }

    /// Hands the output buffer to the socket's queue; the caller renews it.
    @inline(__always)
    private func passOutput() {
        if output.readableBytes > 0 { encoder?.write(NIOAny(IOData.byteBuffer(output)), promise: nil) }
    }

    /// Flushes at the end of the loop's tick.
    @inline(__always)
    func flushSoon() {
        if needsFlush && !isFlushDue {
            isFlushDue = true
            loop.flushSoon(self)
        }
    }

    /// One write and one flush for everything that was answered since the last.
    @inline(__always)
    func flushOutput() {
        isFlushDue = false
        guard needsFlush else { return }
        needsFlush = false
        passOutput()
        encoder?.flush()
        if output.capacity > Self.keptBytesMax {
            output = ByteBuffer()
        } else {
            // The same memory again, unless the socket still holds it.
            output.clear()
        }
    }
}
