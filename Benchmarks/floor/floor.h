/* The floor: what the two requests of the benchmarks cost in plain C, on Gatehouse's loop.
 *
 * The same work by the same means: epoll over libfcgi, OpenSSL's pre-keyed HMAC, one prepared
 * statement, JSON written as rows are read. No memory is asked for per request, save by the
 * libraries. It is no server for anything else: it knows two routes and writes nothing.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <fcgiapp.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that are used again for each answer. */
struct bytes {
    char *start;
    size_t count, room;
};

void append(struct bytes *, const char *, size_t);
void append_number(struct bytes *, int64_t);
void append_string(struct bytes *, const char *, size_t); /* quoted and escaped, RFC 8259 */
#define APPEND(bytes, literal) append(bytes, literal, sizeof literal - 1)

/* What an access token says. */
struct claims {
    int64_t session, account, expires_at, not_before;
};

void prepare_decoding(void); /* once, before there are threads */
EVP_MAC_CTX *make_key(const char *secret);
/* Whether a text is an access token with a good signature, and what it says. */
bool read_token(EVP_MAC_CTX *, const char *, size_t, struct claims *);

/* One thread's own. */
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
