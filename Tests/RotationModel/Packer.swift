/// Packs small numbers into one large number.
struct Packer {
    /// An age takes 5 bits: -15 to 15, offset by `zeroAge`, or `noAge`.
    static let ageWidth: UInt128 = 5
    static let zeroAge = 15
    static let noAge = 31

    var bits: UInt128 = 0
    var count: UInt128 = 0

    mutating func add(_ value: Int, _ width: UInt128) {
        precondition(value >> Int(width) == 0, "a run is too large for its numbers")
        bits |= UInt128(truncatingIfNeeded: value) << count
        count += width
    }

    mutating func add(age: Int?) { add(age.map { $0 + Self.zeroAge } ?? Self.noAge, Self.ageWidth) }
}
