// Carries connections between ports of the sandbox's own loopback and unix sockets.
#define _GNU_SOURCE
#include "init.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 128, // more wait in the listener's queue
    MAX_TURNS = 16,        // how often one connection is served before others are
    BUFFER = 16 * 1024,
};

struct listener {
    struct source source;
    const char *target;
};

// One end of a connection, with the bytes that came from it and wait for the other end.
struct peer {
    struct source source;
    struct peer *other;
    struct connection *connection;
    size_t start, end;
    bool ended; // it sends no more
    char bytes[BUFFER];
};

struct connection {
    bool used;
    struct peer client, server;
};

static struct listener listeners[MAX_LISTENERS];
static size_t listener_count;
static struct connection connections[MAX_CONNECTIONS];
static bool listening = true;

void listen_on(int port, const char *target) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 128) < 0) {
        die("listen");
    }
    struct listener *listener = &listeners[listener_count++];
    *listener = (struct listener){{LISTENER, fd}, target};
    watch(&listener->source, EPOLLIN);
}

static void listen_while(bool wanted) {
    if (wanted == listening) {
        return;
    }
    listening = wanted;
    for (size_t i = 0; i < listener_count; i++) {
        watch_again(&listeners[i].source, wanted ? EPOLLIN : 0);
    }
}

static struct connection *unused(void) {
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (!connections[i].used) {
            return &connections[i];
        }
    }
    return NULL;
}

static void open_peer(struct connection *connection, struct peer *peer, struct peer *other, int fd) {
    peer->source = (struct source){PEER, fd};
    peer->connection = connection;
    peer->other = other;
    peer->start = peer->end = 0;
    peer->ended = false;
    fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void carry(struct connection *connection, int client, int server) {
    int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->used = true;
    open_peer(connection, &connection->client, &connection->server, client);
    open_peer(connection, &connection->server, &connection->client, server);
    watch(&connection->client.source, EPOLLIN | EPOLLOUT | EPOLLET);
    watch(&connection->server.source, EPOLLIN | EPOLLOUT | EPOLLET);
}

void admit(struct source *source) {
    struct listener *listener = (struct listener *)source;
    struct connection *connection = unused();
    if (connection == NULL) {
        listen_while(false);
        return;
    }
    int client = accept4(listener->source.fd, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) {
        return;
    }
    int server = connect_unix(listener->target);
    if (server < 0) {
        close(client);
        return;
    }
    carry(connection, client, server);
}

void dial(const char *content, size_t length) {
    if (length < 4 || content[length - 1] != 0) {
        errno = EBADMSG;
        die("connect");
    }
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    memcpy(&address.sin_port, content, 2);
    int server = connect_unix(content + 2);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct connection *connection = unused();
    bool carried = server >= 0 && client >= 0 && connection != NULL
                   && (connect(client, (struct sockaddr *)&address, sizeof address) == 0
                       || errno == EINPROGRESS)
                   && send(server, "C", 1, MSG_NOSIGNAL) == 1;
    if (carried) {
        carry(connection, client, server);
    } else {
        close(client);
        close(server);
    }
}

static void end(struct connection *connection) {
    close(connection->client.source.fd);
    close(connection->server.source.fd);
    connection->used = false;
    listen_while(true);
}

enum progress { MOVED, WAITS, FAILED };

static enum progress waits_or_failed(void) {
    return errno == EAGAIN || errno == EINTR ? WAITS : FAILED;
}

// Moves what it can from one end to the other, once.
static enum progress move(struct peer *from) {
    if (from->ended) {
        return WAITS;
    }
    if (from->start == from->end) {
        ssize_t count = recv(from->source.fd, from->bytes, BUFFER, 0);
        if (count < 0) {
            return waits_or_failed();
        }
        if (count == 0) {
            from->ended = true;
            shutdown(from->other->source.fd, SHUT_WR);
            return MOVED;
        }
        from->start = 0;
        from->end = (size_t)count;
    }
    size_t length = from->end - from->start;
    ssize_t count = send(from->other->source.fd, from->bytes + from->start, length, MSG_NOSIGNAL);
    if (count < 0) {
        return waits_or_failed();
    }
    from->start += (size_t)count;
    return MOVED;
}

void serve(struct source *source) {
    struct connection *connection = ((struct peer *)source)->connection;
    for (int turn = 0; connection->used && turn < MAX_TURNS; turn++) {
        enum progress there = move(&connection->client);
        enum progress back = move(&connection->server);
        bool over = connection->client.ended && connection->server.ended;
        if (there == FAILED || back == FAILED || over) {
            end(connection);
            return;
        }
        if (there == WAITS && back == WAITS) {
            return;
        }
    }
    // Others come first; to be set again makes epoll report it again.
    if (connection->used) {
        watch_again(source, EPOLLIN | EPOLLOUT | EPOLLET);
    }
}
