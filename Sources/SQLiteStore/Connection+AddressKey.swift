import CSQLite
import Identity

extension Connection {
    /// Registers the SQL function `key_of_address(text)`, which a migration calls.
    ///
    /// The function returns `Account.addressKey(of:)` of its argument. SQL alone cannot compute the
    /// key, because it has no function that maps the domain of an address (UTS #46).
    func registerAddressKey() throws(SQLiteError) {
        let code = sqlite3_create_function_v2(
            handle, "key_of_address", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
            { context, _, values in
                // sqlite3_value_text must be called before sqlite3_value_bytes.
                guard let value = values?[0], let text = sqlite3_value_text(value) else { return }
                let bytes = UnsafeBufferPointer(
                    start: text, count: Int(sqlite3_value_bytes(value)))
                var key = Account.addressKey(of: String(decoding: bytes, as: UTF8.self))
                key.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { bytes in
                        CSQLite_result_text(context, bytes.baseAddress, UInt64(bytes.count))
                    }
                }
            }, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw SQLiteError(
                code: code, call: "sqlite3_create_function_v2", connection: handle)
        }
    }
}
