#include "floor.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { CODE = 32, CODE_TEXT = 43, LONGEST_CLAIMS = 1024 };

/* A context with a prepared key; initialising it without a key argument reuses that key. */
EVP_MAC_CTX *make_key(const char *secret) {
    EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *key = EVP_MAC_CTX_new(algorithm);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC_free(algorithm);
    if (!EVP_MAC_init(key, (const unsigned char *)secret, strlen(secret), parameters)) abort();
    return key;
}

static unsigned char values[256];

void prepare_decoding(void) {
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    memset(values, 0xFF, sizeof values);
    for (int i = 0; i < 64; i++) values[(unsigned char)alphabet[i]] = i;
}

/* Decodes Base64url (RFC 4648, section 5). It is strict, so that each token has one spelling.
 * Returns the length, or -1. */
static int decode(const char *text, size_t count, unsigned char *plain, size_t room) {
    if (count % 4 == 1 || count * 3 / 4 > room) return -1;
    uint32_t bits = 0;
    int held = 0, next = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char value = values[(unsigned char)text[i]];
        if (value == 0xFF) return -1;
        bits = bits << 6 | value;
        if ((held += 6) < 8) continue;
        held -= 8;
        plain[next++] = bits >> held;
    }
    return bits & ((1u << held) - 1) ? -1 : next;
}

static bool is_signed(EVP_MAC_CTX *key, const char *text, size_t count, const unsigned char *code) {
    unsigned char expected[CODE];
    size_t length;
    return EVP_MAC_init(key, NULL, 0, NULL) &&
           EVP_MAC_update(key, (const unsigned char *)text, count) &&
           EVP_MAC_final(key, expected, &length, sizeof expected) && length == CODE &&
           CRYPTO_memcmp(expected, code, CODE) == 0;
}

/* Reads a string without decoding escapes; returns NULL if it has no closing quote. */
static const char *skip_string(const char *at, const char *end) {
    for (; at < end && *at != '"'; at++)
        if ((unsigned char)*at < 0x20 || (*at == '\\' && ++at == end)) return NULL;
    return at < end ? at : NULL;
}

static bool read_number(const char *at, const char *end, int64_t *number) {
    if (at == end || end - at > 19) return false;
    uint64_t value = 0;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9') return false;
        value = value * 10 + (*at - '0');
    }
    *number = value;
    return value <= INT64_MAX;
}

/* The required claims as bits, for checking that all are present. */
enum { SID = 1, SUB = 2, GEN = 4, EXP = 8, NBF = 16 };

static int claim(const char *name, size_t count, const char *value, const char *end,
                 struct claims *claims) {
    int64_t unused;
    if (count != 3) return 0;
    if (!memcmp(name, "sid", 3)) return read_number(value, end, &claims->session) ? SID : -1;
    if (!memcmp(name, "sub", 3)) return read_number(value, end, &claims->account) ? SUB : -1;
    if (!memcmp(name, "gen", 3)) return read_number(value, end, &unused) ? GEN : -1;
    if (!memcmp(name, "exp", 3)) return read_number(value, end, &claims->expires_at) ? EXP : -1;
    if (!memcmp(name, "nbf", 3)) return read_number(value, end, &claims->not_before) ? NBF : -1;
    return 0;
}

/* Reads a flat object without white space, as Gatehouse writes it. */
static bool read_claims(const char *at, const char *end, struct claims *claims) {
    int found = 0;
    if (at == end || *at++ != '{') return false;
    while (at < end && *at++ == '"') {
        const char *name = at, *name_end = skip_string(at, end);
        if (!name_end || end - name_end < 3 || name_end[1] != ':') return false;
        const char *value = name_end + 2, *value_end;
        if (*value == '"') {
            value_end = skip_string(++value, end);
            if (!value_end) return false;
            at = value_end + 1;
        } else {
            for (value_end = value; value_end < end && *value_end != ',' && *value_end != '}';)
                value_end++;
            at = value_end;
        }
        int which = claim(name, name_end - name, value, value_end, claims);
        if (which < 0 || found & which || at == end) return false;
        found |= which;
        if (*at == '}') return at + 1 == end && (found | NBF) == (SID | SUB | GEN | EXP | NBF);
        if (*at++ != ',') return false;
    }
    return false;
}

bool read_token(EVP_MAC_CTX *key, const char *text, size_t count, struct claims *claims) {
    /* {"alg":"HS256","typ":"at+jwt","kid":"8d55a7"}: the header, with the name of the
       scene's key, is compared, never parsed to be believed. */
    static const char header[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjhkNTVhNyJ9.";
    const size_t start = sizeof header - 1;
    unsigned char code[CODE], plain[LONGEST_CLAIMS];
    if (count < start + 1 + CODE_TEXT || memcmp(text, header, start)) return false;
    size_t end = count - CODE_TEXT - 1;
    if (text[end] != '.' || decode(text + end + 1, CODE_TEXT, code, sizeof code) != CODE ||
        !is_signed(key, text, end, code))
        return false;
    int length = decode(text + start, end - start, plain, sizeof plain);
    return length > 0 && read_claims((char *)plain, (char *)plain + length, claims);
}
