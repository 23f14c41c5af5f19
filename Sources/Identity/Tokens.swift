import Cryptography
import JSON

/// Signs and reads the two kinds of token: JWTs (RFC 7519) with HS256 (RFC 7518, section 3.2).
///
/// The kinds never mix. An access token is signed with the secret itself, so that other programs
/// of the operator can verify it, and has the type `at+jwt`; a refresh token with a key derived
/// from it, and has the type `rt+jwt`. Of RFC 8725: the algorithm is never negotiated (3.1), kinds
/// have explicit types (3.11) and different keys (3.12), all claims are validated (3.8 to 3.10).
public struct Tokens: Sendable {
    /// How long an access token is good for, in seconds.
    public let accessLifetime: Int64
    /// How long a session lives, and the refresh token of its last generation, in seconds.
    public let refreshLifetime: Int64
    private let access: TokenKind
    private let refresh: TokenKind
    private let retry: SigningKey
    /// Stands for who guesses at whose password.
    let guesses: SigningKey

    /// Makes the keys.
    ///
    /// - Parameters:
    ///   - secret: At least 32 bytes, of which only the server knows (RFC 7518, section 3.2).
    ///   - accessLifetime: In seconds.
    ///   - refreshLifetime: In seconds.
    /// - Throws: `CryptographyError`.
    public init(secret: [UInt8], accessLifetime: Int64, refreshLifetime: Int64) throws {
        self.accessLifetime = accessLifetime
        self.refreshLifetime = refreshLifetime
        let key = try SigningKey(secret: secret)
        access = TokenKind(type: "at+jwt", key: key)
        refresh = TokenKind(type: "rt+jwt", key: try key.derived(for: "gatehouse refresh token"))
        retry = try key.derived(for: "gatehouse idempotency key")
        guesses = try key.derived(for: "gatehouse password guesses")
    }

    // MARK: Access tokens

    /// Signs a new access token.
    func accessToken(of session: Session, for account: Account, at now: Timestamp) throws -> String
    {
        var json = JSONWriter(capacity: 256)
        Claims(of: session, from: now.seconds, to: now.seconds + accessLifetime).write(to: &json)
        json.append(#","username":"#)
        json.append(string: account.email)
        json.append(#","role":"#)
        json.append(string: account.role.rawValue)
        json.append("}")
        return try access.sign(json.bytes)
    }

    /// What an access token says.
    ///
    /// - Throws: `Refusal.invalidAccessToken`.
    func accessClaims(in token: String, at now: Timestamp) throws -> Claims {
        guard let claims = try access.claims(in: token), claims.areCurrent(at: now) else {
            throw Refusal.invalidAccessToken
        }
        return claims
    }

    // MARK: Refresh tokens

    /// Signs the refresh token of the session's newest generation.
    ///
    /// A pure function of the key and the session: signed again, it has the same bytes.
    func refreshToken(of session: Session, for account: Account) throws -> String {
        var json = JSONWriter(capacity: 256)
        Claims(of: session, from: session.chain.rotatedAt.seconds, to: session.expiresAt.seconds)
            .write(to: &json)
        json.append(#","username":"#)
        json.append(string: account.email)
        json.append("}")
        return try refresh.sign(json.bytes)
    }

    /// What a refresh token says.
    ///
    /// - Throws: `Refusal.invalidRefreshToken`; `endedRefreshToken` for another kind of token that
    ///   the secret has signed, which names no session here.
    func refreshClaims(in token: String, at now: Timestamp) throws -> Claims {
        if let claims = try refresh.claims(in: token) {
            guard claims.areCurrent(at: now) else { throw Refusal.invalidRefreshToken }
            return claims
        }
        throw try access.hasSigned(token, at: now)
            ? Refusal.endedRefreshToken : Refusal.invalidRefreshToken
    }

    // MARK: Retries

    /// What stands for the `Idempotency-Key` of a refresh in the store.
    func retryKey(for text: String) throws -> Int64 {
        try retry.number(for: text)
    }
}

extension SigningKey {
    /// The first 64 bits of a text's authentication code.
    func number(for text: String) throws -> Int64 {
        let code = try code(for: text.utf8.span)
        return code.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
