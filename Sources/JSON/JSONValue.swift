/// A member's value, read one level deep.
///
/// All that Gatehouse reads (request bodies, token headers and claims) is flat. An array or an
/// object inside is validated and its contents dropped: it only has to be told from a string.
public enum JSONValue: Equatable, Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number, also one beyond the range of a `Double`.
    case number(JSONNumber)
    /// A string, decoded; what is not valid Unicode in it has become U+FFFD.
    case string(String)
    /// An array, whatever it holds.
    case array
    /// An object, whatever it holds.
    case object

    /// The string, if the value is one.
    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The whole number, if the value is a number and exactly that.
    public var integer: Int64? {
        if case .number(let number) = self { number.integer } else { nil }
    }
}

/// A number as JavaScript has it, and as the whole number it was written as.
public struct JSONNumber: Equatable, Sendable {
    /// The nearest `Double`; infinite when the text is beyond its range, as in JavaScript.
    public let double: Double
    /// The exact whole number, also where a `Double` has no room for all its digits.
    ///
    /// `1.0` and `1e3` are whole too. It is `nil` for a fraction, for digits beyond 64 bits, and,
    /// written with point or exponent, for what is beyond 2^53, where a `Double` skips numbers.
    public let integer: Int64?

    /// Makes the number of digits written without point and exponent.
    init(_ integer: Int64) {
        self.integer = integer
        double = Double(integer)
    }

    /// Makes the number of any other text.
    init(_ double: Double) {
        self.double = double
        // Rounded towards zero: the conversion is safe within the bound, which keeps NaN out too.
        let whole = double.magnitude <= 0x1p53 ? Int64(double) : 0
        integer = Double(whole) == double ? whole : nil
    }
}
