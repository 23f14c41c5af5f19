#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast, which Swift does not import. Binds a copy of the text.
static inline int CSQLite_bind_text(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// sqlite3_config is variadic, which Swift does not import. Switches off the count of allocated
// bytes, for which every allocation of every thread takes one lock.
static inline int CSQLite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// A commit that fails leaves no number for sqlite3_system_errno; the write-ahead log's file has it,
// which is reached through a table of functions. 0 where there is none.
static inline int CSQLite_log_errno(sqlite3 *connection) {
    sqlite3_file *log = 0;
    int number = 0;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK
        && log != 0 && log->pMethods != 0) {
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    return number;
}
