import Settings

/// Names of other scripts as DNS has them: `xn--bcher-kva` is bücher (RFC 3492).
enum Punycode {
    // The parameters of section 5.
    private static let (base, least, most, skew, damp) = (36, 1, 26, 38, 700)

    /// What a label stands for; the label as it is where it is none of these.
    static func decoded(_ label: String) -> String {
        guard label.hasPrefix("xn--"), label.utf8.allSatisfy({ $0 < 0x80 }) else { return label }
        let text = Array(label.utf8.dropFirst(4))
        var scalars: [Int] = []
        var rest = text[...]
        if let hyphen = text.lastIndex(of: UInt8(ascii: "-")) {
            scalars = text[..<hyphen].map { Int($0) }
            rest = text[(hyphen + 1)...]
        }
        guard let scalars = inserting(rest, into: scalars) else { return label }
        let characters = scalars.compactMap { Unicode.Scalar(UInt32($0)) }
        guard characters.count == scalars.count, !characters.isEmpty else { return label }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: characters)
        return String(name)
    }

    /// Section 6.2.
    private static func inserting(_ digits: ArraySlice<UInt8>, into basic: [Int]) -> [Int]? {
        var (scalars, rest) = (basic, digits)
        var (scalar, index, bias) = (128, 0, 72)
        while !rest.isEmpty {
            let before = index
            var (weight, place) = (1, base)
            while true {
                guard let digit = rest.popFirst().flatMap(value) else { return nil }
                index += digit * weight
                let threshold = min(max(place - bias, least), most)
                if digit < threshold { break }
                weight *= base - threshold
                place += base
                guard index < 1 << 40, weight < 1 << 40 else { return nil }
            }
            let count = scalars.count + 1
            bias = adapted(index - before, count, isFirst: before == 0)
            scalar += index / count
            index %= count
            guard scalar <= 0x10FFFF else { return nil }
            scalars.insert(scalar, at: index)
            index += 1
        }
        return scalars
    }

    /// Section 6.1.
    private static func adapted(_ difference: Int, _ count: Int, isFirst: Bool) -> Int {
        var difference = isFirst ? difference / damp : difference / 2
        difference += difference / count
        var place = 0
        while difference > (base - least) * most / 2 {
            difference /= base - least
            place += base
        }
        return place + (base - least + 1) * difference / (difference + skew)
    }

    private static func value(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x61...0x7A: Int(digit) - 0x61
        case 0x41...0x5A: Int(digit) - 0x41
        case 0x30...0x39: Int(digit) - 0x30 + 26
        default: nil
        }
    }
}
