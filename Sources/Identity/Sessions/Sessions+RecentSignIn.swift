extension Sessions {
    /// How long after its start a session may administer accounts and end other sessions, in
    /// milliseconds.
    public static let recentSignInLifetime: Int64 = 600_000

    /// Returns whether the caller's session began less than `recentSignInLifetime` ago.
    ///
    /// A session begins with a proof of the password: a login or a password change. A refresh never
    /// changes the time at which the session began. So a thief with a copy of the tokens, but
    /// without the password, cannot administer accounts for long.
    ///
    /// - Throws: An error thrown by the store.
    public func hasSignedInRecently(_ caller: Caller, at now: Timestamp) async throws -> Bool {
        let session = try await store.read { try $0.session(id: caller.sessionID)?.session }
        guard let session else { return false }
        // The start may be in the future, because the clock may have been set back.
        return abs(now.milliseconds - session.startedAt.milliseconds) < Self.recentSignInLifetime
    }
}
