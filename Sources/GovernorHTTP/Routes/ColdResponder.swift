import GovernorCore
import GovernorLists
import GovernorRuntime
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// Every route but the hot ones: finds it, lets the caller in, bounds the body, and answers.
///
/// Whatever goes wrong is a problem document; nothing is thrown at the server.
struct ColdResponder: HTTPResponder {
    typealias Context = ColdContext

    let governor: Governor
    let intake: Intake
    let keys: KeyRing
    let policies: PolicyService
    let jobs: JobCenter
    let configuration: HTTPConfiguration
    let logger: Logger
    let metrics: HTTPMetrics
    /// Names by the key that records keep of a zone.
    let zoneNames: [ZoneKey: String]
    let erasures: Erasures
    let gate = ListGate()
    let visitors = VisitorBounds()
    /// Of every answer that does not say otherwise.
    private let securityFields: [(HTTPField.Name, String)]

    init(
        governor: Governor, intake: Intake, keys: KeyRing, policies: PolicyService, jobs: JobCenter,
        configuration: HTTPConfiguration, hotCounts: HotCounts, logger: Logger
    ) {
        securityFields = (SecurityFields.of(configuration) + SecurityFields.further).compactMap { name, value in
            HTTPField.Name(name).map { ($0, value) }
        }
        metrics = HTTPMetrics(hot: hotCounts, sites: configuration.sites.map(\.root))
        self.governor = governor
        self.intake = intake
        self.keys = keys
        self.policies = policies
        self.jobs = jobs
        self.configuration = configuration
        self.logger = logger
        erasures =
            configuration.erasures ?? Erasures(governor: governor, ledger: nil, dataDirectory: nil, logger: logger)
        let catalogue = governor.zones.catalogue
        zoneNames = Dictionary(
            catalogue.ids.map { (ZoneKey(name: catalogue.name(of: $0)), catalogue.name(of: $0)) },
            uniquingKeysWith: { first, _ in first })
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        var response = try await find(request, context: context)
        for (name, value) in securityFields where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    private func find(_ request: Request, context: Context) async throws -> Response {
        let path = Substring(request.uri.path)
        let found = ColdRoute.all.enumerated().filter { $0.element.match(path) != nil }
        guard !found.isEmpty else {
            if let (index, site) = site(of: String(path)) {
                let response = await answer(request, of: site, peer: context.peer)
                metrics.count(site: index, status: Int(response.status.code))
                return response
            }
            metrics.count(route: nil, status: 404)
            return answer(problem: .noSuchPath).response
        }
        let method = request.method == .head ? .get : request.method
        guard let (index, route) = found.first(where: { $0.element.method == method }) else {
            metrics.count(route: found[0].offset, status: 405)
            let allowed = found.map { $0.element.method == .get ? "GET, HEAD" : $0.element.method.rawValue }
            var answer = answer(problem: .wrongMethod(allowed))
            answer.headers[.allow] = allowed.joined(separator: ", ")
            return answer.response
        }
        let answer = await answer(request, route, parameter: String(route.match(path) ?? ""), on: context.channel)
        metrics.count(route: index, status: answer.status)
        return request.method == .head ? answer.response.createHeadResponse() : answer.response
    }

    private func answer(
        _ request: Request, _ route: ColdRoute, parameter: String, on channel: any NIOCore.Channel
    ) async -> ColdAnswer {
        var caller = Caller(id: "", role: .dialer)
        var lease: CallerBounds.Lease?
        if let roles = route.roles {
            guard let known = await authenticate(request, on: channel) else {
                var answer = answer(problem: .keyRequired)
                answer.headers[.wwwAuthenticate] = "Bearer"
                return answer
            }
            guard roles.contains(known.role) else { return answer(problem: .role(known.role, roles)) }
            do throws(CallerBounds.Refusal) { lease = try known.bounds?.admit(at: steadyNanoseconds()) } catch {
                var problem = Problem(error)
                problem.deniesContact = false
                var answer = answer(problem: problem)
                answer.headers[.retryAfter] = "\(error.seconds)"
                return answer
            }
            caller = known
        }
        var answer = await answer(request, route, parameter: parameter, by: caller)
        // A stream has bounds of its own, and no end.
        if let lease, !route.isStream { answer.hold(lease) }
        return answer
    }

    private func answer(
        _ request: Request, _ route: ColdRoute, parameter: String, by caller: Caller
    ) async -> ColdAnswer {
        if request.uri.query != nil, !route.takesQuery { return answer(problem: .noQuery) }
        if route.takesList {
            do throws(Problem) {
                return switch route.action {
                case .postImport(let kind): try await postImport(kind, request, by: caller)
                case .postScrub: try await postScrub(request, by: caller)
                default: try await scrub(request, by: caller)
                }
            } catch { return answer(problem: error) }
        }
        let body: ByteBuffer
        do throws(Problem) { body = try await collect(request, route) } catch {
            var answer = route.isPage ? trouble(.badRequest, request) : answer(problem: error)
            if error.status == 413 { answer.headers[.connection] = "close" }
            return answer
        }
        do throws(Problem) {
            return switch route.action {
            case .facts(let kind): try await facts(kind, body, by: caller)
            case .status: try await status(body, by: caller)
            case .lookup: try await lookUp(body, by: caller)
            case .person: try await person(parameter, by: caller)
            case .erase: try await erase(parameter, by: caller)
            case .reservations: try await reservations(request.uri, by: caller)
            case .merge: try await merge(body, by: caller)
            case .unmerge: try await undoMerge(parameter, by: caller)
            case .conflicts: try await conflicts(request.uri, by: caller)
            case .keepApart: try await keepApart(body, by: caller)
            case .scrub, .postImport, .postScrub: answer(problem: .noSuchPath)
            case .jobList(let family): jobList(family, by: caller)
            case .job(let family): try job(family, parameter, by: caller)
            case .endJob(let family): try await endJob(family, parameter, by: caller)
            case .refusedRows: try refusedRows(parameter, by: caller)
            case .scrubbed(let part): try scrubbed(part, parameter, by: caller)
            case .registries: registries()
            case .stream: try stream(request, by: caller)
            case .inbound: try await inbound(body, by: caller)
            case .links(let kind): try links(kind, body, by: caller)
            case .page(let page): await show(page, token: parameter, request, body)
            case .policies: policyList()
            case .policy: try policyText(parameter)
            case .health: health()
            case .readiness: readiness()
            case .metrics: metricsText()
            case .description: ColdAnswer(200, "application/yaml", ByteBuffer(string: openAPIText))
            }
        } catch {
            return answer(problem: error)
        }
    }

    /// By the key of the request or, without one, by the certificate of the connection.
    private func authenticate(_ request: Request, on channel: any NIOCore.Channel) async -> Caller? {
        guard var field = request.headers[.authorization] else {
            guard configuration.certificates?.files.clientAuthorities != nil,
                let certificate = try? await channel.nioSSL_peerCertificate().get()?.toDERBytes()
            else { return nil }
            return keys.admission(withCertificate: certificate, at: governor.clock.now())?.caller
        }
        return field.withUTF8 { bytes in
            BearerKey.find(in: UnsafeRawBufferPointer(bytes)).flatMap {
                keys.caller(withKey: $0, at: governor.clock.now())
            }
        }
    }

    private func collect(_ request: Request, _ route: ColdRoute) async throws(Problem) -> ByteBuffer {
        if route.bodyBytesMax > 0, !route.isPage, !JSONMediaType.isAcceptable(request.headers[.contentType]) {
            throw .mediaType
        }
        let most = max(route.bodyBytesMax, WireNothing.bodyBytesMax)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > most {
            throw .bodyTooLarge(most)
        }
        do {
            return try await request.body.collect(upTo: most)
        } catch is NIOTooManyBytesError {
            throw .bodyTooLarge(most)
        } catch {
            throw .incomplete
        }
    }

    func answer(problem: Problem) -> ColdAnswer {
        var buffer = ByteBuffer()
        problem.write(to: &buffer)
        var answer = ColdAnswer(problem.status, "application/problem+json", buffer)
        if problem.status == 503 { answer.headers[.retryAfter] = "1" }
        return answer
    }
}

/// An answer that is ready to be sent.
struct ColdAnswer: Sendable {
    var status: Int
    var headers: HTTPFields
    var body: ResponseBody

