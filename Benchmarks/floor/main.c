/* Leader and followers: all workers wait on one epoll set and serve the events that wake them. */
#include "floor.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { MAX_WORKERS = 64 };

static const char *secret, *database;
static int listener, events, stopping;

static void watch(int operation, int descriptor, uint32_t wanted) {
    struct epoll_event event = {.events = wanted, .data.fd = descriptor};
    epoll_ctl(events, operation, descriptor, &event);
}

/* Serves one request; returns the connection if it stays open, otherwise -1. */
static int serve(struct worker *worker, int connection) {
    FCGX_Request *request = &worker->request;
    char rest[512];

    request->ipcFd = connection;
    request->keepConnection = 1; /* otherwise FCGX_Accept_r begins by closing the connection */
    if (FCGX_Accept_r(request) != 0) {
        request->ipcFd = -1;
        return -1;
    }
    if (FCGX_GetError(request->in) == 0) {
        while (FCGX_GetStr(rest, sizeof rest, request->in) == sizeof rest) continue;
        answer(worker);
    } else {
        request->keepConnection = 0;
    }
    FCGX_Finish_r(request);
    connection = request->ipcFd;
    request->ipcFd = -1;
    return connection;
}

static void *work(void *unused) {
    static const struct timeval patience = {.tv_sec = 5};
    struct worker worker = {.key = make_key(secret)};
    struct epoll_event event;

    (void)unused;
    open_database(&worker, database);
    FCGX_InitRequest(&worker.request, -1, 0); /* -1: libfcgi's own accept() must fail */
    for (;;) {
        if (epoll_wait(events, &event, 1, -1) < 1) continue;
        if (event.data.fd == stopping) return NULL;
        int connection = event.data.fd;
        bool is_new = connection == listener;
        if (is_new) {
            connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
            if (connection < 0) continue;
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        } else if (event.events & (EPOLLRDHUP | EPOLLHUP)) {
            close(connection);
            continue;
        }
        int kept = serve(&worker, connection);
        if (kept >= 0)
            watch(is_new || kept != connection ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, kept,
                  EPOLLIN | EPOLLRDHUP | EPOLLONESHOT);
    }
}

static void stop(int signal) {
    uint64_t one = 1;
    (void)signal;
    if (write(stopping, &one, sizeof one) < 0) _exit(1);
}

static const char *setting(const char *name) {
    const char *value = getenv(name);
    if (value && *value) return value;
    fprintf(stderr, "floor: %s is not set\n", name);
    exit(78);
}

int main(void) {
    const char *address = setting("GATEHOUSE_LISTEN"), *threads = getenv("GATEHOUSE_WORKERS");
    int workers = threads ? atoi(threads) : 2;
    pthread_t thread[MAX_WORKERS];

    secret = setting("JWT_SECRET");
    database = setting("GATEHOUSE_DATABASE");
    if (strncmp(address, "unix:", 5) || workers < 1 || workers > MAX_WORKERS) return 78;

    prepare_decoding();
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    events = epoll_create1(EPOLL_CLOEXEC);
    stopping = eventfd(0, EFD_CLOEXEC);
    signal(SIGTERM, stop); /* before FCGX_Init, which installs a handler only if none exists */
    signal(SIGINT, stop);
    signal(SIGPIPE, SIG_IGN);
    FCGX_Init();

    unlink(address + 5);
    umask(0117);
    listener = FCGX_OpenSocket(address + 5, 4096);
    if (listener < 0 || fcntl(listener, F_SETFL, O_NONBLOCK)) return 71;
    watch(EPOLL_CTL_ADD, listener, EPOLLIN | EPOLLEXCLUSIVE);
    watch(EPOLL_CTL_ADD, stopping, EPOLLIN);
    for (int i = 0; i < workers; i++) pthread_create(&thread[i], NULL, work, NULL);
    for (int i = 0; i < workers; i++) pthread_join(thread[i], NULL);
    return 0;
}
