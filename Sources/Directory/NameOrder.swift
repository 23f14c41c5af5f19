/// The order of the two names of a person when people are sorted and searched by name.
public enum NameOrder: Int64, CaseIterable, Sendable {
    /// The last name comes first, as in `Lovelace Ada`; a sorted list of all people has this order.
    case lastNameFirst = 0
    /// The first name comes first, as in `Ada Lovelace`.
    case firstNameFirst = 1
}
