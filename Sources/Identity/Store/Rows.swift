public import Directory

/// The rows that can be read inside `Store.read` and `Store.write`.
///
/// Rules that concern one area take the protocol of that area, so that they see no other rows.
public protocol Rows: AccountRows, SessionRows, FailureRows, EventRows, DirectoryRows {}
