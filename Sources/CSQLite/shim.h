#include <sqlite3.h>

// Binds a copy of a string to a parameter of a prepared statement. Swift cannot import
// SQLITE_TRANSIENT, because this macro is a cast.
static inline int CSQLite_bind_text(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Returns a copy of a string from an SQL function. Swift cannot import SQLITE_TRANSIENT.
static inline void CSQLite_result_text(
    sqlite3_context *context, const char *text, sqlite3_uint64 count) {
    sqlite3_result_text64(context, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Turns off SQLite's memory statistics, because they make every allocation of every thread take the
// same lock. Swift cannot import sqlite3_config, because it is variadic.
static inline int CSQLite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// Makes a connection distrust the database file: SQL cannot corrupt the file, and its triggers and
// views can call no function with side effects (https://sqlite.org/security.html). Swift cannot
// import sqlite3_db_config, because it is variadic.
static inline int CSQLite_distrust_file(sqlite3 *connection) {
    int result = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (result != SQLITE_OK) return result;
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

// Returns the errno of the last failed operation on the write-ahead log, or 0. After a failed
// commit, sqlite3_system_errno returns 0, but the log's sqlite3_file still has the errno. The
// method table of the sqlite3_file gives access to it.
static inline int CSQLite_log_errno(sqlite3 *connection) {
    sqlite3_file *log = 0;
    int number = 0;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK
        && log != 0 && log->pMethods != 0) {
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    return number;
}
