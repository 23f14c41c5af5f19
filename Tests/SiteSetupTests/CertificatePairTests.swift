import Settings
import Testing

@testable import SiteSetup

struct CertificatePairTests {
    private let certbot = "/etc/letsencrypt/live/www.example.com/fullchain.pem"
    private let own = "/etc/ssl/certs/gatehouse.pem"

    private func candidates(_ present: [String: String]) throws -> [String] {
        try CertificatePair.candidates(
            for: HostName("www.example.com"), SiteName(nil), present: present
        ).map(\.certificate)
    }

    @Test func `the present certificate of the same host comes before that of certbot`() throws {
        var present = ["ssl_certificate": "/a.pem", "ssl_certificate_key": "/a.key"]
        #expect(try candidates(present) == [certbot, "/a.pem", own])
        present["server_name"] = "old.example.com"
        #expect(try candidates(present) == [certbot, "/a.pem", own])
        present["server_name"] = "www.example.com"
        #expect(try candidates(present) == ["/a.pem", certbot, own])
        present["ssl_certificate_key"] = nil
        #expect(try candidates(present) == [certbot, own])
    }

    @Test(arguments: [("www.pem", "/etc/www.key"), ("/etc/www.pem", "./www.key")])
    func `a path that does not begin with a slash is refused`(
        certificate: String, key: String
    ) throws {
        let pair = CertificatePair(certificate: certificate, key: key)
        let host = try HostName("www.example.com")
        let error = #expect(throws: CommandError.self) { try pair.verify(for: host) }
        #expect(error?.description.contains("is not an absolute path") == true)
    }
}
