import Identity
import TestSupport
import Testing

@testable import Settings

struct SettingsReportTests {
    @Test func `the report has a line for each setting with its value and source`() {
        var reader = SettingsReader(
            environment([
                "JWT_SECRET": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
                "JWT_EXPIRES_IN": " 1m ",
                "NODE_ENV": "development",
            ]))
        _ = ServerSettings(&reader)

        let lines = SettingsReport.report(of: reader).split(separator: "\n").map { line in
            line.split(separator: "  ").map { String($0).trimmingBlanks }
        }

        #expect(lines.count == Setting.all.count + 1)
        #expect(lines.contains(["JWT_SECRET", "(set, 43 bytes)", "environment"]))
        #expect(lines.contains(["JWT_EXPIRES_IN", "1m", "environment"]))
        #expect(lines.contains(["GATEHOUSE_PASSWORD_COST", "10", "default"]))
        #expect(lines.contains(["GATEHOUSE_ALLOWED_ORIGINS", "(none)", "default"]))
        #expect(lines.contains(["GATEHOUSE_ENVIRONMENT", "(NODE_ENV)", "default"]))
        #expect(lines.contains(["NODE_ENV", "development", "environment"]))
    }

    @Test func `a rejected value is shown as it was written`() {
        var reader = SettingsReader(environment(["GATEHOUSE_WORKERS": "two\n"]))
        _ = ServerSettings(&reader)

        #expect(SettingsReport.report(of: reader).contains("\"two\\u{a}\""))
    }

    @Test func `warnings are listed below the settings`() {
        var reader = SettingsReader(environment(["GATEHOUSE_PASSWORD_COST": "4"]))
        _ = ServerSettings(&reader)

        #expect(SettingsReport.report(of: reader).contains("\nwarning: GATEHOUSE_PASSWORD_COST: "))
    }

    @Test func `the explanation lists every setting with its format and default`() {
        for setting in Setting.all {
            #expect(SettingsReport.explanation.contains("\(setting.name)\n    \(setting.help)\n"))
            #expect(SettingsReport.explanation.contains("Format: \(setting.unit)."))
        }
    }
}
