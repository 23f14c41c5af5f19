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
    }

    // MARK: Access tokens

    /// Signs a new access token.
    func accessToken(of session: Session, for account: Account, at now: Timestamp) throws -> String
    {
        var claims = JSONWriter(capacity: 256)
        claims.append(#"{"username":"#)
        claims.append(string: account.email)
        claims.append(#","role":""#)
        claims.append(account.role.literal)
        claims.append(#"","sub":""#)
        claims.append(number: account.id)
        claims.append(#"","#)
        appendSession(session, to: &claims)
        appendTimes(from: now.seconds, to: now.seconds + accessLifetime, to: &claims)
        return try access.sign(claims.bytes)
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
        var claims = JSONWriter(capacity: 256)
        claims.append(#"{"username":"#)
        claims.append(string: account.email)
        claims.append(#","sub":""#)
        claims.append(number: account.id)
        claims.append(#"","#)
        appendSession(session, to: &claims)
        appendTimes(from: session.rotatedAt.seconds, to: session.expiresAt.seconds, to: &claims)
        return try refresh.sign(claims.bytes)
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

    private func appendSession(_ session: Session, to claims: inout JSONWriter) {
        claims.append(#""sid":""#)
        claims.append(number: session.id)
        claims.append(#"","gen":"#)
        claims.append(number: session.generation)
    }

    private func appendTimes(from: Int64, to: Int64, to claims: inout JSONWriter) {
        claims.append(#","iat":"#)
        claims.append(number: from)
        claims.append(#","exp":"#)
        claims.append(number: to)
        claims.append("}")
    }
}

/// What a token of either kind says of its session.
struct Claims: Equatable {
    let sessionID: Session.ID
    let accountID: Account.ID
    let generation: Int64
    let expiresAt: Int64
    let notBefore: Int64?

    init?(_ object: JSONObject) {
        guard let session = object["sid"]?.string.flatMap({ Session.ID($0) }),
            let account = object["sub"]?.string.flatMap({ Account.ID($0) }),
            let generation = object["gen"]?.integer, let expiresAt = object["exp"]?.integer
        else { return nil }
        sessionID = session
        accountID = account
        self.generation = generation
        self.expiresAt = expiresAt
        notBefore = object["nbf"]?.integer
    }

    /// RFC 7519, sections 4.1.4 and 4.1.5, without leeway: it is our own clock both times.
    func areCurrent(at now: Timestamp) -> Bool {
        now.seconds < expiresAt && (notBefore ?? 0) <= now.seconds
    }
}

extension Role {
    fileprivate var literal: StaticString {
        switch self {
        case .user: "user"
        case .admin: "admin"
        }
    }
}
