/* Replays one FastCGI request, byte for byte, over kept connections, and checks that all responses
 * are equal.
 *
 *   replay SOCKET FILE COUNT [CONNECTIONS]     prints the response once
 *
 * The file contains the request as a web server sends it. Each connection has only one request in
 * flight, so the responder does the same work in every run.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER = 8, END_REQUEST = 3, STDOUT = 6, MAX_CONNECTIONS = 256 };

static void fail(const char *what) {
    fprintf(stderr, "replay: %s\n", what);
    exit(1);
}

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (strlen(path) >= sizeof address.sun_path) fail("the socket's path is too long");
    strcpy(address.sun_path, path);
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) fail("cannot connect");
    return connection;
}

static void take(int connection, unsigned char *bytes, size_t count) {
    while (count > 0) {
        ssize_t taken = read(connection, bytes, count);
        if (taken <= 0) fail("the connection was closed before its answer");
        bytes += taken, count -= taken;
    }
}

/* Reads the FCGI_STDOUT of one response; returns its length. */
static size_t read_answer(int connection, unsigned char *answer, size_t room) {
    unsigned char header[HEADER], rest[65535 + 255];
    size_t count = 0;
    for (;;) {
        take(connection, header, sizeof header);
        size_t content = header[4] << 8 | header[5];
        take(connection, rest, content + header[6]);
        if (header[1] == END_REQUEST) return count;
        if (header[1] != STDOUT) continue;
        if (content > room - count) fail("the answer is too long");
        memcpy(answer + count, rest, content);
        count += content;
    }
}

int main(int argc, char **argv) {
    static unsigned char request[65536], first[1 << 20], answer[1 << 20];
    int connection[MAX_CONNECTIONS];
    size_t first_length = 0;
    if (argc < 4) fail("usage: replay SOCKET FILE COUNT [CONNECTIONS]");
    long count = atol(argv[3]), done = 0;
    int connections = argc > 4 ? atoi(argv[4]) : 1;
    if (connections < 1 || connections > MAX_CONNECTIONS) fail("1 to 256 connections");

    FILE *file = fopen(argv[2], "rb");
    size_t length = file ? fread(request, 1, sizeof request, file) : 0;
    if (length == 0) fail("no request");
    for (int i = 0; i < connections; i++) connection[i] = connect_to(argv[1]);
    while (done < count) {
        for (int i = 0; i < connections; i++)
            if (write(connection[i], request, length) != (ssize_t)length) fail("cannot write");
        for (int i = 0; i < connections; i++, done++) {
            size_t found = read_answer(connection[i], done ? answer : first, sizeof first);
            if (done == 0)
                first_length = found;
            else if (found != first_length || memcmp(answer, first, found))
                fail("an answer differs from the first");
        }
    }
    return fwrite(first, 1, first_length, stdout) != first_length;
}
