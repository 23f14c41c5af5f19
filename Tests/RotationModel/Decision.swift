/// The server's decision on a presented token.
package enum Decision: Equatable, Sendable {
    /// Issue tokens of generation n + 1 in exchange for n.
    case rotated
    /// Issue tokens of generation n + 1 in exchange for p, a second time; n is superseded.
    case replaced
    /// Issue the refresh token of generation n again, with a new access token.
    case reissued
    /// Issue a new access token of generation n and no refresh token, because the client presented n.
    case accessTokenOnly
    /// Accept the access token.
    case accepted
    /// Refuse the token and end the session.
    case refused
    /// Issue tokens of a separate branch; only one mutant does that.
    case forked
}
