/// The outcome of a sign-in with a right password.
///
/// This is an enum so that a second factor could be added as another case. Callers switch over the
/// outcome, so every sign-in would still take the same path.
public enum SignIn: Sendable {
    /// A session has begun.
    ///
    /// The client should send the cookie `device` with its next login, so that this login is not
    /// delayed while others guess passwords of the account.
    case signedIn(IssuedTokens, device: String)
}
