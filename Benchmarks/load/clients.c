/* HTTP clients on kept connections to 127.0.0.1, in one thread.
 *
 *   clients -p PORT -f FILE [-c CONNECTIONS] [-s SECONDS | -n COUNT] [-r RATE]
 *
 * Without a rate, each connection sends the next request as soon as it has a response. With a
 * rate, requests are due at fixed times, and latency is measured from the time one was due.
 * So a stall of the server counts for all requests that it delays.
 *
 * The file contains requests, each after a line with its length. They are sent in turn, repeatedly.
 * Prints one JSON object. Latencies are in microseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 512, MAX_REQUESTS = 4096, ROOM = 1 << 18, GRACE = 20 };

struct connection {
    int descriptor;
    bool busy;
    double due;
    long answers;
    size_t count;
    char *bytes; /* the response so far */
};

static struct { char *bytes; size_t count; } requests[MAX_REQUESTS];
static int request_count, port, connection_count = 1, events;
static struct connection connections[MAX_CONNECTIONS];
static double start, seconds = 5, rate;
static long limit = INT64_MAX, sent, answered, in_time, lost, statuses[600];
static uint32_t *latencies, slowest_refusal;
static long latency_room;

static void fail(const char *what) {
    fprintf(stderr, "clients: %s\n", what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void read_requests(const char *path) {
    FILE *file = fopen(path, "rb");
    size_t length;
    if (!file) fail("no file of requests");
    while (request_count < MAX_REQUESTS && fscanf(file, "%zu", &length) == 1) {
        if (getc(file) != '\n') fail("a length is not on a line of its own");
        char *bytes = malloc(length);
        if (!bytes || fread(bytes, 1, length, file) != length) fail("a request is too short");
        requests[request_count].bytes = bytes;
        requests[request_count++].count = length;
    }
    if (request_count == 0) fail("no requests");
    fclose(file);
}

static void open_connection(struct connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int yes = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address))
        fail("cannot connect");
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_ctl(events, EPOLL_CTL_ADD, connection->descriptor, &event);
}

static void send_request(struct connection *connection, double due) {
    int next = sent++ % request_count;
    connection->busy = true;
    connection->due = due;
    connection->count = 0;
    if (send(connection->descriptor, requests[next].bytes, requests[next].count, MSG_NOSIGNAL) !=
        (ssize_t)requests[next].count)
        fail("cannot send");
}

/* Computes when the next request is due; returns whether there is another one. */
static bool next_due(double *due) {
    *due = rate > 0 ? start + sent / rate : now();
    return sent < limit && *due - start < seconds;
}

static void send_due(void) {
    double due;
    for (int i = 0; i < connection_count; i++) {
        if (!next_due(&due) || due > now()) return;
        if (!connections[i].busy) send_request(&connections[i], due);
    }
}

/* Returns the status of a complete response, or 0 if the response is incomplete. */
static int whole_status(struct connection *connection) {
    connection->bytes[connection->count] = 0;
    char *end = strstr(connection->bytes, "\r\n\r\n");
    if (!end) return 0;
    int status = atoi(connection->bytes + 9);
    size_t body = connection->count - (end + 4 - connection->bytes);
    char *length = strcasestr(connection->bytes, "\r\nContent-Length:");
    if (status == 204) return status;
    if (length && length < end) return body >= strtoul(length + 17, NULL, 10) ? status : 0;
    bool is_last = body >= 5 && !memcmp(connection->bytes + connection->count - 5, "0\r\n\r\n", 5);
    return is_last ? status : 0;
}

static void count_answer(struct connection *connection, int status) {
    double end = now();
    if (answered == latency_room) {
        latency_room = latency_room ? latency_room * 2 : 65536;
        latencies = realloc(latencies, latency_room * sizeof *latencies);
        if (!latencies) fail("no memory");
    }
    uint32_t latency = (end - connection->due) * 1e6;
    latencies[answered++] = latency;
    if (status == 503 && latency > slowest_refusal) slowest_refusal = latency;
    if (end - start <= seconds) in_time++;
    if (status > 0 && status < 600) statuses[status]++;
    connection->answers++;
    connection->busy = false;
}

