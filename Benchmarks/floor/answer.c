#include "floor.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static int64_t now_in_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)) abort();
    return statement;
}

void open_database(struct worker *worker, const char *path) {
    if (sqlite3_open_v2(path, &worker->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
        abort();
    sqlite3_busy_timeout(worker->database, 5000);
    if (sqlite3_exec(worker->database, "PRAGMA query_only = ON", NULL, NULL, NULL)) abort();
    worker->session = prepare(
        worker->database,
        "SELECT account_id, expires_at, ended_at, is_disabled, email, role"
        " FROM sessions JOIN accounts ON accounts.id = account_id WHERE sessions.id = ?1");
    worker->people =
        prepare(worker->database, "SELECT id, first_name, last_name FROM people ORDER BY id");
}

/* Returns the value of the cookie with the given name; RFC 6265, section 5.4. */
static const char *find_cookie(const char *field, const char *name, size_t *count) {
    size_t length = strlen(name);
    while (field) {
        field += strspn(field, " \t;");
        const char *end = strchrnul(field, ';');
        if (!strncmp(field, name, length) && field[length] == '=') {
            const char *value = field + length + 1;
            while (end > value && (end[-1] == ' ' || end[-1] == '\t')) end--;
            if (end - value > 1 && *value == '"' && end[-1] == '"') value++, end--;
            *count = end - value;
            return *count ? value : NULL;
        }
        field = *end ? end + 1 : NULL;
    }
    return NULL;
}

static const char *find_token(FCGX_ParamArray parameters, size_t *count) {
    const char *token = find_cookie(FCGX_GetParam("HTTP_COOKIE", parameters), "accessToken", count);
    if (token) return token;
    const char *field = FCGX_GetParam("HTTP_AUTHORIZATION", parameters);
    if (!field) return NULL;
    bool is_bearer = !strncasecmp(field, "Bearer ", 7);
    *count = is_bearer ? strlen(field + 7) : 0;
    return is_bearer ? field + 7 : "";
}

static void send(struct worker *worker, const char *status) {
    struct bytes *head = &worker->head, *body = &worker->body;
    head->count = 0;
    APPEND(head, "Status: ");
    append(head, status, strlen(status));
    APPEND(head, "\r\nCache-Control: no-store\r\nContent-Type: application/json; charset=utf-8"
                 "\r\nContent-Length: ");
    append_number(head, body->count);
    APPEND(head, "\r\n\r\n");
    FCGX_PutStr(head->start, head->count, worker->request.out);
    FCGX_PutStr(body->start, body->count, worker->request.out);
}

#define REFUSE(worker, code, name, message)                                                       \
    do {                                                                                          \
        APPEND(&(worker)->body, "{\"statusCode\":" #code ",\"message\":\"" message "\"}");        \
        return send(worker, #code " " name);                                                      \
    } while (0)

/* Returns whether the session is active; its row stays readable until the statement is reset. */
static bool resume(struct worker *worker, const struct claims *claims, int64_t now) {
    sqlite3_stmt *row = worker->session;
    sqlite3_bind_int64(row, 1, claims->session);
    return sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int64(row, 0) == claims->account &&
           now < sqlite3_column_int64(row, 1) && sqlite3_column_type(row, 2) == SQLITE_NULL &&
           !sqlite3_column_int64(row, 3);
}

static void append_column(struct bytes *bytes, sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    append_string(bytes, text, sqlite3_column_bytes(row, column));
}

static void write_me(struct bytes *body, sqlite3_stmt *row) {
    APPEND(body, "{\"username\":");
    append_column(body, row, 4);
    APPEND(body, ",\"role\":");
    append_column(body, row, 5);
    APPEND(body, "}");
}

static void write_people(struct bytes *body, sqlite3_stmt *rows) {
    APPEND(body, "[");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        if (body->count > 1) APPEND(body, ",");
        APPEND(body, "{\"id\":");
        append_number(body, sqlite3_column_int64(rows, 0));
        APPEND(body, ",\"firstName\":");
        append_column(body, rows, 1);
        APPEND(body, ",\"lastName\":");
        append_column(body, rows, 2);
        APPEND(body, "}");
    }
    APPEND(body, "]");
    sqlite3_reset(rows);
}

void answer(struct worker *worker) {
    FCGX_ParamArray parameters = worker->request.envp;
    const char *method = FCGX_GetParam("REQUEST_METHOD", parameters);
    const char *target = FCGX_GetParam("REQUEST_URI", parameters);
    struct claims claims = {0};
    size_t count;

    worker->body.count = 0;
    bool is_me = method && target && !strcmp(method, "GET") && !strcmp(target, "/api/auth/me");
    bool is_people = method && target && !strcmp(method, "GET") && !strcmp(target, "/api/people");
    if (!is_me && !is_people) REFUSE(worker, 404, "Not Found", "Route not found");

    const char *token = find_token(parameters, &count);
    if (!token) REFUSE(worker, 401, "Unauthorized", "Access token required");
    int64_t now = now_in_milliseconds();
    bool is_good = read_token(worker->key, token, count, &claims) &&
                   now / 1000 < claims.expires_at && claims.not_before <= now / 1000 &&
                   resume(worker, &claims, now);
    if (is_good && is_me) write_me(&worker->body, worker->session);
    sqlite3_reset(worker->session);
    if (!is_good) REFUSE(worker, 403, "Forbidden", "Invalid or expired token");
    if (is_people) write_people(&worker->body, worker->people);
    send(worker, "200 OK");
}
