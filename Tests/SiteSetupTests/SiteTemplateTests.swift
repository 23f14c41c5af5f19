import Settings
import Testing

@testable import SiteSetup

struct SiteTemplateTests {
    private let text = """
        map $a $gatehouse_b { include gatehouse/settings/hsts.conf; }
        limit_req_zone $gatehouse_client zone=gatehouse_login:10m rate=1r/s;
        log_format gatehouse
            '$remote_addr';
        access_log /var/log/nginx/gatehouse.log gatehouse buffer=32k flush=1s;
        server unix:/run/gatehouse/gatehouse.sock;
        error_page 404 = @gatehouse;
        """

    @Test func `a further site has names, folders, a log and a socket of its own`() throws {
        let renamed = SiteTemplate(site: try SiteName("7shop")).renamed(text)
        #expect(
            renamed == """
                map $a $_7shop_b { include gatehouse@7shop/settings/hsts.conf; }
                limit_req_zone $_7shop_client zone=_7shop_login:10m rate=1r/s;
                log_format gatehouse@7shop
                    '$remote_addr';
                access_log /var/log/nginx/gatehouse@7shop.log gatehouse@7shop buffer=32k flush=1s;
                server unix:/run/gatehouse@7shop/gatehouse.sock;
                error_page 404 = @gatehouse;
                """)
    }

    @Test func `the first site keeps the names of the package`() throws {
        #expect(SiteTemplate(site: try SiteName(nil)).renamed(text) == text)
    }
}
