import Identity
import Testing

@testable import Doctor

struct CheckSecretTests {
    private func findings(_ variables: [String: String]) throws -> [Finding] {
        let installation = Installation(
            .init(), variables: variables, now: Timestamp(seconds: 0))
        return try Check.secret.flatMap { try $0.run(installation) }
    }

    @Test func `two secrets are an error that names both, and shows neither`() throws {
        let secret = "x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg"
        let variables = [
            "JWT_SECRET": secret, "JWT_SECRET_FILE": "/nonexistent/secret",
            "GATEHOUSE_SETTINGS": "",
        ]

        let conflict = try #require(findings(variables).first)

        #expect(conflict.severity == .error)
        #expect(conflict.what.contains("JWT_SECRET and JWT_SECRET_FILE; keep one of them"))
        #expect(!conflict.what.contains(secret))
    }

    @Test func `one good secret has no findings`() throws {
        #expect(
            try findings([
                "JWT_SECRET": "x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg", "GATEHOUSE_SETTINGS": "",
            ]).isEmpty)
    }
}
