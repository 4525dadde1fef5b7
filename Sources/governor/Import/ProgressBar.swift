import Foundation
import Glibc

/// A line on the terminal that says how far a long work is; silent where stderr is none.
struct ProgressBar {
    private let title: String
    private let isShown: Bool
    private let began = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?

    private static let width = 28
    private static let interval = Duration.milliseconds(100)

    init(_ title: String, isShown: Bool = isatty(STDERR_FILENO) == 1) {
        self.title = title
        self.isShown = isShown
    }

    mutating func show(_ fraction: Double, rows: Int) {
        let now = ContinuousClock.now
        guard isShown, drawn.map({ $0.duration(to: now) >= Self.interval }) ?? true else { return }
        drawn = now
        let line = Self.line(title, fraction: fraction, rows: rows, seconds: began.duration(to: now) / .seconds(1))
        FileHandle.standardError.write(Data("\r\u{1b}[K\(line)".utf8))
    }

    /// Wipes the line.
    func end() {
        if drawn != nil { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }

    static func line(_ title: String, fraction: Double, rows: Int, seconds: Double) -> String {
        let fraction = min(1, max(0, fraction))
        let full = Int(fraction * Double(width))
        let bar = String(repeating: "=", count: full) + String(repeating: " ", count: width - full)
        let rate = seconds > 0 ? Int(Double(rows) / seconds) : 0
        var line = "\(title) [\(bar)] \(Int(fraction * 100)) %  \(grouped(rate)) rows/s"
        if fraction > 0.001 && seconds > 0.5 {
            let left = Int((seconds / fraction - seconds).rounded(.up))
            let (minutes, rest) = left.quotientAndRemainder(dividingBy: 60)
            line += "  \(minutes):\(rest < 10 ? "0" : "")\(rest) left"
        }
        return line
    }

    /// `12,345`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0 && index % 3 == 0 && digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
