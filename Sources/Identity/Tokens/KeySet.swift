import Cryptography

/// The keys that are derived from one secret.
///
/// Two of them sign access tokens and refresh tokens, and a third signs the cookies of known
/// devices. The others compute authentication codes, which the store contains instead of the
/// original strings.
struct KeySet: Sendable {
    let access: TokenSigner
    let refresh: TokenSigner
    /// The key for the authentication codes that identify failure counters in the store.
    let throttleKey: SigningKey
    /// The key that signs the cookies of known devices.
    let deviceKey: SigningKey
    private let retryKeys: SigningKey

    init(secret: [UInt8]) throws {
        let key = try SigningKey(secret: secret)
        let name = try key.name()
        access = TokenSigner(type: "at+jwt", key: key, name: name)
        refresh = TokenSigner(
            type: "rt+jwt", key: try key.derived(for: "gatehouse refresh token"), name: name)
        throttleKey = try key.derived(for: "gatehouse password guesses")
        deviceKey = try key.derived(for: "gatehouse known device")
        retryKeys = try key.derived(for: "gatehouse idempotency key")
    }

    /// Returns the authentication code that the store contains instead of the `Idempotency-Key` of
    /// a refresh.
    ///
    /// Use the key set that signed the refresh token. A retry sends the same token as the first
    /// request, so both requests get the same code, even if the signing key was changed in between.
    func retryKey(for text: String) throws -> Int64 {
        try retryKeys.number(for: text)
    }
}
