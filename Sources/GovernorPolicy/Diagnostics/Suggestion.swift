/// The word that a misspelt one was probably meant to be.
package enum Suggestion {
    /// The nearest of `words` within two edits, the first of several; `nil` when none is near enough.
    package static func nearest(to word: String, in words: some Sequence<String>) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in words where candidate != word {
            // Two edits make any word of two letters out of any other.
            let most = min(2, candidate.count / 2)
            if let distance = distance(word, candidate, most: most), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// `did you mean …?`, or `nil`.
    package static func hint(for word: String, in words: some Sequence<String>) -> String? {
        nearest(to: word, in: words).map { "did you mean \(quoted($0))?" }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`; `nil` past `most`.
    static func distance(_ a: String, _ b: String, most: Int) -> Int? {
        let a = Array(a.unicodeScalars)
        let b = Array(b.unicodeScalars)
        guard abs(a.count - b.count) <= most else { return nil }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[b.count] <= most ? last[b.count] : nil
    }
}
