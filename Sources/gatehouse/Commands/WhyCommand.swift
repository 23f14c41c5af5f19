import ArgumentParser
import Cryptography
import Identity
import Reports
import Settings
import Text

/// The command `gatehouse why`, which says why a person cannot sign in or was signed out.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a person cannot sign in now, or was signed out.",
        discussion: """
            Reads the database of GATEHOUSE_DATABASE, even while the server runs, and changes \
            nothing. Whether a login has to wait after wrong passwords can be said only with the \
            server's secret.
            """)

    @Argument(help: "The person's e-mail address, as they type it.")
    var email: String

    func run() async throws {
        try await withStore(createIfMissing: false) { store, settings in
            let passwords = try PasswordHasher(
                scheme: settings.passwordScheme, threads: 1, capacity: 1)
            defer { passwords.close() }
            let accounts = Accounts(store: store, passwords: passwords, topLevelDomains: nil)
            let sessions = try Self.tokens.map { tokens in
                Sessions(store: store, tokens: tokens, passwords: passwords)
            }
            print(try await report(accounts, sessions, in: store).text)
        }
    }

    private func report(
        _ accounts: Accounts, _ sessions: Sessions?, in store: any Store
    ) async throws -> SignInReport {
        var report = SignInReport(email: email, now: .now)
        do {
            report.account = try await accounts.find(email: email)
        } catch AuthError.accountNotFound {
            let known = try await accounts.list().map(\.email.asciiLowercased)
            report.similarAddress = email.asciiLowercased.nearest(in: known, atMost: 2)
        }
        if let account = report.account {
            report.sessions = try await accounts.sessions(of: account.id, at: report.now)
            for part in SignInReport.Part.allCases {
                report.events[part] = try await accounts.events(
                    Event.Filter(kinds: part.kinds, account: account.id, limit: part.limit))
            }
            for id in report.administrators {
                report.emails[id] = try await store.read { rows in
                    try rows.account(id: id)?.email
                }
            }
        }
        if let sessions { report.waits = try await waits(report, sessions) }
        return report
    }

    /// Returns how long a login to this account has to wait, for each network from which someone
    /// has recently tried to log in.
    private func waits(
        _ report: SignInReport, _ sessions: Sessions
    ) async throws -> [Sessions.LoginWait] {
        var waits: [Sessions.LoginWait] = []
        // The empty address stands for all other networks.
        for address in report.addresses + [""] {
            let wait = try await sessions.loginWait(as: email, from: address, at: report.now)
            if let wait, !waits.contains(wait) { waits.append(wait) }
        }
        return waits
    }

    /// The server's signing keys, from which the keys of the failure counters are derived; nil if
    /// this user may not read the signing keys.
    private static var tokens: Tokens? {
        get throws {
            var reader = SettingsReader.present
            reader.installedSecret = reader.file.installedSecret
            guard let keyring = reader.keyring() else { return nil }
            let secrets = keyring.keys.map(\.secret.bytes)
            return try Tokens(
                secret: secrets[0], formerSecrets: Array(secrets.dropFirst()), accessLifetime: 1,
                refreshLifetime: 1)
        }
    }
}
