import Glibc
import TestSupport
import Testing

@testable import Settings

struct ListenAddressTests {
    @Test(arguments: [
        ("unix:/run/x.sock", ListenAddress.unix(path: "/run/x.sock")),
        ("unix:/a:b", .unix(path: "/a:b")),
        ("tcp:127.0.0.1:9000", .tcp(host: "127.0.0.1", port: 9000)),
        ("tcp:localhost:1", .tcp(host: "localhost", port: 1)),
        ("tcp:[::1]:65535", .tcp(host: "::1", port: 65535)),
        ("fd:0", .descriptor(0)), ("fd:3", .descriptor(3)),
    ])
    func `an address is parsed`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
    }

    @Test(arguments: [
        "", "unix", "unix:", "unix:run/x.sock", "tcp:", "tcp:9000", "tcp::9000", "tcp:h:0",
        "tcp:h:65536", "tcp:h:", "tcp:h:+1", "tcp:::1:9000", "tcp:[::1]", "tcp:[h]:9000",
        "tcp:a b:1",
        "tcp:http://h:1", "fd:", "fd:-1", "fd:1", "fd:2", "fd:x", "fd:99999999999", "UNIX:/x", "/x",
        "http://x", "unix:/" + String(repeating: "x", count: 107), "unix:/a\0b",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try ListenAddress(text) }
    }

    @Test func `a socket path may have 107 bytes, the system's limit`() throws {
        _ = try ListenAddress("unix:/" + String(repeating: "x", count: 106))
    }

    @Test func `a socket passed to this process is used`() throws {
        let settings = try ServerSettings(
            environment: environment(["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "1"]))

        #expect(settings.listenAddress == .descriptor(3))
    }

    @Test func `an address in the settings takes precedence over a passed socket`() throws {
        let settings = try ServerSettings(
            environment: environment([
                "LISTEN_PID": "\(getpid())", "LISTEN_FDS": "1", "GATEHOUSE_LISTEN": "unix:/x",
            ]))

        #expect(settings.listenAddress == .unix(path: "/x"))
    }

    @Test(arguments: [
        ["LISTEN_PID": "1", "LISTEN_FDS": "1"], ["LISTEN_FDS": "1"],
        ["LISTEN_PID": "\(getpid())"], ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "0"],
        ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "x"],
    ])
    func `a socket passed to another process is not used`(
        variables: [String: String?]
    ) throws {
        let settings = try ServerSettings(environment: environment(variables))

        #expect(settings.listenAddress == .unix(path: "/run/gatehouse/gatehouse.sock"))
    }

    @Test(arguments: [("metrics:gatehouse.socket", 4, 3), ("x:metrics", 3, 4)])
    func `the passed socket named metrics serves metrics`(
        names: String, main: Int32, metrics: Int32
    ) throws {
        let settings = try ServerSettings(
            environment: environment([
                "LISTEN_PID": "\(getpid())", "LISTEN_FDS": "2", "LISTEN_FDNAMES": names,
            ]))

        #expect(settings.listenAddress == .descriptor(main))
        #expect(settings.metricsAddress == .descriptor(metrics))
    }

    @Test func `metrics are off by default`() throws {
        #expect(try ServerSettings(environment: environment()).metricsAddress == nil)
        let settings = try ServerSettings(
            environment: environment(["GATEHOUSE_METRICS_LISTEN": "unix:/m"]))
        #expect(settings.metricsAddress == .unix(path: "/m"))
    }

    @Test func `metrics cannot share nginx's address`() throws {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(
                environment: environment([
                    "GATEHOUSE_LISTEN": "unix:/x", "GATEHOUSE_METRICS_LISTEN": "unix:/x",
                ]))
        }

        #expect(error.description.hasPrefix("GATEHOUSE_METRICS_LISTEN: is the same address as"))
    }

    @Test func `two passed sockets are rejected`() throws {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(
                environment: environment(["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "2"]))
        }

        #expect(error.description.hasPrefix("GATEHOUSE_LISTEN: systemd passes 2 sockets"))
    }

    @Test(arguments: [
        ("tcp:127.0.0.1:9", false), ("tcp:[::1]:9", false), ("tcp:localhost:9", false),
        ("unix:/x", false), ("tcp:0.0.0.0:9", true), ("tcp:10.0.0.1:9", true), ("tcp:[::]:9", true),
    ])
    func `a port that other machines can reach gives a warning`(text: String, isQuestionable: Bool)
        throws
    {
        let settings = try ServerSettings(environment: environment(["GATEHOUSE_LISTEN": text]))

        #expect(settings.warnings.map(\.name).contains("GATEHOUSE_LISTEN") == isQuestionable)
    }
}
