#include "floor.h"

#include <stdlib.h>
#include <string.h>

static void make_room(struct bytes *bytes, size_t count) {
    if (bytes->room - bytes->count >= count) return;
    while (bytes->room - bytes->count < count) bytes->room = bytes->room ? bytes->room * 2 : 8192;
    bytes->start = realloc(bytes->start, bytes->room);
    if (!bytes->start) abort();
}

void append(struct bytes *bytes, const char *more, size_t count) {
    make_room(bytes, count);
    memcpy(bytes->start + bytes->count, more, count);
    bytes->count += count;
}

void append_number(struct bytes *bytes, int64_t number) {
    char digits[20];
    size_t place = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do digits[--place] = '0' + rest % 10;
    while (rest /= 10);
    if (number < 0) digits[--place] = '-';
    append(bytes, digits + place, sizeof digits - place);
}

static void append_escape(struct bytes *bytes, unsigned char byte) {
    static const char *const names = "btn.fr"; /* escapes of the bytes 8 to 13; 11 has none */
    char escape[6] = {'\\', byte, '0', '0', '0' + (byte >> 4), "0123456789abcdef"[byte & 15]};
    if (byte == '"' || byte == '\\') return append(bytes, escape, 2);
    if (byte >= 8 && byte <= 13 && byte != 11) {
        escape[1] = names[byte - 8];
        return append(bytes, escape, 2);
    }
    escape[1] = 'u';
    append(bytes, escape, 6);
}

void append_string(struct bytes *bytes, const char *text, size_t count) {
    APPEND(bytes, "\"");
    size_t run = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = text[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        append(bytes, text + run, i - run);
        append_escape(bytes, byte);
        run = i + 1;
    }
    append(bytes, text + run, count - run);
    APPEND(bytes, "\"");
}
