import Glibc

/// The result of `nginx -T`, which tests nginx's configuration and prints its files.
struct NginxDump {
    let isAccepted: Bool
    let text: String
    /// nginx's warnings and errors.
    let messages: String

    /// Runs `nginx -T`, which reads the configuration and does not start a server.
    ///
    /// - Throws: `Skipped` if nginx is not installed, or if only root can read its configuration.
    static func read(_ choices: Installation.Choices) throws -> NginxDump {
        let outcome = try ChildProcess.run(
            choices.nginx, ["-T", "-e", "stderr"] + choices.nginxArguments)
        if outcome.status != 0, geteuid() != 0, outcome.errors.contains("ermission denied") {
            throw Skipped("only root can read nginx's configuration")
        }
        return NginxDump(
            isAccepted: outcome.status == 0, text: outcome.output, messages: outcome.errors)
    }
}
