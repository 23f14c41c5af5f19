/// The validation rule for a plain text field, which must not be empty or too long.
public struct TextRule: Sendable {
    /// A way in which a string violates the rule.
    public enum Violation: Equatable, Sendable {
        /// The field is empty.
        case empty(field: String)
        /// The field is longer than this number of UTF-16 units.
        case tooLong(field: String, maximum: Int)
    }

    /// The field's name.
    public let field: String
    /// The maximum length, in UTF-16 units.
    public let maximum: Int

    /// Creates the rule for a field.
    public init(field: String, maximum: Int) {
        self.field = field
        self.maximum = maximum
    }

    /// Returns how a string violates the rule; the result is empty if the string is valid.
    public func violations(in text: String) -> [Violation] {
        if text.isEmpty { return [.empty(field: field)] }
        return text.utf16.count > maximum ? [.tooLong(field: field, maximum: maximum)] : []
    }
}

extension TextRule.Violation: CustomStringConvertible {
    /// The description of the violation for the operator.
    public var description: String {
        switch self {
        case .empty(let field): "\(field) must not be empty"
        case .tooLong(let field, let maximum): "\(field) must have at most \(maximum) characters"
        }
    }
}
