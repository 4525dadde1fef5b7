import GovernorPages

/// What charts share.
enum Chart {
    /// A coordinate with at most two digits behind the point.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole)." + (rest < 10 ? "0" : "") + "\(rest)"
    }

    static func text(_ text: String, x: Double, y: Double, anchor: String) -> HTML {
        HTML.element(
            "text",
            [Attribute("x", number(x)), Attribute("y", number(y)), Attribute("text-anchor", anchor)]
        ) { text }
    }

    static func rect(_ name: String, x: Double, y: Double, width: Double, height: Double, title: String? = nil) -> HTML
    {
        HTML.element(
            "rect",
            [
                Attribute("class", name), Attribute("x", number(x)), Attribute("y", number(y)),
                Attribute("width", number(max(0, width))), Attribute("height", number(max(0, height))),
            ]
        ) { if let title { HTML.element("title") { title } } }
    }
}
