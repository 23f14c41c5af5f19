/// Generates passwords that satisfy the rules for new passwords, with and without strict mode.
enum GeneratedPassword {
    /// Letters and digits, without those that look like others.
    private static let characters = Array(
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789")

    /// Returns a random password of 20 letters and digits (115 bits), in groups that are easy to
    /// read out.
    static func make() -> String {
        var randomness = SystemRandomNumberGenerator()
        while true {
            let groups = (0..<4).map { _ in
                String((0..<5).compactMap { _ in characters.randomElement(using: &randomness) })
            }
            let password = groups.joined(separator: "@")
            // The contract asks for all four kinds of character; nearly every password has them.
            if password.contains(where: \.isUppercase), password.contains(where: \.isLowercase),
                password.contains(where: \.isNumber)
            {
                return password
            }
        }
    }
}
