extension JSONReader {
    mutating func readNumber(_ text: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = position
        let isDigitsOnly = try skipNumber(text)
        let span = text.extracting(start..<position)
        if isDigitsOnly, let integer = Self.integer(span) {
            // JavaScript distinguishes -0 from 0, but an integer cannot represent -0.
            return integer == 0 && span.count > 1 ? JSONNumber(-0.0) : JSONNumber(integer)
        }
        let digits = String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
        guard let double = Double(digits) else { throw .malformed }
        return JSONNumber(double)
    }

    /// Validates a number and moves the position to its end.
    ///
    /// - Returns: True if the number has neither a decimal point nor an exponent.
    mutating func skipNumber(_ text: Span<UInt8>) throws(JSONError) -> Bool {
        if peek(text) == UInt8(ascii: "-") {
            position += 1
        }
        if peek(text) == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits(text)
        }
        let end = position
        if peek(text) == UInt8(ascii: ".") {
            position += 1
            try skipDigits(text)
        }
        if let mark = peek(text), mark | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = peek(text), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                position += 1
            }
            try skipDigits(text)
        }
        return position == end
    }

    private mutating func skipDigits(_ text: Span<UInt8>) throws(JSONError) {
        let start = position
        while let byte = peek(text), byte &- UInt8(ascii: "0") < 10 {
            position += 1
        }
        guard position > start else { throw .malformed }
    }

    /// Returns the value of digits with an optional minus sign, or `nil` if it exceeds 64 bits.
    private static func integer(_ digits: Span<UInt8>) -> Int64? {
        let isNegative = digits[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? 1 : 0)..<digits.count {
            let digit = Int64(digits[index] - UInt8(ascii: "0"))
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            // Subtract the digits of a negative number, because `Int64.min` has no positive
            // counterpart.
            let (sum, more) =
                isNegative
                ? tenfold.subtractingReportingOverflow(digit)
                : tenfold.addingReportingOverflow(digit)
            if overflow || more { return nil }
            value = sum
        }
        return value
    }
}
