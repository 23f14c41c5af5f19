import ArgumentParser
import Doctor
import Identity
import Settings

/// The command `gatehouse doctor`, which checks the running installation and reports what is wrong,
/// why it matters and how to fix it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the running installation and report what is wrong and how to cure it.",
        discussion: """
            Changes nothing and shows no secret. Run it as root: other users cannot read everything, \
            and the report lists the checks that were skipped. Exits with 0 if nothing is wrong, \
            with 1 if there are only warnings, with 2 if there is an error.
            """)

    @Option(
        help: ArgumentHelp(
            "The page's address; by default the server_name of nginx's site.",
            valueName: "https://host[:port]"))
    var site: String?

    @Option(help: "Check the site of the systemd unit gatehouse@<instance>.")
    var instance: String?

    @Flag(help: "Print the findings as a JSON array.")
    var json = false

    @Option(help: ArgumentHelp("The name or path of nginx's program.", valueName: "path"))
    var nginx = "nginx"

    @Option(help: ArgumentHelp("nginx's prefix (its -p).", valueName: "folder"))
    var nginxPrefix: String?

    @Option(help: ArgumentHelp("nginx's configuration (its -c).", valueName: "path"))
    var nginxConf: String?

    @Option(
        help: ArgumentHelp(
            "Certificates to trust instead of the system's, for your own authority.",
            valueName: "path"))
    var authority: String?

    func run() throws {
        let installation = Installation(try choices, variables: Environment.variables, now: .now)
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
                    throw ValidationError(
                        "\(instance.quoted) is not the name of an instance; for gatehouse@shop.service "
                            + "write shop")
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
