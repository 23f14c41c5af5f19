import TestSupport
import Testing

@testable import Settings

struct RefreshWindowTests {
    @Test(
        arguments: [
            ("0", "15m", .zero), ("0s", "15m", .zero), ("1", "15m", .seconds(1)),
            ("14s", "15s", .seconds(14)), ("0", "1s", .zero), (nil, "11s", .seconds(10)),
            (nil, "10s", .seconds(5)), (nil, "5s", .milliseconds(2500)),
            (nil, "1s", .milliseconds(500)),
        ] as [(String?, String, Duration)])
    func `the refresh window is shorter than an access token's lifetime`(
        window: String?, access: String, expected: Duration
    ) throws {
        let settings = try ServerSettings(
            environment: environment([
                "GATEHOUSE_REFRESH_WINDOW": window, "JWT_EXPIRES_IN": access,
            ]))

        #expect(settings.refreshWindow == expected)
        #expect(settings.refreshWindow < settings.accessLifetime)
    }

    @Test(arguments: [("15s", "15s"), ("16s", "15s"), ("10s", "10s"), ("1", "1")])
    func `a refresh window longer than an access token's lifetime is rejected`(
        window: String, access: String
    )
        throws
    {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(
                environment: environment([
                    "GATEHOUSE_REFRESH_WINDOW": window, "JWT_EXPIRES_IN": access,
                ]))
        }

        #expect(error.problems.map(\.name) == ["GATEHOUSE_REFRESH_WINDOW"])
        #expect(error.description.contains("JWT_EXPIRES_IN"))
    }

    @Test func `an invalid lifetime is reported once`() throws {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(environment: environment(["JWT_EXPIRES_IN": "0"]))
        }

        #expect(error.problems.map(\.name) == ["JWT_EXPIRES_IN"])
    }

    @Test(
        arguments: [
            (nil, "15m", false), (nil, "10s", true), ("5s", "10s", false), ("0", "1s", false),
            ("60s", "15m", false), ("61s", "15m", true), ("2m", "15m", true),
        ] as [(String?, String, Bool)])
    func `a shortened default window and a long window give a warning`(
        window: String?, access: String, isQuestionable: Bool
    ) throws {
        let settings = try ServerSettings(
            environment: environment([
                "GATEHOUSE_REFRESH_WINDOW": window, "JWT_EXPIRES_IN": access,
            ]))

        #expect(
            settings.warnings.map(\.name).contains("GATEHOUSE_REFRESH_WINDOW") == isQuestionable)
    }

    @Test(arguments: [("15m", "10s"), ("10s", "5s"), ("5s", "2.5s"), ("1", "0.5s")])
    func `the effective window is shown`(access: String, shown: String) {
        var reader = SettingsReader(environment(["JWT_EXPIRES_IN": access]))
        _ = ServerSettings(&reader)

        let reading = reader.readings.first { $0.setting == .refreshWindow }
        #expect(reading?.value == shown)
        #expect(reading?.source == .defaultValue)
    }
}
