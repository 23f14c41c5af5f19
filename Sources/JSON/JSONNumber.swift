/// A JSON number, as the `Double` that JavaScript reads and as an exact integer.
public struct JSONNumber: Equatable, Sendable {
    /// The nearest `Double`.
    ///
    /// It is infinite if the number exceeds the range, as in JavaScript.
    public let double: Double
    /// The exact integer, even if a `Double` cannot represent it.
    ///
    /// `1.0` and `1e3` are integers too. The value is `nil` for fractions and for integers beyond 64
    /// bits. With a decimal point or an exponent it is also `nil` beyond 2^53, where a `Double` cannot
    /// represent every integer.
    public let integer: Int64?

    /// Makes a number that was written without a decimal point and an exponent.
    init(_ integer: Int64) {
        self.integer = integer
        double = Double(integer)
    }

    /// Makes a number that was written in any other form.
    init(_ double: Double) {
        self.double = double
        // The conversion rounds towards zero and cannot trap: the comparison excludes large values and
        // NaN.
        let whole = double.magnitude <= 0x1p53 ? Int64(double) : 0
        integer = Double(whole) == double ? whole : nil
    }
}
