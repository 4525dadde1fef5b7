import Foundation
import Glibc

/// One TCP connection to a server of this machine, byte by byte; every wait ends after 20 seconds.
final class RawConnection {
    private let descriptor: Int32

    struct Failed: Error {
        let call: String
        let code = errno
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failed(call: "socket") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            throw Failed(call: "connect")
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw Failed(call: "send") }
            rest = rest.dropFirst(sent)
        }
    }

    /// The next answer, which must tell its length: status and body; `nil` when the server has ended the connection.
    func answer() throws -> (status: Int, body: [String: Any])? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard let byte = try read(1).first else {
                if head.isEmpty { return nil }
                throw Failed(call: "the head ended early")
            }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).lowercased().components(separatedBy: "\r\n")
        let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        let field = lines.first { $0.hasPrefix("content-length:") }?.dropFirst(15)
        var length = Int(field?.trimmingCharacters(in: .whitespaces) ?? "") ?? 0
        var body: [UInt8] = []
        while length > 0 {
            let piece = try read(length)
            if piece.isEmpty { throw Failed(call: "the body ended early") }
            body += piece
            length -= piece.count
        }
        return (status, try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:])
    }

    private func read(_ count: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &buffer, count, 0)
        guard got >= 0 else { throw Failed(call: "recv") }
        return Array(buffer[..<got])
    }
}
