/// The address and the device of the client that sent a request, as text for display.
public struct Client: Equatable, Sendable {
    /// The IP address as the web server writes it; empty if it is unknown.
    public let address: String
    /// The program and the operating system, such as `Firefox on Linux`; empty if both are
    /// unknown.
    public let device: String

    /// Creates a client.
    public init(address: String, device: String) {
        self.address = address
        self.device = device
    }
}
