/// Columns with two spaces between them: the first to the left, the others to the right.
enum TextTable {
    /// - Parameters:
    ///   - rows: all of one length; the first is the head.
    ///   - leftCount: columns that stand to the left.
    static func text(_ rows: [[String]], leftCount: Int = 1) -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let room = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += "  " }
                line += column < leftCount ? cell + room : room + cell
            }
            return line + "\n"
        }.joined()
    }
}
