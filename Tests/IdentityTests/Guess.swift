/// A login in a test of the throttle's rules, with numbers for names, networks and devices.
struct Guess {
    let account: Int
    /// The networks that contain the client, the narrowest first.
    let networks: [Int]
    /// The device, which keeps the cookie of its last login; `nil` for a client without cookies.
    let device: Int?
    let isRight: Bool

    init(
        _ account: Int, from networks: [Int], device: Int? = nil, isRight: Bool
    ) {
        self.account = account
        self.networks = networks
        self.device = device
        self.isRight = isRight
    }
}
