import Text

/// The passwords that attackers try first.
///
/// A password is common if it is made of one or two pieces, with up to four digits or signs at
/// either end. A piece is an entry of the list, a repetition such as `aaaa` or a sequence such as
/// `1234`. Case does not matter, and digits and signs may stand for letters, as in `P@ssw0rd`. So
/// the rule also covers passwords that are longer than nearly all entries.
public enum CommonPasswords {
    /// The number of passwords in the list.
    public static var count: Int {
        list.utf8.split { isSeparator($0) }.count
    }

    /// Returns whether a password is common.
    static func contains(_ password: String) -> Bool {
        let text = password.utf8.map(\.asciiLowercased)
        guard let period = period(of: text) else { return isComposed(text) }
        // `abcabcabc` is as easy to guess as `abc`.
        return period <= maximumPeriod || isComposed(Array(text[..<period])) || isComposed(text)
    }

    private static let maximumPeriod = 4
    private static let maximumPieces = 2
    /// The maximum number of digits and signs at each end.
    private static let maximumAffix = 4
    /// The lengths of the entries of the list that count as pieces of a password.
    private static let lengths = 4...20

    private static func isComposed(_ text: [UInt8]) -> Bool {
        // The offsets at which the pieces so far can end. Before the first piece, these are the
        // possible ends of the leading digits and signs.
        var places = Set((0...maximumAffix).filter { isAffix(text.prefix($0), of: $0) })
        for _ in 1...maximumPieces {
            places = places.reduce(into: []) { $0.formUnion(ends(from: $1, in: text)) }
            if places.contains(where: { isAffix(text[$0...], of: text.count - $0) }) { return true }
        }
        return false
    }

    private static func isAffix(_ bytes: ArraySlice<UInt8>, of count: Int) -> Bool {
        bytes.count == count && count <= maximumAffix
            && bytes.allSatisfy {
                $0 < 0x80 && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
    }

    /// Returns the places at which a piece that begins at `start` can end.
    private static func ends(from start: Int, in text: [UInt8]) -> [Int] {
        var ends = lengths.map { start + $0 }.filter { end in
            end <= text.count && isListed(text[start..<end])
        }
        for period in 1...maximumPeriod {
            let end = end(from: start + period, in: text) { text[$0] == text[$0 - period] }
            if end - start >= max(3, 2 * period) { ends.append(end) }
        }
        for step in [UInt8(1), UInt8.max] {
            let end = end(from: start + 1, in: text) {
                follows(text[$0], text[$0 - 1], by: step)
            }
            if end - start >= 3 { ends.append(end) }
        }
        return ends
    }

    /// Returns the first place from `start` on at which a condition is false.
    private static func end(
        from start: Int, in text: [UInt8], while condition: (Int) -> Bool
    ) -> Int {
        var end = start
        while end < text.count, condition(end) { end += 1 }
        return min(end, text.count)
    }

    /// Returns whether `byte` continues an ascending or descending sequence after `before`.
    ///
    /// In a sequence, 0 is the digit after 9.
    private static func follows(_ byte: UInt8, _ before: UInt8, by step: UInt8) -> Bool {
        let (nine, zero) = (UInt8(ascii: "9"), UInt8(ascii: "0"))
        return byte == before &+ step || step == 1 && (before, byte) == (nine, zero)
            || step != 1 && (before, byte) == (zero, nine)
    }

    /// Returns the length of the shortest part whose repetition is the text.
    ///
    /// The last repetition may be cut off. The result is `nil` if the text repeats no part.
    private static func period(of text: [UInt8]) -> Int? {
        guard text.count >= 2 else { return nil }
        return (1...text.count / 2).first { period in
            (period..<text.count).allSatisfy { text[$0] == text[$0 - period] }
        }
    }

    private static func isListed(_ word: ArraySlice<UInt8>) -> Bool {
        if isEntry(word) { return true }
        let hasSign = word.contains { letter(for: $0, one: 0) != nil }
        return hasSign
            && [UInt8(ascii: "i"), UInt8(ascii: "l")].contains { one in
                isEntry(word.map { letter(for: $0, one: one) ?? $0 }[...])
            }
    }

    /// Returns the letter for which a digit or sign often stands.
    ///
    /// The digit 1 can stand for i and for l, so the caller passes the letter for it as `one`.
    private static func letter(for byte: UInt8, one: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "@"), UInt8(ascii: "4"): UInt8(ascii: "a")
        case UInt8(ascii: "3"): UInt8(ascii: "e")
        case UInt8(ascii: "0"): UInt8(ascii: "o")
        case UInt8(ascii: "$"), UInt8(ascii: "5"): UInt8(ascii: "s")
        case UInt8(ascii: "7"): UInt8(ascii: "t")
        case UInt8(ascii: "!"): UInt8(ascii: "i")
        case UInt8(ascii: "1"): one
        default: nil
        }
    }

    /// Finds a word in the list by binary search.
    private static func isEntry(_ word: ArraySlice<UInt8>) -> Bool {
        let bytes = list.utf8.span
        var (low, high) = (0, bytes.count)
        while low < high {
            var start = low + (high - low) / 2
            while start > low, !isSeparator(bytes[start - 1]) { start -= 1 }
            var end = start
            while end < high, !isSeparator(bytes[end]) { end += 1 }
            var (place, index) = (start, word.startIndex)
            while place < end, index < word.endIndex, bytes[place] == word[index] {
                place += 1
                index += 1
            }
            if place == end, index == word.endIndex { return true }
            let isBefore = index == word.endIndex || place < end && word[index] < bytes[place]
            if isBefore { high = start } else { low = end + 1 }
        }
        return false
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte <= 0x20 }
}
