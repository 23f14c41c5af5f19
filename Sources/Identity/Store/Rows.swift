public import Directory

/// Reads all kinds of rows inside `Store.read` and `Store.write`.
///
/// A function that needs only one kind of rows takes the protocol of that kind, such as
/// `AccountRows`, so that it cannot read other rows.
public protocol Rows: AccountRows, SessionRows, FailureRows, EventRows, DirectoryRows {}
