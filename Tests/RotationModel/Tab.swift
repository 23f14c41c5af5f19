/// A tab of the owner's browser, with its refresh request or response in flight, if any.
struct Tab: Equatable {
    enum Phase: UInt8 { case idle, request, response }

    var phase = Phase.idle
    var position = TokenPosition.newest
    /// The time since the request was sent.
    var age = 0
    /// The signing key of the token, or the number of a script's attempt.
    var mark: UInt8 = 0
    /// Whether this is a response without a refresh token.
    var isBare = false

    static let idle = Tab()

    var code: UInt16 {
        UInt16(phase.rawValue) | UInt16(position.rawValue) << 2 | UInt16(mark) << 5
            | (isBare ? 64 : 0) | UInt16(age) << 7
    }

    init() {}

    init(phase: Phase, position: TokenPosition, age: Int = 0, mark: UInt8 = 0) {
        self.phase = phase
        self.position = position
        self.age = age
        self.mark = mark
    }

    init(code: UInt16) {
        phase = Phase(rawValue: UInt8(code & 3)) ?? .idle
        position = TokenPosition(rawValue: UInt8(code >> 2 & 7)) ?? .newest
        mark = UInt8(code >> 5 & 1)
        isBare = code & 64 != 0
        age = Int(code >> 7)
    }
}
