import Settings
import Testing

@testable import SiteSetup

struct EditedSettingsTests {
    private let listen = """
        listen 443 ssl http2;
        server_name www.example.com;
        # root /nowhere;
        ssl_certificate     "/etc/ssl/my certs/a.pem";
        ssl_certificate_key
            /etc/ssl/private/a.key; # mine
        location /old {
            root /srv/old;
        }
        location /more { root /srv/more; }
        root /usr/share/gatehouse/web;
        add_header X-Mine yes;

        """

    private func edited(_ listen: String) throws -> EditedSettings {
        try EditedSettings(listen: listen, at: "/etc/nginx/gatehouse/settings/listen.conf")
    }

    @Test func `the values of an older listen file are found, except those inside blocks`() throws {
        #expect(
            try edited(listen).values == [
                "server_name": "www.example.com", "ssl_certificate": "/etc/ssl/my certs/a.pem",
                "ssl_certificate_key": "/etc/ssl/private/a.key",
                "root": "/usr/share/gatehouse/web",
            ])
        #expect(try edited("location /old {\n    root /srv/old;\n}\n").values.isEmpty)
    }

    @Test func `only the lines that site.conf has now become comments`() throws {
        let text = try edited(listen).listenWithoutSite
        #expect(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
                "listen 443 ssl http2;", "location /old {", "    root /srv/old;", "}",
                "location /more { root /srv/more; }", "add_header X-Mine yes;",
            ])
        #expect(text.contains("\n#server_name www.example.com; # now in site.conf\n"))
        #expect(try edited(text).values.isEmpty)
        #expect(try edited(text).listenWithoutSite == text)
    }

    @Test func `a file whose braces do not match is left to nginx`() throws {
        let text = "root /srv;\nlocation / {\nserver_name a;\n"
        #expect(try edited(text).values == ["root": "/srv"])
        #expect(
            try edited(text).listenWithoutSite
                == text.replacing("root /srv;", with: "#root /srv; # now in site.conf"))
    }

    @Test(arguments: [
        ("server_name www.example.com example.com;", "server_name"),
        ("server_name www.example.com;\nserver_name example.com;", "server_name"),
        ("ssl_certificate /rsa.pem;\nssl_certificate /ecdsa.pem;", "ssl_certificate"),
        ("ssl_certificate_key /a.key;\nssl_certificate_key /b.key;", "ssl_certificate_key"),
    ])
    func `values of which site.conf can have only one are not lost`(
        listen: String, directive: String
    ) {
        let error = #expect(throws: CommandError.self) { try edited(listen) }
        let start = "/etc/nginx/gatehouse/settings/listen.conf has several values for \(directive),"
        #expect(error?.description.hasPrefix(start) == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `a directive that shares its line is not lost`() {
        let error = #expect(throws: CommandError.self) { try edited("root /srv; gzip_static on;") }
        #expect(error?.description.contains("write each on a line of its own") == true)
    }

    @Test func `the redirect includes site.conf in place of the same name`() throws {
        let redirect = """
            server {
                listen 80;
                server_name www.example.com;
            }
            server { server_name other.example; }
            server {
                server_name other.example;
            }
            server {
                server_name www.example.com example.com;
            }
            """
        let text = try edited(listen).redirect(redirect, settings: "gatehouse/settings")
        #expect(
            text
                == redirect.replacing(
                    "    server_name www.example.com;",
                    with: "    include gatehouse/settings/site.conf;"))
    }
}
