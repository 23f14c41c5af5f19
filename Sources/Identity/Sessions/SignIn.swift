/// The outcome of a sign-in with a right password.
///
/// A second factor would become another case. Callers switch over the outcome, so there would still
/// be a single path for signing in.
public enum SignIn: Sendable {
    /// A session has begun.
    case signedIn(IssuedTokens)
}
