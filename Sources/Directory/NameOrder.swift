/// What the key of a person (`NameRange`) begins with when people are sorted and searched by name.
///
/// A person has one key in each of the first two orders, and one more key for each word of a name
/// after its first word.
public enum NameOrder: Int64, CaseIterable, Sendable {
    /// The last name, as in `Lovelace Ada`; a sorted list of all people has this order.
    case lastNameFirst = 0
    /// The first name, as in `Ada Lovelace`.
    case firstNameFirst = 1
    /// A later word of the last name, as in `Berg Ada` for Ada van der Berg.
    case lastNameWord = 2
    /// A later word of the first name, as in `Ann Lovelace` for Mary Ann Lovelace.
    case firstNameWord = 3
}
