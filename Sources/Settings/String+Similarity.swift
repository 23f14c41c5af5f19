extension String {
    /// Returns the candidate that is most similar to this string; nil if none is similar enough.
    ///
    /// The edit distance to the candidate must be at most `maximum`, and at most a third of the
    /// candidate's length.
    package func nearest(in candidates: [String], atMost maximum: Int = .max) -> String? {
        let distances = candidates.map { (name: $0, distance: distance(to: $0)) }
        guard let best = distances.min(by: { $0.distance < $1.distance }),
            best.distance <= maximum, best.distance * 3 <= best.name.utf8.count
        else { return nil }
        return best.name
    }

    /// Returns the Levenshtein distance in bytes, which is the minimum number of insertions,
    /// deletions and replacements that turn one string into the other.
    private func distance(to other: String) -> Int {
        let other = Array(other.utf8)
        // Only one row of the Levenshtein table is kept. After i bytes of `self`, row[j] is the
        // distance from those i bytes to the first j bytes of `other`.
        var row = Array(0...other.count)
        for (i, byte) in utf8.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in other.indices {
                let changed = diagonal + (byte == other[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(changed, row[j] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
