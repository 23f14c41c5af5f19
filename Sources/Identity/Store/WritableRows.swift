public import Directory

/// Reads and changes all kinds of rows inside `Store.write`.
public protocol WritableRows:
    Rows, WritableAccountRows, WritableSessionRows, WritableFailureRows, WritableEventRows,
    WritableDirectoryRows
{
    /// Reserves all IDs up to `number`, so that accounts and people added later get greater IDs.
    func reserveIDs(upTo number: Int64) throws
}
