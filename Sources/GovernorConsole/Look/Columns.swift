import GovernorPages

/// Columns over time, what was allowed below and what was denied above it, the latter striped, so that no colour is needed.
struct Columns {
    let values: [(allow: Int, deny: Int)]
    /// One per value; empty for none.
    let labels: [String]
    let label: String
    let number: (Int) -> String

    private static let width = 640.0
    private static let height = 180.0
    private static let left = 40.0

    var html: HTML {
        let most = max(values.map { $0.allow + $0.deny }.max() ?? 0, 1)
        let top = Self.round(most)
        let scale = (Self.height - 24) / Double(top)
        return HTML.element(
            "svg",
            [
                Attribute("class", "chart"), Attribute("viewBox", "0 0 \(Int(Self.width)) \(Int(Self.height))"),
                Attribute("role", "img"), Attribute("aria-label", label),
            ]
        ) {
            Self.pattern
            for step in Set([0, top / 2, top]).sorted() {
                line(y: Self.height - 18 - Double(step) * scale)
                Chart.text(
                    number(step), x: Self.left - 6, y: Self.height - 14 - Double(step) * scale, anchor: "end")
            }
            for i in values.indices { column(i, scale) }
        }
    }

    private func column(_ i: Int, _ scale: Double) -> HTML {
        let slot = (Self.width - Self.left) / Double(max(values.count, 1))
        let x = Self.left + Double(i) * slot + slot * 0.12
        let (allow, deny) = (Double(values[i].allow) * scale, Double(values[i].deny) * scale)
        let base = Self.height - 18
        return HTML {
            if allow > 0 { Chart.rect("allow", x: x, y: base - allow, width: slot * 0.76, height: allow) }
            if deny > 0 {
                HTML.element(
                    "rect",
                    [
                        Attribute("fill", "url(#stripes)"), Attribute("x", Chart.number(x)),
                        Attribute("y", Chart.number(base - allow - deny)),
                        Attribute("width", Chart.number(slot * 0.76)), Attribute("height", Chart.number(deny)),
                    ])
            }
            if labels.indices.contains(i), !labels[i].isEmpty {
                Chart.text(labels[i], x: x, y: Self.height - 3, anchor: "start")
            }
        }
    }

    private static let pattern: HTML = HTML.element("defs") {
        HTML.element(
            "pattern",
            [
                Attribute("id", "stripes"), Attribute("width", "5"), Attribute("height", "5"),
                Attribute("patternUnits", "userSpaceOnUse"), Attribute("patternTransform", "rotate(45)"),
            ]
        ) {
            HTML.element("rect", [Attribute("class", "deny"), Attribute("width", "5"), Attribute("height", "5")])
            HTML.element(
                "line",
                [
                    Attribute("class", "stripe"), Attribute("x1", "0"), Attribute("y1", "0"), Attribute("x2", "0"),
                    Attribute("y2", "5"),
                ])
        }
    }

    /// A round number that is not below `value`.
    static func round(_ value: Int) -> Int {
        var step = 1
        while true {
            for factor in [1, 2, 4, 5] where factor * step >= value { return factor * step }
            step *= 10
        }
    }

    private func line(y: Double) -> HTML {
        HTML.element(
            "line",
            [
                Attribute("class", "grid"), Attribute("x1", Chart.number(Self.left)), Attribute("y1", Chart.number(y)),
                Attribute("x2", Chart.number(Self.width)), Attribute("y2", Chart.number(y)),
            ])
    }
}

/// A name with its number and a bar for its share of the most.
struct BarLine {
    let name: String
    let value: String
    let part: Int
    let most: Int
    /// The share of `part` that was denied; drawn over it.
    var denied = 0

    var html: HTML {
        li {
            div(Attribute("class", "row")) {
                span { name }
                span { value }
            }
            HTML.element(
                "svg",
                [
                    Attribute("class", "barline"), Attribute("viewBox", "0 0 100 4"),
                    Attribute("preserveAspectRatio", "none"), Attribute("aria-hidden", "true"),
                ]
            ) {
                Chart.rect("rail", x: 0, y: 0, width: 100, height: 4)
                if most > 0 {
                    Chart.rect("part", x: 0, y: 0, width: 100 * Double(part) / Double(most), height: 4)
                    if denied > 0 {
                        Chart.rect("stop", x: 0, y: 2.4, width: 100 * Double(denied) / Double(most), height: 1.6)
                    }
                }
            }
        }
    }
}

/// The hours of a week as squares, the fuller the busier.
struct HeatMap {
    /// By day (Monday first), then hour.
    let values: [[Int]]
    let days: [String]
    let label: String

    private static let cell = 24.0
    private static let left = 40.0
    private static let top = 18.0

    var html: HTML {
        let most = max(values.flatMap { $0 }.max() ?? 0, 1)
        let (width, height) = (Int(Self.left + 24 * Self.cell), Int(Self.top + 7 * Self.cell))
        return HTML.element(
            "svg",
            [
                Attribute("class", "chart"), Attribute("viewBox", "0 0 \(width) \(height)"), Attribute("role", "img"),
                Attribute("aria-label", label),
            ]
        ) {
            for hour in stride(from: 0, to: 24, by: 3) {
                Chart.text("\(hour)", x: Self.left + (Double(hour) + 0.5) * Self.cell, y: 12, anchor: "middle")
            }
            for day in values.indices {
                Chart.text(days[day], x: Self.left - 8, y: Self.top + (Double(day) + 0.64) * Self.cell, anchor: "end")
                for hour in values[day].indices { square(day, hour, values[day][hour], most) }
            }
        }
    }

    private func square(_ day: Int, _ hour: Int, _ value: Int, _ most: Int) -> HTML {
        let (x, y) = (Self.left + Double(hour) * Self.cell, Self.top + Double(day) * Self.cell)
        let side = max(3, (Self.cell - 2) * (Double(value) / Double(most)).squareRoot())
        let inset = (Self.cell - side) / 2
        return HTML {
            Chart.rect("cell", x: x + 1, y: y + 1, width: Self.cell - 2, height: Self.cell - 2)
            if value > 0 { Chart.rect("heat", x: x + inset, y: y + inset, width: side, height: side) }
        }
    }
}
