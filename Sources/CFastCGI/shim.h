#include <fcgiapp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/* glibc declares accept4(2) for GNU sources only, and Swift compiles headers as plain C. */
extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
