import Settings
import Testing

@testable import Doctor

struct NginxTests {
    private func parse(_ text: String) throws -> [NginxDirective] {
        try NginxDirective.parse(Array(text.utf8))
    }

    @Test func `directives are parsed as nginx parses them`() throws {
        let directives = try parse(
            #"""
            user www-data; # a comment
            http { map $x $y { default "a \"b\" \d{2}"; '~^c;' ${d}e; } }
            location ~ ^/(?:api|b)\{1\}$ { return 200 ok; }
            """#)

        #expect(
            directives.map(\.words) == [
                ["user", "www-data"], ["http"], ["location", "~", #"^/(?:api|b)\{1\}$"#],
            ])
        let map = try #require(directives[1].own("map").first)
        #expect(map.arguments == ["$x", "$y"])
        #expect(
            map.block?.map(\.words) == [
                ["default", #"a "b" \d{2}"#], ["~^c;", "${d}e"],
            ])
        #expect(directives[2].all("return").map(\.arguments) == [["200", "ok"]])
    }

    @Test(arguments: ["a {", "}", "a { b }", "a", "a \"b;", "a { } }"])
    func `text that nginx rejects is skipped`(text: String) {
        #expect(throws: Skipped.self) { try parse(text) }
    }

    private let dump = """
        # configuration file /etc/nginx/nginx.conf:
        user www-data;
        http {
            include sites/*;
            include missing/*.conf;
        }

        # configuration file /etc/nginx/sites/one:
        map $http_origin $gatehouse_cors_origin { include one/origins.conf; }
        map $request_method $gatehouse_upstream { GET kept; default fresh; }
        upstream kept { server unix:/run/one.sock; keepalive 32; }
        upstream fresh { server unix:/run/one.sock; }
        server {
            listen [::]:443 ssl;
            listen 443 ssl http2;
            server_name one.example www.one.example;
            ssl_certificate /etc/ssl/one.pem;
            add_header Access-Control-Allow-Origin $gatehouse_cors_origin always;
            location /api { fastcgi_pass $gatehouse_upstream; }
        }
        server { listen 80; server_name one.example; return 308 https://one.example; }

        # configuration file /etc/nginx/one/origins.conf:
        default "https://app.one.example";
        "https://app.one.example" "https://app.one.example";

        # configuration file /etc/nginx/sites/shop:
        map $request_method $_shop_upstream { default shop_fresh; }
        upstream shop_fresh { server unix:/run/shop.sock; }
        server {
            listen 127.0.0.1:8443 ssl;
            server_name shop.example;
            location /api { fastcgi_pass $_shop_upstream; }
            location /blog { fastcgi_pass localhost:9000; }
        }
        server { listen 127.0.0.1:9464; location = /metrics { fastcgi_pass unix:/run/m.sock; } }

        """

    private func site(
        _ address: String, _ choose: (inout Installation.Choices) -> Void = { _ in }
    ) throws -> NginxSite? {
        var choices = Installation.Choices()
        choose(&choices)
        return NginxSite.find(
            in: try NginxConfiguration(dump), address: try ListenAddress(address),
            choices: choices)
    }

    @Test func `a site is found by the socket to which it passes requests`() throws {
        let one = try #require(try site("unix:/run/one.sock"))
        #expect(one.host == "one.example")
        #expect(one.backends == ["unix:/run/one.sock"])
        #expect(one.webAddress?.description == "https://one.example")
        #expect(one.path("ssl_certificate") == "/etc/ssl/one.pem")
        #expect(one.origins == ["https://app.one.example"])
        #expect(one.listen?.address == "[::1]")
        #expect(one.plain?.port == 80)
        let shop = try #require(try site("unix:/run/shop.sock"))
        #expect(shop.webAddress?.description == "https://shop.example:8443")
        #expect(shop.origins == [])
        #expect(shop.plain == nil)
    }

    @Test func `requests for another program on the same server are not misdirected`() throws {
        let shop = try #require(try site("unix:/run/shop.sock"))
        #expect(shop.misdirectedBackends(from: "unix:/run/shop.sock") == [])
        #expect(
            shop.misdirectedBackends(from: "unix:/run/x.sock") == [
                "unix:/run/shop.sock", "127.0.0.1:9000",
            ])
        #expect(try site("tcp:localhost:9000")?.host == "shop.example")
        #expect(try site("tcp:127.0.0.1:9000")?.host == "shop.example")
    }

    @Test func `a site with another socket is found by the name of its upstream`() throws {
        #expect(try site("unix:/run/other.sock")?.host == "one.example")
        #expect(try site("unix:/run/other.sock") { $0.instance = "shop" }?.host == "shop.example")
        #expect(try site("unix:/run/other.sock") { $0.instance = "none" } == nil)
    }

    @Test func `the user of nginx's workers is read from the configuration`() throws {
        let user = try #require(try NginxConfiguration(dump).user)
        #expect(user.name == "www-data")
        #expect(user.number != 0)
    }

    @Test(
        arguments: [
            ("443", "127.0.0.1", 443), ("*:80", "127.0.0.1", 80), ("[::]:8443", "[::1]", 8443),
            ("[::1]", "[::1]", 80), ("192.0.2.1:81", "192.0.2.1", 81), ("name", "name", 80),
        ] as [(String, String, UInt16)])
    func `a listen directive gives an address to connect to from this machine`(
        text: String, address: String, port: UInt16
    ) {
        let listen = NginxListen([text, "ssl"])
        #expect(listen.address == address)
        #expect(listen.port == port)
        #expect(listen.hasTLS)
    }

    @Test func `files that include each other are skipped`() {
        let dump = "# configuration file /a/b:\ninclude b;\n"
        #expect(throws: Skipped.self) { try NginxConfiguration(dump) }
    }

    private func http(_ text: String) throws -> NginxDirective {
        NginxDirective(words: ["http"], block: try parse(text))
    }

    @Test func `another server block with the name and the port is found, whatever its address`()
        throws
    {
        let http = try http(
            """
            server { listen 443 ssl; listen 80; server_name a.example; }
            server { listen 80; server_name a.example; }
            server { listen 8443 ssl; server_name a.example; }
            server { listen 443 ssl; server_name b.example; }
            server { listen 192.0.2.1:443 ssl; server_name b.example; }
            """)
        let sites = http.own("server").map { NginxSite(server: $0, http: http) }
        #expect(sites.map { $0.rival != nil } == [false, false, false, true, true])
    }

    @Test func `the same name on two different addresses is no conflict`() throws {
        let http = try http(
            """
            server { listen 10.0.0.1:443 ssl; listen [2001:db8::1]:443 ssl; server_name a.example; }
            server { listen 192.0.2.1:443 ssl; server_name a.example; }
            server { listen 10.0.0.1:443 ssl; server_name b.example; }
            server { listen 192.0.2.1:443 ssl; listen 10.0.0.1:443 ssl; server_name b.example; }
            server { listen 127.0.0.1:443 ssl; server_name c.example; }
            server { listen *:443 ssl; server_name c.example; }
            """)
        let sites = http.own("server").map { NginxSite(server: $0, http: http) }
        #expect(sites.map { $0.rival != nil } == [false, false, true, true, true, true])
    }

    @Test func `an address without the PROXY protocol is preferred`() throws {
        func listen(_ text: String) throws -> NginxListen? {
            let http = try http("server { \(text) server_name a.example; }")
            return NginxSite(server: try #require(http.own("server").first), http: http).listen
        }
        let (plain, proxied) = ("listen 443 ssl;", "listen 8443 ssl http2 proxy_protocol;")
        #expect(try listen(proxied + plain)?.port == 443)
        #expect(try listen(proxied)?.hasProxyProtocol == true)
    }

    @Test func `directives of the site count before those of all sites`() throws {
        let http = try http(
            """
            set_real_ip_from 192.0.2.1; real_ip_header X-Real-IP;
            server { location / { set_real_ip_from 192.0.2.2; } }
            """)
        let site = NginxSite(server: try #require(http.own("server").first), http: http)
        #expect(site.values("set_real_ip_from") == [["192.0.2.2"]])
        #expect(site.values("real_ip_header") == [["X-Real-IP"]])
    }

    @Test(arguments: [("events { worker_connections 768; }", 768), ("events { }", 512), ("", 512)])
    func `the number of connections is read`(text: String, count: Int) throws {
        let dump = "# configuration file /etc/nginx/nginx.conf:\n\(text)\nhttp { }\n"
        #expect(try NginxConfiguration(dump).workerConnections == count)
    }
}
