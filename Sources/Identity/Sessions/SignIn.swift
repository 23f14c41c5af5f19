/// The outcome of a sign-in with a right password.
///
/// A second factor would become another case. Callers switch over the outcome, so there would still
/// be a single path for signing in.
public enum SignIn: Sendable {
    /// A session has begun.
    ///
    /// The client should send `device` with its next login, so that strangers who guess at the
    /// account cannot make it wait.
    case signedIn(IssuedTokens, device: String)
}
