import Cryptography
import JSON

/// Signs and reads one type of token in JWS compact serialisation (RFC 7515, section 7.1).
struct TokenSigner: Sendable {
    /// The header part of every token of this type.
    ///
    /// A token with any other header is rejected. The header of a token is never trusted, least
    /// of all its `alg` (RFC 8725, section 3.1).
    private let header: [UInt8]
    private let key: SigningKey

    /// Creates a signer for one type of token.
    ///
    /// - Parameters:
    ///   - type: The header's `typ` (RFC 7515, section 4.1.9).
    ///   - key: The key that signs the tokens.
    ///   - name: The header's `kid` (RFC 7515, section 4.1.4), with which other programs of the
    ///     operator select the key.
    init(type: String, key: SigningKey, name: String) {
        var header: [UInt8] = []
        let plain = #"{"alg":"HS256","typ":"\#(type)","kid":"\#(name)"}"#
        Base64URL.append(Array(plain.utf8).span, to: &header)
        self.header = header
        self.key = key
    }

    func sign(_ claims: [UInt8]) throws -> String {
        var token = header
        token.reserveCapacity(header.count + claims.count * 4 / 3 + 48)
        token.append(dot)
        Base64URL.append(claims.span, to: &token)
        let code = try key.code(for: token.span)
        token.append(dot)
        Base64URL.append(code.span, to: &token)
        return String(decoding: token, as: UTF8.self)
    }

    /// Returns the claims of a token; `nil` unless the token is of this type, its signature is
    /// valid and its claims are well formed.
    func claims(in token: String) throws -> Claims? {
        let text = token.utf8.span
        guard let start = text.end(of: header), let signature = try verifiedSignature(in: text),
            signature > start
        else { return nil }
        let claims = Base64URL.decode(text.extracting(start..<(signature - 1)))
        return claims.flatMap { Claims($0.span) }
    }

    /// Whether a token of any type has a valid signature by this key, and the current time is
    /// before its `exp` and not before its `nbf`, if it has these claims (RFC 7519, sections 4.1.4
    /// and 4.1.5).
    func hasSigned(_ token: String, at now: Timestamp) throws -> Bool {
        let text = token.utf8.span
        var dots = text.indices.filter { text[$0] == dot }.makeIterator()
        guard let first = dots.next(), let second = dots.next(), dots.next() == nil else {
            return false
        }
        guard let header = object(in: text.extracting(0..<first)),
            header["alg"]?.string?.utf8.elementsEqual("HS256".utf8) == true,
            try verifiedSignature(in: text) != nil,
            let claims = object(in: text.extracting((first + 1)..<second))
        else { return false }
        let seconds = Double(now.seconds)
        return claims.isWithout("exp", or: { seconds < $0 })
            && claims.isWithout("nbf", or: { $0 <= seconds })
    }

    /// Returns the position at which the signature of a token begins; `nil` if the signature is not
    /// valid.
    private func verifiedSignature(in text: Span<UInt8>) throws -> Int? {
        // The 32 bytes of a signature are 43 characters in Base64URL. A dot is not a Base64URL
        // character, so decoding fails if one of the 43 characters is a dot.
        let start = text.count - 43
        guard start > 0, text[start - 1] == dot,
            let code = Base64URL.decode(text.extracting(start..<text.count))
        else { return nil }
        return try key.isValid(code.span, for: text.extracting(0..<(start - 1))) ? start : nil
    }

    private func object(in part: Span<UInt8>) -> JSONObject? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        return try? JSONObject(bytes.span)
    }
}

private let dot = UInt8(ascii: ".")

extension JSONObject {
    /// Whether the claim is absent, or is a number that satisfies the predicate.
    fileprivate func isWithout(_ claim: String, or passes: (Double) -> Bool) -> Bool {
        switch self[claim] {
        case nil: true
        case .number(let number)?: passes(number.double)
        case .null?, .bool?, .string?, .array?, .object?: false
        }
    }
}

extension Span<UInt8> {
    /// Returns the position after `part` and the dot that follows it; `nil` if the token does not
    /// begin with `part` and a dot.
    fileprivate func end(of part: [UInt8]) -> Int? {
        guard count > part.count, self[part.count] == dot else { return nil }
        for index in part.indices where self[index] != part[index] { return nil }
        return part.count + 1
    }
}
