/// What becomes of a session when a refresh token of it is presented.
///
/// The heart of the product, and all of it: the rule has no other place. Strict here: a refresh
/// token is good once.
enum Rotation: Equatable, Sendable {
    /// The refresh token of the new newest generation is handed out.
    case rotated(Session)
    /// A generation that was rotated away: somebody has a copy. The session ends (RFC 9700,
    /// section 4.14.2), for thief and owner alike, since nobody can tell them apart.
    case reused(Session)
    /// The session had ended before.
    case ended

    /// Decides.
    init(of session: Session, presenting generation: Int64, at now: Timestamp) {
        var session = session
        guard session.isLive(at: now) else {
            self = .ended
            return
        }
        guard generation == session.generation else {
            session.endedAt = now
            self = .reused(session)
            return
        }
        session.generation += 1
        session.rotatedAt = now
        self = .rotated(session)
    }
}
