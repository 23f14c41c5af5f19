/// A set of code points, written as ranges of hexadecimal numbers.
struct CodePoints: Sendable {
    private let ranges: [ClosedRange<UInt32>]

    /// Reads ranges such as `a8 2d8-2dd` in rising order.
    init(_ text: String) {
        ranges = text.split(whereSeparator: \.isWhitespace).compactMap { range in
            let bounds = range.split(separator: "-").compactMap { UInt32($0, radix: 16) }
            guard let first = bounds.first, let last = bounds.last, first <= last else {
                return nil
            }
            return first...last
        }
    }

    /// Whether the scalar is one of the set.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) }
    }
}

extension DomainName {
    /// The mapping step of UTS #46 at Unicode 15.0, which the Express backend had.
    ///
    /// The tables were made by asking its runtime (Node.js 20.20, `new URL("http://" + domain)`)
    /// about every code point, alone, between letters, and beside Hebrew and Arabic ones, and by
    /// taking out what the standard library's properties say as well. Most compatibility characters
    /// that become others than ASCII, such as half-width katakana, are left as they are: only the
    /// length of the encoded label depends on them.
    enum Mapping {
        /// What the scalar becomes, nothing perhaps, or nil when no domain name may hold it.
        static func replacement(for scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
            guard !scalar.isASCII else {
                switch scalar {
                case "a"..."z", "0"..."9", "-", ".": return [scalar]
                case "A"..."Z": return Array(scalar.properties.lowercaseMapping.unicodeScalars)
                default: return nil
                }
            }
            if ignored.contains(scalar) { return [] }
            guard isAllowed(scalar) else { return nil }
            return replacements[scalar] ?? Array(scalar.properties.lowercaseMapping.unicodeScalars)
        }

        private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
            // The two joiners are judged by what stands beside them.
            if scalar == "\u{200C}" || scalar == "\u{200D}" { return true }
            // Later characters were unknown to the backend; and so a newer standard library
            // changes no answer.
            guard let age = scalar.properties.age, age <= (15, 0) else { return false }
            switch scalar.properties.generalCategory {
            case .unassigned, .privateUse, .surrogate, .control, .format, .spaceSeparator,
                .lineSeparator, .paragraphSeparator:
                return false
            default: return !disallowed.contains(scalar)
            }
        }

        private static let ignored = CodePoints(
            "ad 34f 180b-180d 180f 200b 2060 2064 fe00-fe0f feff 1bca0-1bca3 e0100-e01ef")

        // Letters and symbols that UTS #46 disallows, or that become a blank or another ASCII
        // character which no host name holds.
        private static let disallowed = CodePoints(
            """
            a8 af b4 b8 2d8-2dd 37a 37e 384-385 4c0 10a0-10c5 115f-1160 17b4-17b5 1806 1fbd
            1fbf-1fc1 1fcd-1fcf 1fdd-1fdf 1fed-1fef 1ffd-1ffe 2017 2024-2026 203c 203e 2047-2049
            207a 207c-207e 208a 208c-208e 2100-2101 2105-2106 2132 2183 2474-24b5 2a74-2a76
            2ff0-2ffb 309b-309c 3164 3200-321e 3220-3243 33c2 33c7 33d8 fb29 fc5e-fc63 fdfa-fdfb
            fe10 fe12-fe16 fe19 fe30 fe33-fe38 fe47-fe50 fe52 fe54-fe57 fe59-fe5c fe5f-fe62
            fe64-fe66 fe68-fe6b fe70 fe72 fe74 fe76 fe78 fe7a fe7c fe7e ff01-ff0c ff0f ff1a-ff20
            ff3b-ff40 ff5b-ff5e ffa0 ffe3 fffc-fffd 1f100-1f10a 1f110-1f129
            """)

