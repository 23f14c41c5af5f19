import ArgumentParser
import Glibc
import Settings
import SiteSetup

/// The command `gatehouse site`, which writes nginx's settings for a host.
struct SiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Set up nginx's site for a host name.",
        discussion: """
            Writes the site's name, certificate and web root for nginx, enables the site, and \
            checks the configuration. If something is wrong, nothing is changed. Run it again to \
            change a value; what is not given stays as it is.
            """)

    @Argument(help: "The name under which people reach the site, such as www.example.com.")
    var host: String

    @Option(help: ArgumentHelp("The folder with index.html.", valueName: "folder"))
    var root: String?

    @Option(
        help: ArgumentHelp(
            """
            The certificate and its chain in PEM; by default the one that the site has, or \
            certbot's for a new host.
            """,
            valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's private key in PEM.", valueName: "file"))
    var key: String?

    @Option(help: "Set up a further site, that of the systemd unit gatehouse@<name>.")
    var name: String?

    func run() throws {
        let setup: SiteSetup
        do throws(InvalidValue) {
            setup = SiteSetup(
                try HostName(host), site: try SiteName(name), root: root,
                certificates: try certificates)
        } catch {
            throw ValidationError(error.reason)
        }
        guard geteuid() == 0 else {
            throw CommandError("only root can change nginx's settings; run the command with sudo")
        }
        print(try setup.run().text)
    }

    private var certificates: CertificatePair? {
        get throws(InvalidValue) {
            switch (certificate, key) {
            case (nil, nil): nil
            case (let certificate?, let key?): CertificatePair(certificate: certificate, key: key)
            default: throw InvalidValue("give both --certificate and --key, or neither")
            }
        }
    }
}
