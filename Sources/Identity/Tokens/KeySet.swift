import Cryptography

/// The keys derived from one secret: they sign both types of token, and authentication codes
/// that stand for texts in the store.
struct KeySet: Sendable {
    let access: TokenSigner
    let refresh: TokenSigner
    /// Computes the keys of the throttle's failure counters.
    let throttleKey: SigningKey
    private let retryKeys: SigningKey

    init(secret: [UInt8]) throws {
        let key = try SigningKey(secret: secret)
        let name = try key.name()
        access = TokenSigner(type: "at+jwt", key: key, name: name)
        refresh = TokenSigner(
            type: "rt+jwt", key: try key.derived(for: "gatehouse refresh token"), name: name)
        throttleKey = try key.derived(for: "gatehouse password guesses")
        retryKeys = try key.derived(for: "gatehouse idempotency key")
    }

    /// The number that stands for the `Idempotency-Key` of a refresh in the store.
    ///
    /// Use the key set that signed the refresh token. A retry sends the same token as the first
    /// attempt, so both get the same number even if the signing key was changed in between.
    func retryKey(for text: String) throws -> Int64 {
        try retryKeys.number(for: text)
    }
}
