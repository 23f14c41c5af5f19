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
    /// Signs.
    private let key: KeySet
    /// Sign nothing any more, but what they have signed is good.
    private let formerKeys: [KeySet]

    /// Makes the keys.
    ///
    /// - Parameters:
    ///   - secret: At least 32 bytes, of which only the server knows (RFC 7518, section 3.2).
    ///   - formerSecrets: Secrets of before whose tokens are still good.
    ///   - accessLifetime: In seconds.
    ///   - refreshLifetime: In seconds.
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

    /// Stands for who guesses at whose password.
    var throttleKey: SigningKey { key.throttleKey }

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

    /// Reads a genuine access token, expired or not.
    ///
    /// - Throws: `AuthError.invalidAccessToken`.
    func accessClaims(in token: String) throws -> Claims {
        var claims = try key.access.claims(in: token)
        for key in formerKeys where claims == nil { claims = try key.access.claims(in: token) }
        guard let claims else { throw AuthError.invalidAccessToken }
        return claims
    }

    // MARK: Refresh tokens

    /// Signs the refresh token of the session's newest generation.
    ///
    /// A pure function of the key and the session: signed again, it has the same bytes.
    func refreshToken(of session: Session, for account: Account) throws -> String {
        var json = JSONWriter(capacity: 256)
        Claims(of: session, from: session.family.rotatedAt.seconds, to: session.expiresAt.seconds)
            .write(to: &json)
        json.append(#","username":"#)
        json.append(string: account.email)
        json.append("}")
        return try key.refresh.sign(json.bytes)
    }

    /// What a refresh token says, and the key that has signed it.
    ///
    /// - Throws: `AuthError.invalidRefreshToken`; `refreshTokenRevoked` for another kind of token that
    ///   the secret has signed, which names no session here.
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
