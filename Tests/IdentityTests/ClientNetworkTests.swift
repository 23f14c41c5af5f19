import Testing

@testable import Identity

struct ClientNetworkTests {
    @Test(arguments: [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:0001:2::", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"),
        ("::", "0:0:0:0::/64"),
        ("1::", "1:0:0:0::/64"),
        ("1:2:3:4:5:6:7::", "1:2:3:4::/64"),
        ("64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"),
    ])
    func `the narrowest network of an IPv6 address is its first 64 bits`(
        address: String, network: String
    ) {
        #expect(Client.at(address).networks.first == network)
    }

    @Test func `an IPv6 address is in networks of 64, 56 and 48 bits`() {
        let networks = Client.at("2001:db8:12:3456::1").networks
        #expect(
            networks == ["2001:db8:12:3456::/64", "2001:db8:12:3400::/56", "2001:db8:12::/48"])
    }

    @Test(arguments: ["::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"])
    func `an IPv4 address that is mapped into IPv6 is an IPv4 address`(address: String) {
        #expect(Client.at(address).networks == ["192.0.2.1"])
    }

    @Test(arguments: [
        "192.0.2.1", "", "unix:", "::1::", ":::", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::12345", "::+1", "::g",
        "::192.0.2.256", "::192.0.2", "::192.0.2.1:1", "1:2:3:4:5:6:7:192.0.2.1", "fe80::1%eth0",
    ])
    func `any other text is a network of its own`(address: String) {
        #expect(Client.at(address).networks == [address])
    }
}
