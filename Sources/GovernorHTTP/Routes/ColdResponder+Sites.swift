import GovernorPages
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension ColdResponder {
    /// Bytes that are read of a body which is too long, so that the browser gets its answer and not a broken connection.
    private static let discardedBytesMax = 64 * 1024 * 1024

    /// The site that a path belongs to.
    func site(of path: String) -> (index: Int, site: any Site)? {
        for (index, site) in configuration.sites.enumerated() where path.hasPrefix(site.root) {
            let rest = path.utf8.dropFirst(site.root.utf8.count).first
            if rest == nil || rest == UInt8(ascii: "/") { return (index, site) }
        }
        return nil
    }

    func answer(_ request: Request, of site: any Site, peer: String) async -> Response {
        var asked = SiteRequest(
            method: request.method == .head ? "GET" : request.method.rawValue, path: request.uri.path,
            query: request.uri.query ?? "", fields: request.headers.map { ($0.name.canonicalName, $0.value) },
            peer: peer)
        let most = site.bodyBytesMax(asked)
        var isWhole = true
        do {
            var seen = 0
            for try await piece in request.body {
                seen += piece.readableBytes
                if seen > most {
                    asked.isBodyTooLarge = true
                    asked.body = []
                    if seen > Self.discardedBytesMax {
                        isWhole = false
                        break
                    }
                } else {
                    asked.body.append(contentsOf: piece.readableBytesView)
                }
            }
        } catch {
            return answer(problem: .incomplete).response
        }
        let answer = await site.answer(asked)
        var fields = HTTPFields()
        for (name, value) in answer.fields {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        if !isWhole { fields[.connection] = "close" }
        let body: ResponseBody =
            switch answer.content {
            case .bytes(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            case .stream(let stream):
                ResponseBody { writer in
                    for await piece in stream { try await writer.write(ByteBuffer(bytes: piece)) }
                    try await writer.finish(nil)
                }
            }
        let response = Response(status: HTTPResponse.Status(code: answer.status), headers: fields, body: body)
        return request.method == .head ? response.createHeadResponse() : response
    }
}

/// A request's context that knows where it comes from.
struct ColdContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the other end, without its port.
    let peer: String
    let channel: any Channel

    init(source: Source) {
        channel = source.channel
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
