#include <sqlite3.h>

// Binds a copy of a text. Swift cannot import SQLITE_TRANSIENT, because it is a cast.
static inline int CSQLite_bind_text(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Turns SQLite's memory accounting off, for which every allocation of every thread takes one lock.
// Swift cannot import sqlite3_config, because it is variadic.
static inline int CSQLite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// Returns the errno of the last failed operation on the write-ahead log, or 0. After a failed
// commit sqlite3_system_errno returns 0. The file of the log has the number, which is reached
// through its table of functions.
static inline int CSQLite_log_errno(sqlite3 *connection) {
    sqlite3_file *log = 0;
    int number = 0;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK
        && log != 0 && log->pMethods != 0) {
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    return number;
}
