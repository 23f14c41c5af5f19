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
