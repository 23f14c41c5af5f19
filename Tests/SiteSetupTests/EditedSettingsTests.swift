import Testing

@testable import SiteSetup

struct EditedSettingsTests {
    private let listen = """
        listen 443 ssl http2;
        server_name www.example.com example.com;
        # root /nowhere;
        ssl_certificate     "/etc/ssl/my certs/a.pem";
        ssl_certificate_key /etc/ssl/private/a.key; # mine
        root /usr/share/gatehouse/web;
        add_header X-Mine yes;

        """

    @Test func `the values of an older listen file are found`() {
        #expect(
            EditedSettings(listen: listen).values == [
                "server_name": "www.example.com", "ssl_certificate": "/etc/ssl/my certs/a.pem",
                "ssl_certificate_key": "/etc/ssl/private/a.key",
                "root": "/usr/share/gatehouse/web",
            ])
    }

    @Test func `only the lines that site.conf has now become comments`() {
        let text = EditedSettings(listen: listen).listenWithoutSite
        #expect(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                == ["listen 443 ssl http2;", "add_header X-Mine yes;"])
        #expect(text.contains("\n#server_name www.example.com example.com; # now in site.conf\n"))
        #expect(EditedSettings(listen: text).values.isEmpty)
        #expect(EditedSettings(listen: text).listenWithoutSite == text)
    }

    @Test func `the redirect includes site.conf in place of the same name`() {
        let redirect = """
            server {
                listen 80;
                server_name www.example.com;
            }
            server { server_name other.example; }
            server {
                server_name other.example;
            }
            """
        let text = EditedSettings(listen: listen).redirect(redirect, settings: "gatehouse/settings")
        #expect(
            text
                == redirect.replacing(
                    "    server_name www.example.com;",
                    with: "    include gatehouse/settings/site.conf;"))
    }
}