static void receive(struct connection *connection) {
    ssize_t count = recv(connection->descriptor, connection->bytes + connection->count,
                         ROOM - 1 - connection->count, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        if (connection->busy) lost++;
        connection->busy = false;
        close(connection->descriptor);
        open_connection(connection);
        return;
    }
    connection->count += count;
    int status = whole_status(connection);
    if (connection->busy && status) count_answer(connection, status);
}

static bool is_done(void) {
    double due;
    if (now() - start > seconds + GRACE) return true;
    if (next_due(&due)) return false;
    for (int i = 0; i < connection_count; i++)
        if (connections[i].busy) return false;
    return true;
}

static void run(void) {
    struct epoll_event ready[64];
    start = now();
    send_due();
    while (!is_done()) {
        double due, wait = 0.1;
        if (rate > 0 && next_due(&due)) wait = due - now();
        if (wait < 0) wait = 0; /* all connections may be busy: check again soon, not at once */
        if (wait == 0) wait = 0.0001;
        if (wait > 0.1) wait = 0.1;
        struct timespec timeout = {.tv_nsec = wait * 1e9};
        int count = epoll_pwait2(events, ready, 64, &timeout, NULL);
        for (int i = 0; i < count; i++) receive(ready[i].data.ptr);
        send_due();
    }
}

static int compare_latencies(const void *a, const void *b) {
    return (*(uint32_t *)a > *(uint32_t *)b) - (*(uint32_t *)a < *(uint32_t *)b);
}

static int compare_answers(const void *a, const void *b) {
    const struct connection *one = a, *other = b;
    return (one->answers > other->answers) - (one->answers < other->answers);
}

static void report(void) {
    double elapsed = now() - start;
    long last = answered ? answered - 1 : 0;
    if (!answered) fail("no answers");
    qsort(latencies, answered, sizeof *latencies, compare_latencies);
    qsort(connections, connection_count, sizeof *connections, compare_answers);
    printf("{\"answers\":%ld,\"in_time\":%ld,\"lost\":%ld,\"unanswered\":%ld,\"elapsed\":%.4f,",
           answered, in_time, lost, sent - answered - lost, elapsed);
    printf("\"p50\":%u,\"p99\":%u,\"max\":%u,\"max_503\":%u,", latencies[last / 2],
           latencies[(long)(last * 0.99)], latencies[last], slowest_refusal);
    printf("\"connection_min\":%ld,\"connection_median\":%ld,\"connection_max\":%ld,\"statuses\":{",
           connections[0].answers, connections[connection_count / 2].answers,
           connections[connection_count - 1].answers);
    const char *comma = "";
    for (int i = 0; i < 600; i++) {
        if (!statuses[i]) continue;
        printf("%s\"%d\":%ld", comma, i, statuses[i]);
        comma = ",";
    }
    printf("}}\n");
}

int main(int argc, char **argv) {
    const char *path = NULL;
    for (int option; (option = getopt(argc, argv, "p:f:c:s:n:r:")) != -1;) switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'f': path = optarg; break;
        case 'c': connection_count = atoi(optarg); break;
        case 's': seconds = atof(optarg); break;
        case 'n': limit = atol(optarg), seconds = 600; break;
        case 'r': rate = atof(optarg); break;
        default: fail("usage: see the top of clients.c");
        }
    if (!port || !path || connection_count < 1 || connection_count > MAX_CONNECTIONS)
        fail("usage: see the top of clients.c");
    read_requests(path);
    events = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < connection_count; i++) {
        connections[i].bytes = malloc(ROOM);
        if (!connections[i].bytes) fail("no memory");
        open_connection(&connections[i]);
    }
    run();
    report();
    return 0;
}
