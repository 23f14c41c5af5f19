import FastCGI
import Identity

/// Reads the query of a request and collects its violations, in the words of `Validation`.
///
/// Unknown parameters are ignored.
struct Query {
    private let pairs: [Substring.UTF8View]
    private var violations: [String] = []

    init(of request: FastCGIRequest) {
        let bytes = request.target[...].utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else {
            pairs = []
            return
        }
        pairs = bytes[bytes.index(after: mark)...].split(separator: UInt8(ascii: "&"))
    }

    /// The values of a parameter, not decoded.
    func values(of name: String) -> [Substring.UTF8View] {
        pairs.compactMap { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let given = FastCGIRequest.percentDecoded(Substring(pair[..<(equals ?? pair.endIndex)]))
            guard let given, given.utf8.elementsEqual(name.utf8) else { return nil }
            return equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...]
        }
    }

    /// A text parameter; `nil` if it is missing.
    ///
    /// A plus is a blank, as in forms and URLSearchParams.
    mutating func text(_ name: String, rules: (String) -> [String] = { _ in [] }) -> String? {
        let values = values(of: name)
        guard let value = values.first else { return nil }
        let blank = UInt8(ascii: " ")
        let spaced = value.map { $0 == UInt8(ascii: "+") ? blank : $0 }
        guard values.count == 1,
            let text = FastCGIRequest.percentDecoded(String(decoding: spaced, as: UTF8.self))
        else {
            violations.append("\"\(name)\" must be a string")
            return nil
        }
        violations += rules(text)
        return text
    }

    /// An integer parameter in decimal digits; `nil` if it is missing.
    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        let values = values(of: name)
        guard let value = values.first else { return nil }
        let isNegative = value.first == UInt8(ascii: "-")
        let digits = value.dropFirst(isNegative ? 1 : 0)
        guard values.count == 1, !digits.isEmpty,
            digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else {
            violations.append("\"\(name)\" must be a number")
            return nil
        }
        // A number that does not fit in 64 bits is outside the range too.
        let number = Int(String(Substring(value))) ?? (isNegative ? .min : .max)
        if number < range.lowerBound {
            violations.append("\"\(name)\" must be greater than or equal to \(range.lowerBound)")
        } else if number > range.upperBound {
            violations.append("\"\(name)\" must be less than or equal to \(range.upperBound)")
        }
        return number
    }

    /// A Boolean parameter; `false` if it is missing.
    mutating func flag(_ name: String) -> Bool {
        let values = values(of: name)
        guard let value = values.first else { return false }
        if values.count == 1 {
            if value.elementsEqual("true".utf8) { return true }
            if value.elementsEqual("false".utf8) { return false }
        }
        violations.append("\"\(name)\" must be a boolean")
        return false
    }

    /// Ends the reading.
    ///
    /// - Throws: `APIError.invalid` with all violations.
    func finish() throws {
        guard violations.isEmpty else { throw APIError.invalid(violations) }
    }
}
