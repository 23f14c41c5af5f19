import Identity

// To be deleted with this file once Identity has the rule of this signature: until then every
// current password is wrong.
extension Sessions {
    func changePassword(
        of caller: Caller, from current: String, to new: String, from client: Client,
        at now: Timestamp
    ) async throws {
        throw Refusal.wrongPassword
    }
}
