/// The error that is thrown if nginx rejects its configuration.
struct NginxRejection: Error, Equatable, CustomStringConvertible {
    /// nginx's own message, with the file and the line.
    let reason: String

    var description: String { "nginx rejects the configuration: \(reason)" }
}
