#ifndef FREEHOLD_INIT_H
#define FREEHOLD_INIT_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_LISTENERS = 4 };

enum kind { CONTROL, SIGNALS, OUTPUT, LISTENER, PEER };

// What epoll watches: the first member of all that has a file descriptor.
struct source {
    enum kind kind;
    int fd;
};

// ---- init.c -------------------------------------------------------------------------------------

// Ends the sandbox, which can't go on.
_Noreturn void die(const char *what);

void watch(struct source *source, uint32_t events);

// Watches for other events, or for the same once more.
void watch_again(struct source *source, uint32_t events);

// Connects to a unix socket. Returns -1 with errno when it can't.
int connect_unix(const char *path);

// ---- connections.c ------------------------------------------------------------------------------

// Carries what connects to a port of the loopback to a unix socket; MAX_LISTENERS times at most.
void listen_on(int port, const char *target);

// Somebody connects to a listener.
void admit(struct source *listener);

// One end of a connection can be read or written.
void serve(struct source *peer);

// The other way: the host asks for a connection to a port of the loopback, by a socket that it
// listens on: the port (2 bytes), the socket's path. It gets one byte before what comes from there;
// when nobody listens at the port, it sees its end closed.
void dial(const char *content, size_t length);

// ---- seccomp.c ----------------------------------------------------------------------------------

// Forbids this process, and all that it starts, the system calls that no function needs and that
// reach into the kernel or other processes. Returns -1 with errno when it can't.
int filter_system_calls(void);

#endif
