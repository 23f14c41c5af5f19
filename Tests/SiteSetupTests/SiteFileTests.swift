import Doctor
import Settings
import Testing

@testable import SiteSetup

struct SiteFileTests {
    private func file(root: String) -> SiteFile {
        SiteFile(
            host: "www.example.com",
            certificates: CertificatePair(certificate: "/c.pem", key: "/c.key"), root: root)
    }

    @Test(arguments: [
        ("/srv/page", "root /srv/page;"), ("/srv/my page", #"root "/srv/my page";"#),
        ("/srv/a;b", #"root "/srv/a;b";"#), ("/srv/a{b}", #"root "/srv/a{b}";"#),
        ("/srv/'a'#", #"root "/srv/'a'#";"#),
    ])
    func `a path is quoted if nginx would read it as several words`(
        root: String, line: String
    ) throws {
        let text = try file(root: root).text
        #expect(text.hasPrefix("# The site's name"))
        #expect(text.contains("\n\(line)\n"))
        let read = try NginxDirective.parse(Array(text.utf8))
        #expect(
            read.map(\.name) == ["server_name", "ssl_certificate", "ssl_certificate_key", "root"])
        #expect(read.last?.arguments == [root])
    }

    @Test(arguments: ["/srv/$host", "/srv/a\nb", #"/srv/a"b"#, #"/srv/a\b"#])
    func `a path that nginx cannot read is refused`(root: String) {
        #expect(throws: CommandError.self) { try file(root: root).text }
    }
}
