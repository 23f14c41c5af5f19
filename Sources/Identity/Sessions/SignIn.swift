/// The outcome of a sign-in whose password was right.
///
/// A second factor becomes another case here: callers switch over the outcome, so signing in keeps
/// a single path.
public enum SignIn: Sendable {
    /// A session has begun.
    case signedIn(IssuedTokens)
}
