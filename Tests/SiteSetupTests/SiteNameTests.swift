import Settings
import Testing

@testable import SiteSetup

struct SiteNameTests {
    @Test func `the first site has the names of the package`() throws {
        let site = try SiteName(nil)
        #expect(site.unit == "gatehouse")
        #expect(site.prefix == "gatehouse_")
        #expect(site.siteFile == "/etc/nginx/gatehouse/settings/site.conf")
        #expect(site.secretPath == "/etc/gatehouse/jwt-secret")
    }

    @Test(arguments: ["shop", "7shop", "Shop_2", "a", "http", "abcdefghijklmnopqrst"])
    func `the variables of a further site begin with an underscore`(name: String) throws {
        let site = try SiteName(name)
        #expect(site.prefix == "_\(name)_")
        #expect(site.availablePath == "/etc/nginx/sites-available/gatehouse@\(name)")
        #expect(site.databasePath == "/var/lib/gatehouse@\(name)/gatehouse.db")
        #expect(site.secretPath == "/etc/gatehouse/jwt-secret@\(name)")
    }

    @Test(arguments: ["", "_shop", "my-shop", "../x", "a b", "shöp", "abcdefghijklmnopqrstu"])
    func `a name that nginx or systemd would not accept is refused`(name: String) {
        let error = #expect(throws: InvalidValue.self) { try SiteName(name) }
        #expect(error?.reason.contains("write up to 20 letters") == true)
    }
}
