/* The floor: the cost of the two benchmark requests in plain C, with Gatehouse's event loop.
 *
 * It does the same work in the same way: libfcgi with epoll, OpenSSL's HMAC with a prepared key,
 * one prepared statement, JSON written as rows are read. Only the libraries allocate memory per
 * request. It is not a complete server: it has two routes and writes nothing.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <fcgiapp.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A buffer that is reused for each response. */
struct bytes {
    char *start;
    size_t count, room;
};

void append(struct bytes *, const char *, size_t);
void append_number(struct bytes *, int64_t);
void append_string(struct bytes *, const char *, size_t); /* quoted and escaped, RFC 8259 */
#define APPEND(bytes, literal) append(bytes, literal, sizeof literal - 1)

/* The claims of an access token. */
struct claims {
    int64_t session, account, expires_at, not_before;
};

void prepare_decoding(void); /* call once, before starting threads */
EVP_MAC_CTX *make_key(const char *secret);
/* Returns whether a text is an access token with a valid signature, and reads its claims. */
bool read_token(EVP_MAC_CTX *, const char *, size_t, struct claims *);

/* The state of one thread. */
struct worker {
    FCGX_Request request;
    EVP_MAC_CTX *key;
    sqlite3 *database;
    sqlite3_stmt *session, *people;
    struct bytes head, body;
};

void open_database(struct worker *, const char *path);
void answer(struct worker *);

#endif
