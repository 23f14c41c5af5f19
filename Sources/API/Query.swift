import FastCGI
import Identity

/// Reads parameters from the query of a request and collects a message for each violation.
///
/// The wording of the messages is that of `Validation`. Unknown parameters are ignored.
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

    /// The values of all parameters with this name, not percent-decoded.
    func values(of name: String) -> [Substring.UTF8View] {
        pairs.compactMap { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let given = FastCGIRequest.percentDecoded(Substring(pair[..<(equals ?? pair.endIndex)]))
            guard let given, given.utf8.elementsEqual(name.utf8) else { return nil }
            return equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...]
        }
    }

    /// Reads a string parameter; `nil` if it is missing, repeated or wrongly encoded.
    ///
    /// A plus sign stands for a space, as in HTML forms and `URLSearchParams`.
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

    /// Reads an integer parameter in decimal digits; `nil` if it is missing, repeated or not a
    /// number.
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
        // Clamp a number that does not fit in 64 bits, so that the check of the range applies to it
        // too.
        let number = Int(String(Substring(value))) ?? (isNegative ? .min : .max)
        if number < range.lowerBound {
            violations.append("\"\(name)\" must be greater than or equal to \(range.lowerBound)")
        } else if number > range.upperBound {
            violations.append("\"\(name)\" must be less than or equal to \(range.upperBound)")
        }
        return number
    }

    /// Reads a Boolean parameter; `false` if it is missing or invalid.
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

    /// Throws if a parameter that was read violates a rule.
    ///
    /// - Throws: `APIError.invalid` with all violations.
    func finish() throws {
        guard violations.isEmpty else { throw APIError.invalid(violations) }
    }
}
