/// A listening socket that systemd opened, and its name in the socket unit.
struct PassedSocket {
    let name: String
    let descriptor: Int32
}
