import Cryptography

/// All that one secret is for: the two kinds of token, and what stands for texts in the store.
struct KeySet: Sendable {
    let access: TokenSigner
    let refresh: TokenSigner
    /// Stands for who guesses at whose password.
    let throttleKey: SigningKey
    private let retries: SigningKey

    init(secret: [UInt8]) throws {
        let key = try SigningKey(secret: secret)
        let name = try key.name()
        access = TokenSigner(type: "at+jwt", key: key, name: name)
        refresh = TokenSigner(
            type: "rt+jwt", key: try key.derived(for: "gatehouse refresh token"), name: name)
        throttleKey = try key.derived(for: "gatehouse password guesses")
        retries = try key.derived(for: "gatehouse idempotency key")
    }

    /// What stands for the `Idempotency-Key` of a refresh in the store.
    ///
    /// A retry shows the same refresh token as the first attempt. So by the key that has signed
    /// that, both have the same number, even if another key signs in between.
    func retryKey(for text: String) throws -> Int64 {
        try retries.number(for: text)
    }
}

extension SigningKey {
    /// The first 64 bits of a text's authentication code.
    func number(for text: String) throws -> Int64 {
        let code = try code(for: text.utf8.span)
        return code.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
