/// Names the program and the operating system of a client, from its `User-Agent` field.
///
/// People see the name in the list of their sessions.
enum UserAgent {
    /// The program and the operating system, such as `Firefox on Linux`.
    ///
    /// If only one of them is known, the result is its name. If neither is known, the result is
    /// empty. The names come from the tables below. Only the name of a program that is not in the
    /// table is copied from the field, if it is short and has no unusual characters.
    static func device(_ field: String) -> String {
        // Read only the first 1024 bytes. No browser sends more, but another client may send 64 KB.
        let bytes = Array(field.utf8.prefix(1024))
        let words = bytes.split { !isNamed($0) }
        let program = first(of: programs, in: words) ?? ownName(bytes)
        let system = first(of: systems, in: words)
        return [program, system].compactMap(\.self).joined(separator: " on ")
    }

    private typealias Name = (word: StaticString, name: String)

    /// The words that identify programs, in order of precedence.
    ///
    /// The first match in the table wins, because a browser also names the browsers that it is
    /// compatible with.
    private static let programs: [Name] = [
        ("Edg", "Edge"), ("EdgA", "Edge"), ("EdgiOS", "Edge"), ("Edge", "Edge"),
        ("OPR", "Opera"), ("OPT", "Opera"), ("OPiOS", "Opera"), ("Opera", "Opera"),
        ("SamsungBrowser", "Samsung Internet"), ("Vivaldi", "Vivaldi"),
        ("YaBrowser", "Yandex Browser"), ("UCBrowser", "UC Browser"),
        ("DuckDuckGo", "DuckDuckGo"), ("Ddg", "DuckDuckGo"), ("Electron", "Electron"),
        ("FxiOS", "Firefox"), ("Firefox", "Firefox"),
        ("HeadlessChrome", "Headless Chrome"), ("Chromium", "Chromium"),
        ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
        ("MSIE", "Internet Explorer"), ("Trident", "Internet Explorer"),
        ("WindowsPowerShell", "PowerShell"), ("PowerShell", "PowerShell"),
    ]

    /// The words that identify operating systems, in order of precedence.
    ///
    /// The order matters, because Android also names Linux, and Windows phones also name Android.
    private static let systems: [Name] = [
        ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
        ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("FreeBSD", "FreeBSD"),
        ("OpenBSD", "OpenBSD"), ("Linux", "Linux"),
    ]

    private static func first(of names: [Name], in words: [ArraySlice<UInt8>]) -> String? {
        names.first { name in
            words.contains { word in
                word.count == name.word.utf8CodeUnitCount
                    && name.word.withUTF8Buffer { $0.elementsEqual(word) }
            }
        }?.name
    }

    /// The product name at the start of the field (RFC 9110, section 10.1.5), unless it is
    /// `Mozilla`.
    ///
    /// Programs other than browsers send their own name there. Every browser sends `Mozilla`.
    private static func ownName(_ bytes: [UInt8]) -> String? {
        let name = bytes.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: " ") }
        guard (1...40).contains(name.count), name.allSatisfy(isNamed),
            !name.elementsEqual("Mozilla".utf8)
        else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    /// True if the name of a program or an operating system may contain the byte.
    private static func isNamed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