        /// The compatibility characters of ASCII letters, digits, hyphen and full stop.
        private static let replacements: [Unicode.Scalar: [Unicode.Scalar]] = {
            var replacements: [Unicode.Scalar: [Unicode.Scalar]] = [:]
            // By scalar: a combining mark and the blank before it are one Character.
            for run in runs.unicodeScalars.split(separator: ",") {
                let words = run.split(whereSeparator: \.properties.isWhitespace)
                guard let first = words.first, var next = UInt32(String(first), radix: 16) else {
                    continue
                }
                for word in words.dropFirst() {
                    for replacement in expanded(Array(word)) {
                        if let scalar = Unicode.Scalar(next) { replacements[scalar] = replacement }
                        next += 1
                    }
                }
            }
            return replacements
        }()

        /// `4-6` stands for `4 5 6`; other words for themselves.
        private static func expanded(_ word: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
            guard word.count == 3, word[1] == "-", word[0] < word[2] else { return [word] }
            return (word[0].value...word[2].value).compactMap(Unicode.Scalar.init).map { [$0] }
        }

        // Each run names its first code point and then what it and those after it become. The
        // long ones at the end are the mathematical alphabets, their holes included.
        private static let runs =
            """
            aa a, b2 2 3, b9 1 o, 132 ij ij, 13f l· l·, 149 ʼn, 17f s, 1c4 dž dž dž, 1c7 lj lj lj
            nj nj nj, 1f1 dz dz dz, 2b0 h, 2b2 j r, 2b7 w y, 2e1 l s x, 345 ι, e33 \u{E4D}\u{E32},
            eb3 \u{ECD}\u{EB2}, 1d2c a, 1d2e b, 1d30 d e, 1d33 g-n, 1d3c o, 1d3e p r t u w a, 1d47
            b d e, 1d4d g, 1d4f k m, 1d52 o, 1d56 p t u, 1d5b v, 1d62 i r u v, 1d9c c, 1da0 f,
            1dbb z, 1e9e ss, 2070 0 i, 2074 4-9, 207f n 0-9, 2090 a e o x, 2095 h k-n p s t, 20a8
            rs, 2102 c, 210a g h h h h, 2110 i i l l, 2115 n no, 2119 p-r r r, 2120 sm tel tm,
            2124 z, 2128 z, 212a k, 212c b c, 212f e e f, 2133 m o, 2139 i, 213b fax, 2145 d d e i
            j, 2160 i ii iii iv v vi vii viii ix x xi xii l c d m i ii iii iv v vi vii viii ix x
            xi xii l c d m, 2460 1-9 10 11 12 13 14 15 16 17 18 19 20, 24b6 a-z a-z 0, 2c7c j v,
            3002 ., 3250 pte 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35, 32b1 36 37 38 39 40 41
            42 43 44 45 46 47 48 49 50, 32cc hg erg ev ltd, 3371 hpa da au bar ov pc dm dm2 dm3
            iu, 3380 pa na, 3383 ma ka kb mb gb cal kcal pf nf, 338e mg kg hz khz mhz ghz thz,
            3396 ml dl kl fm nm, 339c mm cm km mm2 cm2 m2 km2 mm3 cm3 m3 km3, 33a9 pa kpa mpa gpa
            rad, 33b0 ps ns, 33b3 ms pv nv, 33b7 mv kv mv pw nw, 33bd mw kw mw, 33c3 bq cc cd,
            33c8 db gy ha hp in kk km kt lm ln log lx mb mil mol ph, 33d9 ppm pr sr sv wb, 33ff
            gal, a7f2 c f q, fb00 ff fi fl ffi ffl st st, fe63 -, ff0d - ., ff10 0-9, ff21 a-z,
            ff41 a-z, ff61 ., ff9e \u{3099} \u{309A}, 107a5 q, 1f12b c r cd wz, 1f130 a-z hv mv sd
            ss ppv wc, 1f16a mc md mr, 1f190 dj, 1fbf0 0-9, 1d400 a-z a-z a-z a-z a-z a-z a-z a-z
            a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z a-z, 1d7ce 0-9 0-9
            0-9 0-9 0-9
            """
    }
}
