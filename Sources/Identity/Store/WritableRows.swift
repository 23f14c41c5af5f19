public import Directory

/// The rows that can be read and changed inside `Store.write`.
public protocol WritableRows:
    Rows, WritableAccountRows, WritableSessionRows, WritableFailureRows, WritableEventRows,
    WritableDirectoryRows
{
    /// Makes accounts and people that are added from now on get numbers greater than this one.
    func reserveIDs(upTo number: Int64) throws
}
