/// The outcome of a sign-in with a right password.
///
/// A second factor would become another case. Callers switch over the outcome, so there would still
/// be a single path for signing in.
public enum SignIn: Sendable {
    /// A session has begun.
    ///
    /// The client should send the cookie `device` with its next login, which is then not delayed
    /// when others guess passwords of the account.
    case signedIn(IssuedTokens, device: String)
}
