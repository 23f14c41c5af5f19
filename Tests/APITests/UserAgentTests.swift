import SplitMix
import Testing

@testable import API

struct UserAgentTests {
    @Test(arguments: [
        (
            "Edge on Windows",
            """
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87
            """
        ),
        (
            "Edge on Android",
            """
            Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.2592.80
            """
        ),
        (
            "Edge on iPhone",
            """
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
            like Gecko) Version/17.0 EdgiOS/126.0.2592.86 Mobile/15E148 Safari/605.1.15
            """
        ),
        (
            "Opera on macOS",
            """
            Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like \
            Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0
            """
        ),
        (
            "Samsung Internet on Android",
            """
            Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) \
            SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36
            """
        ),
        (
            "Firefox on Linux",
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
        ),
        (
            "Firefox on Windows",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"
        ),
        (
            "Firefox on Android",
            "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"
        ),
        (
            "Firefox on iPad",
            """
            Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
            Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15
            """
        ),
        (
            "Chrome on Windows",
            """
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/126.0.0.0 Safari/537.36
            """
        ),
        (
            "Chrome on ChromeOS",
            """
            Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/126.0.0.0 Safari/537.36
            """
        ),
        (
            "Chrome on Android",
            """
            Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/126.0.0.0 Mobile Safari/537.36
            """
        ),
        (
            "Chrome on iPhone",
            """
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
            like Gecko) CriOS/126.0.6478.108 Mobile/15E148 Safari/604.1
            """
        ),
        (
            "Headless Chrome on Linux",
            """
            Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
            HeadlessChrome/126.0.6478.126 Safari/537.36
            """
        ),
        (
            "Safari on iPhone",
            """
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
            like Gecko) Version/17.5 Mobile/15E148 Safari/604.1
            """
        ),
        (
            "Safari on macOS",
            """
            Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like \
            Gecko) Version/17.5 Safari/605.1.15
            """
        ),
        (
            "Internet Explorer on Windows",
            "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"
        ),
        ("Dalvik on Android", "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230901.001)"),
        (
            "iPhone",
            """
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
            like Gecko) Mobile/15E148
            """
        ),
        (
            "PowerShell on Windows",
            "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.4522"
        ),
        ("curl", "curl/8.8.0"), ("python-requests", "python-requests/2.32.3"),
        ("Python-urllib", "Python-urllib/3.11"), ("Go-http-client", "Go-http-client/2.0"),
        ("okhttp", "okhttp/4.12.0"), ("PostmanRuntime", "PostmanRuntime/7.39.0"),
        ("Wget", "Wget/1.21.3"), ("node", "node"),
    ])
    func `a user can recognize their device`(device: String, field: String) {
        #expect(UserAgent.device(field) == device)
    }

    @Test(arguments: [
        "", " ", "/", "Mozilla/5.0", "<b>x</b>", "<script>alert(1)</script>/1", "curl<b>/1",
        "\u{202E}moc/1", "caf\u{E9}/1", "a\"b/1", "a;b/1", String(repeating: "a", count: 41),
        "Mozilla/5.0 (<b>Firefoxes</b>; xLinux)", String(repeating: "\u{301}", count: 30_000),
        String(repeating: "a", count: 2_000) + " Firefox Linux",
    ])
    func `an unknown field is not repeated`(field: String) {
        #expect(UserAgent.device(field) == "")
    }

    @Test func `a repeated name is short and harmless, whatever was sent`() {
        var random = SplitMix()
        let pieces =
            Array("aZ0-_./ ;()<>\"'&\\\u{0}\u{7F}\u{E9}\u{202E}").map(String.init) + [
                "Mozilla/5.0", "Firefox", "Linux", "Windows", "curl/",
            ]
        for _ in 0..<5_000 {
            let field = (0..<Int.random(in: 0...20, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let device = UserAgent.device(field)
            #expect(device.utf8.count <= 60, "\(device)")
            #expect(
                device.utf8.allSatisfy { byte in
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                        || " -_.".utf8.contains(byte)
                }, "\(device)")
        }
    }

    @Test func `a field of 64 KB costs no more than a short one`() {
        let short = String(repeating: "a;", count: 512)
        let long = String(repeating: "a;", count: 32_768)
        _ = UserAgent.device(short)

        let usual = processorTime { for _ in 0..<50 { _ = UserAgent.device(short) } }
        let hostile = processorTime { for _ in 0..<50 { _ = UserAgent.device(long) } }

        #expect(hostile < 3 * usual + 5, "milliseconds: \(hostile), usually \(usual)")
    }
}
