import ArgumentParser
import Doctor
import Glibc
import Settings

/// Looks at the running installation, and says what is wrong, why it matters and what cures it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check at the running installation and say what is wrong and what cures it.",
        discussion: """
            Changes nothing and shows no secret. Run it as root: what others may not look at, it \
            says. Exits with 0 where nothing is wrong, with 1 where something is doubtful, with 2 \
            where something is broken.
            """)

    @Option(
        help: ArgumentHelp(
            "The page's address; the name of nginx's site by default.",
            valueName: "https://host[:port]"))
    var site: String?

    @Option(help: "A further site of this machine: that of gatehouse@<instance>.")
    var instance: String?

    @Flag(help: "Print the findings as a JSON array.")
    var json = false

    @Option(help: ArgumentHelp("nginx's program.", valueName: "path"))
    var nginx = "nginx"

    @Option(help: ArgumentHelp("nginx's prefix (its -p).", valueName: "folder"))
    var nginxPrefix: String?

    @Option(help: ArgumentHelp("nginx's configuration (its -c).", valueName: "path"))
    var nginxConf: String?

    @Option(
        help: ArgumentHelp(
            "Certificates to trust in place of the system's, for an authority of your own.",
            valueName: "path"))
    var authority: String?

    func run() throws {
        let installation = Installation(try choices, variables: Environment.variables)
        let report = DoctorReport(of: installation)
        if json {
            print(Finding.json(of: report.findings))
            var standardError = StandardError()
            for line in report.skippedLines { print(line, to: &standardError) }
        } else {
            print(report.text)
        }
        guard report.status == 0 else { throw ExitCode(report.status) }
    }

    private var choices: Installation.Choices {
        get throws {
            var choices = Installation.Choices()
            do throws(InvalidValue) {
                choices.site = try site.map { text throws(InvalidValue) in try WebAddress(text) }
            } catch {
                throw ValidationError(error.reason)
            }
            if let instance {
                guard !instance.isEmpty, !instance.contains("/"), !instance.hasPrefix(".") else {
                    throw ValidationError("\(instance.quoted) is no instance of gatehouse@")
                }
            }
            choices.instance = instance
            choices.nginx = nginx
            choices.nginxArguments =
                (nginxPrefix.map { ["-p", $0] } ?? []) + (nginxConf.map { ["-c", $0] } ?? [])
            choices.authority = authority
            return choices
        }
    }
}
