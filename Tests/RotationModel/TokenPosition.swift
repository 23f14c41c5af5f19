/// The position of a token's generation g in its refresh token family.
///
/// Let n be the newest generation and p the previous one, which was exchanged for n. No rule needs to
/// know more about g than its position, so a few values replace unbounded numbers.
package enum TokenPosition: UInt8, CaseIterable, Sendable {
    /// g = n.
    case newest
    /// p < g < n: also issued in exchange for p, and superseded when p was presented again.
    case sibling
    /// g = p; if the previous generation is no longer acceptable (p = n), g = n - 1.
    case previous
    /// Every generation before p.
    case older
    /// The newest token of a separate branch. It occurs only in the mutant in which each use during a
    /// grace period issues a separate token.
    case fork
}
