/// A property that must hold in every run.
enum Property: String {
    /// No token that an honest client presents is refused.
    case tabs = "P1"
    /// Thief and owner cannot both continue to refresh.
    case alternation = "P3a"
    /// Using an access token reveals the thief.
    case use = "P3b"
    /// The window closes once the newest generation is in use.
    case closing = "P3c"
    /// No client can prevent a generation from being exchanged.
    case keeping = "P3d"
    /// Nothing is accepted after a logout.
    case logout = "P4"
}
