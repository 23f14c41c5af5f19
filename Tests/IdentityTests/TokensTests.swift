import Cryptography
import Testing

@testable import Identity

struct TokensTests {
    let account = Account(
        id: 1, email: "j\"ö@example.com", role: .user, isDisabled: false,
        createdAt: .start)

    @Test(arguments: ["\"", "\\", "\\\"", "a\\", "\",\"exp\":1,\"x\":\"", "\u{1}", "ö😀", ""])
    func `a token is accepted whatever its e-mail address`(address: String) throws {
        let account = Account(
            id: 1, email: address, role: .admin, isDisabled: false, createdAt: .start)
        let access = try tokens().accessToken(of: .sample(), for: account, at: .start)
        let refresh = try tokens().refreshToken(of: .sample(), for: account)

        #expect(try tokens().accessClaims(in: access).accountID == 1)
        #expect(try tokens().refreshClaims(in: refresh, at: .start).claims.accountID == 1)
    }

    @Test func `a refresh token has the same bytes each time it is signed`() throws {
        let session = Session.sample(generation: 4)

        let first = try tokens().refreshToken(of: session, for: account)
        let again = try tokens().refreshToken(of: session, for: account)

        #expect(first == again)
        let (claims, _) = try tokens().refreshClaims(in: first, at: .start + 100)
        #expect(claims.generation == 4)
        #expect(claims.sessionID == session.id)
        #expect(claims.accountID == account.id)
    }