    init(_ status: Int, _ contentType: String, _ body: ResponseBody) {
        self.status = status
        self.body = body
        headers = [.contentType: contentType]
    }

    init(_ status: Int, _ contentType: String, _ body: ByteBuffer) {
        self.init(status, contentType, ResponseBody(byteBuffer: body))
    }

    init(_ status: Int = 200, estimate: Int = 1024, json: (inout JSONWriter) -> Void) {
        var buffer = ByteBuffer()
        buffer.writeJSON(estimate: estimate, json)
        self.init(status, "application/json", buffer)
    }

    /// Has a request counted as under way until the last byte of its answer is written.
    mutating func hold(_ lease: CallerBounds.Lease) {
        body = ResponseBody(contentLength: body.contentLength) { [body] writer in
            try await body.write(writer)
            withExtendedLifetime(lease) {}
        }
    }

    var response: Response {
        Response(status: HTTPResponse.Status(code: status), headers: headers, body: body)
    }
}

/// `application/json`, with any parameters but another charset than UTF-8; a body without a type is taken for it.
enum JSONMediaType {
    static func isAcceptable(_ field: String?) -> Bool {
        guard let field else { return true }
        let parts = field.lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy {
            !$0.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\"", "charset=utf8"].contains($0)
        }
    }
}

