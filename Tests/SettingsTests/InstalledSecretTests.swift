import Glibc
import TestSupport
import Testing

@testable import Settings

struct InstalledSecretTests {
    private let secret = "x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg"

    @Test(arguments: [
        ("/etc/default/gatehouse", "/etc/gatehouse/jwt-secret"),
        ("/etc/default/gatehouse@shop", "/etc/gatehouse/jwt-secret@shop"),
        ("/etc/default/gatehouse-old", nil), ("/etc/default/gatehouse@a/b", nil),
        ("/srv/settings", nil), ("", nil),
    ])
    func `a settings file of the package has its own secret`(path: String, secret: String?) {
        let file = SettingsFile(environment: ["GATEHOUSE_SETTINGS": path])

        #expect(file.installedSecret == secret)
    }

    @Test func `a command that is not the server reads the installed secret`() throws {
        let file = try TemporaryFile(secret)
        var reader = SettingsReader(environment(["JWT_SECRET": nil]))
        reader.installedSecret = file.path

        _ = ServerSettings(&reader)

        #expect(reader.problems == [] && reader.warnings == [])
        #expect(reader.readings.first?.value == "(set, 32 bytes)")
        #expect(reader.readings.first?.source == .credential)
    }

    @Test func `a secret that is set is read instead of the installed one`() throws {
        let file = try TemporaryFile("short")
        var reader = SettingsReader(environment())
        reader.installedSecret = file.path

        #expect(ServerSettings(&reader) != nil)
        #expect(reader.readings.first?.source == .environment)
    }

    @Test func `without an installed secret, the secret is missing`() throws {
        var reader = SettingsReader(environment(["JWT_SECRET": nil]))
        reader.installedSecret = "/nonexistent/secret"

        _ = ServerSettings(&reader)

        #expect(reader.problems.map(\.name) == ["JWT_SECRET"])
    }

    @Test func `an installed secret that can be guessed is rejected`() throws {
        let file = try TemporaryFile(String(repeating: "a", count: 40))
        var reader = SettingsReader(environment(["JWT_SECRET": nil]))
        reader.installedSecret = file.path

        _ = ServerSettings(&reader)

        #expect(reader.problems.map(\.name) == ["JWT_SECRET"])
    }
}
