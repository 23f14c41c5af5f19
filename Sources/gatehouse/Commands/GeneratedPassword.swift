/// Generates passwords that satisfy the rules for new passwords, whether `GATEHOUSE_STRICT` is on
/// or off.
enum GeneratedPassword {
    /// Letters and digits, except those that are easily confused, such as `O` and `0`.
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
            // The HTTP contract requires an upper-case letter, a lower-case letter, a digit and a
            // symbol. Nearly every generated password contains all four.
            if password.contains(where: \.isUppercase), password.contains(where: \.isLowercase),
                password.contains(where: \.isNumber)
            {
                return password
            }
        }
    }
}