extension Problem: Error {}

extension CallerBounds.Refusal {
    /// For `Retry-After`.
    var seconds: Int {
        switch self {
        case .tooFast(let seconds): seconds
        case .tooMany: 1
        }
    }
}

/// A clock that never steps back, for limits by the second.
func steadyNanoseconds() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

extension Problem {
    static var keyRequired: Problem {
        var problem = Problem.unauthorized
        problem.deniesContact = false
        return problem
    }

    static func role(_ role: Role, _ roles: Set<Role>) -> Problem {
        let names = Role.allCases.filter { roles.contains($0) }.map(\.rawValue)
        return Problem(
            status: 403, code: "key.role", title: "The key's role may not do this",
            detail: "This key has the role \(role.rawValue); use one with the role \(names.joined(separator: ", ")).")
    }

    static func keyBatch(_ most: Int) -> Problem {
        let detail = "this key may send at most \(most) requests in one batch: split it"
        return Problem(
            status: 403, code: "key.batch", title: "The key is limited to smaller batches", detail: detail,
            errors: [Entry(path: "$.requests", code: "key.batch", detail: detail)], deniesContact: true)
    }

    init(_ refusal: CallerBounds.Refusal) {
        switch refusal {
        case .tooFast:
            self.init(
                status: 429, code: "key.rate", title: "The key asks too often",
                detail: "Wait as long as Retry-After says; `governor keys list` shows how often this key may ask.",
                deniesContact: true)
        case .tooMany(let most):
            self.init(
                status: 429, code: "key.concurrent", title: "The key asks too much at once",
                detail: "Wait until one of \(most) requests under way is answered.", deniesContact: true)
        }
    }

    static var noSuchPath: Problem {
        Problem(
            status: 404, code: "http.not_found", title: "There is nothing here",
            detail: "No operation has this path; /openapi.yaml lists them all.")
    }

    static func wrongMethod(_ allowed: [String]) -> Problem {
        Problem(
            status: 405, code: "http.method", title: "This path has another method",
            detail: "Use \(allowed.joined(separator: ", ")) here.")
    }

    static var noQuery: Problem { .query }

    static func bodyTooLarge(_ most: Int) -> Problem {
        Problem(
            status: 413, code: "http.body_too_large", title: "The body is too large",
            detail: "Send at most \(most) bytes here; split what is longer.")
    }

    static var incomplete: Problem {
        Problem(
            status: 400, code: "http.incomplete", title: "The request is not complete",
            detail: "The connection was closed in the middle of the body.")
    }
}
