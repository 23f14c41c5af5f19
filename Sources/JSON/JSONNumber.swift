/// A JSON number, as the `Double` that JavaScript reads and as an exact integer.
public struct JSONNumber: Equatable, Sendable {
    /// The `Double` that is nearest to the number.
    ///
    /// As in JavaScript, it is infinite if the number exceeds the range of a `Double`.
    public let double: Double
    /// The exact value if the number is an integer, even if a `Double` cannot represent it.
    ///
    /// `1.0` and `1e3` are integers too. The value is `nil` for fractions and for integers beyond
    /// 64 bits. If the number was written with a decimal point or an exponent, the value is also
    /// `nil` beyond 2^53, because a `Double` cannot represent every integer there.
    public let integer: Int64?

    /// Makes a number that was written without a decimal point or an exponent.
    init(_ integer: Int64) {
        self.integer = integer
        double = Double(integer)
    }

    /// Makes a number that was written in any other form or does not fit in 64 bits.
    init(_ double: Double) {
        self.double = double
        // The conversion to `Int64` rounds towards zero. It cannot trap, because the comparison
        // excludes large values and NaN.
        let whole = double.magnitude <= 0x1p53 ? Int64(double) : 0
        integer = Double(whole) == double ? whole : nil
    }
}