    @Test func `an access token is not accepted as a refresh token`() throws {
        let access = try tokens().accessToken(of: .sample(), for: account, at: .start)

        #expect(throws: AuthError.refreshTokenRevoked) {
            try tokens().refreshClaims(in: access, at: .start)
        }
    }

    @Test func `a refresh token is not accepted as an access token`() throws {
        let refresh = try tokens().refreshToken(of: .sample(), for: account)

        #expect(throws: AuthError.invalidAccessToken) {
            try tokens().accessClaims(in: refresh)
        }
    }

    @Test func `tokens signed with another secret are refused`() throws {
        let others = try Tokens(
            secret: Self.otherSecret, accessLifetime: 60, refreshLifetime: 180)

        #expect(throws: AuthError.invalidAccessToken) {
            try tokens().accessClaims(
                in: others.accessToken(of: .sample(), for: account, at: .start))
        }
        #expect(throws: AuthError.invalidRefreshToken) {
            try tokens().refreshClaims(
                in: others.refreshToken(of: .sample(), for: account), at: .start)
        }
    }

    @Test func `no byte of a token can be changed`() throws {
        let token = try tokens().accessToken(of: .sample(), for: account, at: .start)
        _ = try tokens().accessClaims(in: token)

        for index in token.utf8.indices.dropLast() {
            var bytes = Array(token.utf8)
            bytes[token.utf8.distance(from: token.startIndex, to: index)] ^= 1
            let changed = String(decoding: bytes, as: UTF8.self)
            #expect(throws: AuthError.invalidAccessToken) {
                try tokens().accessClaims(in: changed)
            }
        }
    }

    @Test func `a truncated token is refused`() throws {
        let token = try tokens().accessToken(of: .sample(), for: account, at: .start)

        for count in 0..<token.utf8.count {
            #expect(throws: AuthError.invalidAccessToken) {
                try tokens().accessClaims(in: String(token.prefix(count)))
            }
        }
        #expect(throws: AuthError.invalidAccessToken) {
            try tokens().accessClaims(in: token + ".x")
        }
    }

    @Test(arguments: [
        #"{"alg":"none","typ":"at+jwt","kid":"NAME"}"#,
        #"{"alg":"HS384","typ":"at+jwt","kid":"NAME"}"#,
        #"{"alg":"HS512","typ":"at+jwt","kid":"NAME"}"#,
        #"{"alg":"RS256","typ":"at+jwt","kid":"NAME"}"#,
        #"{"alg":"HS256","typ":"JWT","kid":"NAME"}"#, #"{"alg":"HS256","typ":"at+jwt"}"#,
        #"{"typ":"at+jwt","alg":"HS256","kid":"NAME"}"#,
        #"{"alg":"HS256","typ":"at+jwt","kid":"000000"}"#,
        #"{"alg":"HS256","typ":"rt+jwt","kid":"NAME"}"#,
        #"{"alg":"hs256","typ":"at+jwt","kid":"NAME"}"#, "",
    ])
    func `another header is refused, even well signed`(header: String) throws {
        // Nothing but the header is wrong.
        _ = try tokens().accessClaims(in: signed())
        let header = header.replacing("NAME", with: try SigningKey(secret: Rules.secret).name())

        #expect(throws: AuthError.invalidAccessToken) {
            try tokens().accessClaims(in: signed(header: header))
        }
    }

    @Test(arguments: [
        (#""sub":"1","#, ""), (#""sid":"5","#, ""), (#""gen":0,"#, ""), (#""iat":1,"#, ""),
        (#""exp":9999999999,"#, ""), (#""1""#, "1"), (#""5""#, "5"), (#""5""#, #""""#),
        ("0", "-1"), ("0", "0.0"), ("9999999999", "null"), ("9999999999", #""9999999999""#),
        ("9999999999", "9999999999.5"), ("9999999999", "1e10"),
        // What is left of it in 64 bits is a good number.
        ("9999999999", "27670116110564327423"),
        (#""sub":"1","sid":"5""#, #""sid":"5","sub":"1""#), ("{", "{ "), ("{", "["),
        (#","username":"x""#, ""), (#","username":"x"}"#, ""), (goodClaims, "5"),
        (goodClaims, "null"), (goodClaims, "[]"), (goodClaims, "{}"), (goodClaims, "{"),
        (goodClaims, ""),
        // A later member could repeat a claim, or restrict the token.
        (#""x"}"#, #""x","exp":1}"#), (#""x"}"#, #""x","exp":9999999999}"#),
        (#""x"}"#, #""x","nbf":9999999999}"#), (#""x"}"#, #""x","sub":"1"}"#),
        (#""x"}"#, #""x","role":"user","exp":1}"#), (#""x"}"#, #""x","role":"user","nbf":1}"#),
        (#""x"}"#, #""x"}{"exp":1}"#), (#""x"}"#, #""x"} "#), (#""x"}"#, #""x" }"#),
        (#""x"}"#, #""x","username":"y"}"#), (#""x"}"#, #""x\"}"#), (#""x"}"#, #""x"#),
    ])
    func `claims that are incomplete or in another form are refused`(
        part: String, replacement: String
    ) throws {
        let claims = Self.goodClaims.replacing(part, with: replacement, maxReplacements: 1)
        try #require(claims != Self.goodClaims)

        #expect(throws: AuthError.invalidAccessToken) {
            try tokens().accessClaims(in: signed(claims: claims))
        }
    }

    @Test func `a token of another program that is signed with the secret names no session`() throws
    {
        let token = try signed(
            header: #"{"alg":"HS256","typ":"JWT"}"#, claims: #"{"username":"x","exp":9999999999}"#)
        let expired = try signed(
            header: #"{"alg":"HS256","typ":"JWT"}"#, claims: #"{"username":"x","exp":2}"#)

        #expect(throws: AuthError.refreshTokenRevoked) {
            try tokens().refreshClaims(in: token, at: .start)
        }
        #expect(throws: AuthError.invalidRefreshToken) {
            try tokens().refreshClaims(in: expired, at: .start)
        }
        #expect(throws: AuthError.invalidRefreshToken) {
            try tokens().refreshClaims(in: " \(token) ", at: .start)
        }
    }

    @Test(arguments: [
        #"{"exp":null}"#, #"{"exp":"9999999999"}"#, #"{"exp":2.5}"#, #"{"exp":[9999999999]}"#,
        #"{"nbf":9999999999}"#, #"{"nbf":null}"#, #"{"exp":9999999999,"nbf":9999999998.5}"#,
    ])
    func `a token of another program is not valid outside the times that it names`(claims: String)
        throws
    {
        let token = try signed(header: #"{"alg":"HS256","typ":"JWT"}"#, claims: claims)

        #expect(throws: AuthError.invalidRefreshToken) {
            try tokens().refreshClaims(in: token, at: .start)
        }
    }

    @Test(arguments: ["{}", #"{"nbf":1,"exp":1e999}"#, #"{"exp":9999999999.5,"nbf":0.5}"#])
    func `a token of another program is valid within the times that it names`(claims: String) throws
    {
        let token = try signed(header: #"{"alg":"HS256","typ":"JWT"}"#, claims: claims)

        #expect(throws: AuthError.refreshTokenRevoked) {
            try tokens().refreshClaims(in: token, at: .start)
        }
    }

    @Test func `tokens of a former secret are accepted, and none is signed with it`() throws {
        let before = try tokens()
        let after = try Tokens(
            secret: Self.otherSecret, formerSecrets: [Rules.secret], accessLifetime: 60,
            refreshLifetime: 180)
        let alone = try Tokens(
            secret: Self.otherSecret, accessLifetime: 60, refreshLifetime: 180)

        let access = try before.accessToken(of: .sample(), for: account, at: .start)
        #expect(try after.accessClaims(in: access).sessionID == Session.sample().id)
        #expect(throws: AuthError.invalidAccessToken) {
            try alone.accessClaims(in: access)
        }
        #expect(try after.accessClaims(in: signed()).sessionID == 5)
        let refresh = try before.refreshToken(of: .sample(), for: account)
        #expect(
            try after.refreshClaims(in: refresh, at: .start).claims.sessionID
                == Session.sample().id)
        #expect(throws: AuthError.invalidRefreshToken) {
            try alone.refreshClaims(in: refresh, at: .start)
        }
        #expect(throws: AuthError.refreshTokenRevoked) {
            try after.refreshClaims(in: access, at: .start)
        }
        #expect(throws: AuthError.invalidAccessToken) {
            try after.accessClaims(in: refresh)
        }
        let next = try after.accessToken(of: .sample(), for: account, at: .start)
        #expect(try alone.accessClaims(in: next).sessionID == Session.sample().id)
        #expect(throws: AuthError.invalidAccessToken) {
            try before.accessClaims(in: next)
        }
    }

    @Test func `a retry has the same number after the signing key was changed`() throws {
        let before = try tokens()
        let after = try Tokens(
            secret: Self.otherSecret, formerSecrets: [Rules.secret], accessLifetime: 60,
            refreshLifetime: 180)
        let refresh = try before.refreshToken(of: .sample(), for: account)

        let first = try before.refreshClaims(in: refresh, at: .start).key.retryKey(for: "x")
        let again = try after.refreshClaims(in: refresh, at: .start).key.retryKey(for: "x")

        #expect(first == again)
    }

    private static let otherSecret = Array("another secret of more than 32 bytes".utf8)

    private func tokens() throws -> Tokens {
        try Tokens(secret: Rules.secret, accessLifetime: 60, refreshLifetime: 180)
    }

    private static let goodClaims =
        #"{"sub":"1","sid":"5","gen":0,"iat":1,"exp":9999999999,"username":"x"}"#

    /// A token that the secret has signed, by default a good access token.
    private func signed(
        header: String? = nil, claims: String = goodClaims
    ) throws -> String {
        let name = try SigningKey(secret: Rules.secret).name()
        let header = header ?? #"{"alg":"HS256","typ":"at+jwt","kid":"\#(name)"}"#
        var token: [UInt8] = []
        Base64URL.append(Array(header.utf8).span, to: &token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(Array(claims.utf8).span, to: &token)
        let code = try SigningKey(secret: Rules.secret).code(for: token.span)
        token.append(UInt8(ascii: "."))
        Base64URL.append(code.span, to: &token)
        return String(decoding: token, as: UTF8.self)
    }
}
