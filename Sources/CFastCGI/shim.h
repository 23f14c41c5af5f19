#include <fcgiapp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* glibc declares accept4(2) only if _GNU_SOURCE is defined. Swift imports headers without it. */
extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
