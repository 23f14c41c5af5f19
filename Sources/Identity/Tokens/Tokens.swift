import Cryptography
import JSON

/// Signs and reads access tokens and refresh tokens, which are JWTs (RFC 7519) with HS256 (RFC
/// 7518, section 3.2).
///
/// A token of one type is never accepted as the other. An access token has the type `at+jwt` and is
/// signed with the secret itself, so that other programs of the operator can verify it. A refresh
/// token has the type `rt+jwt` and is signed with a key derived from the secret. As RFC 8725
/// requires, the algorithm is never negotiated (section 3.1), tokens have explicit types (section
/// 3.11) and different keys (section 3.12), and all claims are validated (sections 3.8 to 3.10).
public struct Tokens: Sendable {
    /// The lifetime of an access token, in seconds.
    public let accessLifetime: Int64
    /// The lifetime of a session and of its refresh tokens, in seconds.
    public let refreshLifetime: Int64
    /// The keys that sign new tokens.
    private let key: KeySet
    /// Former keys, whose tokens are still accepted.
    private let formerKeys: [KeySet]

    /// Derives the signing keys from secrets.
    ///
    /// - Parameters:
    ///   - secret: At least 32 bytes, known only to the server (RFC 7518, section 3.2).
    ///   - formerSecrets: Earlier secrets whose tokens are still accepted.
    ///   - accessLifetime: The lifetime of an access token, in seconds.
    ///   - refreshLifetime: The lifetime of a session, in seconds.
    /// - Throws: `CryptographyError`.
    public init(
        secret: [UInt8], formerSecrets: [[UInt8]] = [], accessLifetime: Int64,
        refreshLifetime: Int64
    ) throws {
        self.accessLifetime = accessLifetime
        self.refreshLifetime = refreshLifetime
        key = try KeySet(secret: secret)
        formerKeys = try formerSecrets.map(KeySet.init)
    }

    /// The rules that limit how fast passwords can be guessed, with keys derived from the secrets.
    var throttle: Throttle {
        let sets = [key] + formerKeys
        return Throttle(keys: sets.map(\.throttleKey), deviceKeys: sets.map(\.deviceKey))
    }

    /// Issues an access token and a refresh token of a session's newest generation.
    func issue(
        for session: Session, of account: Account, at now: Timestamp
    ) throws -> IssuedTokens {
        IssuedTokens(
            accessToken: try accessToken(of: session, for: account, at: now),
            accessMaxAge: accessLifetime,
            refreshToken: try refreshToken(of: session, for: account),
            refreshMaxAge: session.expiresAt.seconds - now.seconds)
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
        return try key.access.sign(json.bytes)
    }

    /// Returns the claims of an access token that Gatehouse signed, even if it has expired.
    ///
    /// - Throws: `AuthError.invalidAccessToken`.
    func accessClaims(in token: String) throws -> Claims {
        var claims = try key.access.claims(in: token)
        for key in formerKeys where claims == nil { claims = try key.access.claims(in: token) }
        guard let claims else { throw AuthError.invalidAccessToken }
        return claims
    }

    // MARK: Refresh tokens

    /// Signs the refresh token of a session's newest generation.
    ///
    /// The token is a pure function of the key and the session, so signing it again gives the same
    /// bytes.
    func refreshToken(of session: Session, for account: Account) throws -> String {
        var json = JSONWriter(capacity: 256)
        Claims(of: session, from: session.family.rotatedAt.seconds, to: session.expiresAt.seconds)
            .write(to: &json)
        json.append(#","username":"#)
        json.append(string: account.email)
        json.append("}")
        return try key.refresh.sign(json.bytes)
    }

    /// Returns the claims of a refresh token and the key set that signed it.
    ///
    /// - Throws: `AuthError.invalidRefreshToken`; `AuthError.refreshTokenRevoked` for a token of
    ///   another type that was signed with the same secret, because such a token names no session.
    func refreshClaims(
        in token: String, at now: Timestamp
    ) throws -> (claims: Claims, key: KeySet) {
        let keys = [key] + formerKeys
        for key in keys {
            guard let claims = try key.refresh.claims(in: token) else { continue }
            guard claims.areCurrent(at: now) else { throw AuthError.invalidRefreshToken }
            return (claims, key)
        }
        throw try keys.contains { try $0.access.hasSigned(token, at: now) }
            ? AuthError.refreshTokenRevoked : AuthError.invalidRefreshToken
    }
}
