import Glibc
import Identity

extension Timestamp {
    /// The time as an IMF-fixdate (RFC 9110, section 5.6.7), such as
    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        // The names are English, because the process never leaves the locale "C", in which each
        // program starts (setlocale(3)).
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
