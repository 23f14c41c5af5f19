import Identity

/// The two cookies: every attribute of theirs is here and nowhere else.
enum Cookies {
    private static let access = (name: "accessToken", path: "/")
    /// Sent to the one route that needs it, not with every request.
    private static let refresh = (name: "refreshToken", path: "/api/auth/refresh")

    /// `Set-Cookie` values that hand out tokens.
    static func set(_ tokens: IssuedTokens, at now: Timestamp) -> [String] {
        [
            cookie(access, tokens.accessToken, maxAge: tokens.accessMaxAge, now),
            cookie(refresh, tokens.refreshToken, maxAge: tokens.refreshMaxAge, now),
        ]
    }

    /// `Set-Cookie` values that take them back.
    static var cleared: [String] { [clearing(access), clearing(refresh)] }

    private static func cookie(
        _ cookie: (name: String, path: String), _ value: String, maxAge: Int64, _ now: Timestamp
    ) -> String {
        let expires = Timestamp(seconds: now.seconds + maxAge).httpDate
        return "\(cookie.name)=\(value); Max-Age=\(maxAge); Path=\(cookie.path); "
            + "Expires=\(expires); HttpOnly; Secure; SameSite=Strict"
    }

    private static func clearing(_ cookie: (name: String, path: String)) -> String {
        "\(cookie.name)=; Path=\(cookie.path); Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
            + "HttpOnly; Secure; SameSite=Strict"
    }
}

/// The value of a cookie in a `Cookie` field (RFC 6265, section 5.4); `nil` when it is not there
/// or empty.
///
/// Of two with one name the first counts: the more specific path (same section). Quotes around
/// and percent escapes inside a value are undone, as the Express backend did.
func cookieValue(_ name: String, in field: String) -> String? {
    for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
        guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
        guard pair[..<equals].trimmed.elementsEqual(name.utf8) else { continue }
        var value = pair[pair.index(after: equals)...].trimmed
        if value.count > 1, value.first == UInt8(ascii: "\""), value.last == value.first {
            value = value.dropFirst().dropLast()
        }
        if value.isEmpty { return nil }
        return percentDecoded(Substring(value)) ?? String(Substring(value))
    }
    return nil
}

/// A text with its percent escapes undone; `nil` when they are malformed or not UTF-8.
func percentDecoded(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst()?.hexadecimalDigit,
            let low = rest.popFirst()?.hexadecimalDigit
        else { return nil }
        bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
}

extension UInt8 {
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Substring.UTF8View {
    /// Without blanks and tabs at both ends.
    fileprivate var trimmed: Substring.UTF8View {
        var rest = self
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest = rest.dropLast() }
        return rest
    }
}
