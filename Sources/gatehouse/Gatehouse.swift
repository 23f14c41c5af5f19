import ArgumentParser
import Directory
import Glibc
import Identity
import Settings

/// The `gatehouse` program and its subcommands.
@main
struct Gatehouse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Sign-in for single-page apps.",
        discussion: """
            A FastCGI server behind nginx. It reads its settings from the environment and a \
            file; `gatehouse check --explain` lists them.
            """,
        version: Release.version,
        subcommands: [
            Serve.self, CheckCommand.self, UserCommand.self, SessionCommand.self,
            EventsCommand.self, WhyCommand.self,
            PersonCommand.self, KeyCommand.self, BackupCommand.self, RestoreCommand.self,
            ImportCommand.self, SiteCommand.self, DoctorCommand.self,
        ])

    /// Parses the arguments and runs the command.
    ///
    /// Synchronous commands, such as `serve`, run on the process's first thread before any other
    /// thread starts. Signals that `serve` blocks are therefore blocked in every thread.
    @MainActor static func main() async {
        do {
            // Swift reads the arguments from /proc/self/cmdline. If /proc is not mounted, there are
            // no arguments, and `gatehouse serve` would print the usage and exit with 0.
            guard !CommandLine.arguments.isEmpty else {
                throw CommandError("the command line cannot be read; mount /proc")
            }
            if let typo = CommandTypo(in: Array(CommandLine.arguments.dropFirst())) {
                var standardError = StandardError()
                print("Error: \(typo)", to: &standardError)
                Glibc.exit(ExitCode.validationFailure.rawValue)
            }
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            // ArgumentParser prints its own errors and usage. An `ExitCode` needs no message.
            guard exitCode(for: error) == .failure, !(error is ExitCode) else {
                exit(withError: error)
            }
            var standardError = StandardError()
            print(explanation(of: error), to: &standardError)
            Glibc.exit(EXIT_FAILURE)
        }
    }

    private static func explanation(of error: any Error) -> String {
        switch error {
        case let error as SettingsError: error.description
        case let error as AuthError: "gatehouse: \(error.explanation)"
        case let error as DirectoryError: "gatehouse: \(error.explanation)"
        default: "gatehouse: \(error)"
        }
    }
}
