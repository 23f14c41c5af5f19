/// A listening socket that systemd passed to this process, and its name in the socket unit.
struct PassedSocket {
    let name: String
    let descriptor: Int32
}
