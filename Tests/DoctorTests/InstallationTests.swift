import Identity
import Settings
import Testing

@testable import Doctor

struct InstallationTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    @Test func `an instance has its own files`() throws {
        var choices = Installation.Choices()
        choices.instance = "shop"
        let installation = Installation(choices, variables: ["PATH": "/usr/bin"], now: now)
        #expect(try installation.databasePath == "/var/lib/gatehouse@shop/gatehouse.db")
        #expect(try installation.socketPath == "/run/gatehouse@shop/gatehouse.sock")
        #expect(
            installation.reader.environment["JWT_SECRET_FILE"] == "/etc/gatehouse/jwt-secret@shop")
        #expect(installation.unit == "gatehouse@shop")
    }

    @Test func `settings override the values of the unit file`() throws {
        let installation = Installation(
            .init(),
            variables: [
                "JWT_SECRET": "0123456789abcdefghijklmnopqrstuvwxyz", "GATEHOUSE_SETTINGS": "",
                "GATEHOUSE_DATABASE": "/srv/db", "GATEHOUSE_LISTEN": "tcp:127.0.0.1:9000",
            ], now: now)
        #expect(try installation.databasePath == "/srv/db")
        #expect(throws: Skipped.self) { try installation.socketPath }
        #expect(installation.reader.problems.isEmpty)
    }
}
