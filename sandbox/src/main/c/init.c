// The first process of a sandbox. It starts the processes of a function, reports their ends and
// what they print, stops and continues all of them, and carries connections from two ports of the
// sandbox's own loopback to unix sockets, and back for telemetry: functions have no other way out.
//
//   init CONTROL [PORT SOCKET]...
//
// It connects to the socket CONTROL twice before any other process exists: the first connection is
// its own, the second is handed to the runtime's bootstrap. The host then listens no more, so
// nobody else in the sandbox can speak on either. Frames: length (4 bytes, big endian, of what
// follows), type (1 byte), content.
//
//   in:  S spawn: flags (1 byte: see below), number of arguments (2 bytes), number of variables (2
//        bytes), then strings, each ended by a zero byte: the working directory, the arguments, the
//        variables
//        F stop all   T continue all   K kill all
//        G signal one that was spawned, with its group: pid, number (4 bytes each)
//        C connect: port of the loopback (2 bytes), the path of a unix socket ended by a zero byte
//   out: R ready   P spawned: pid (4 bytes), error number (4 bytes; 0 is none)
//        X a spawned process ended: pid, wait status (4 bytes each)
//        L output   E output of extensions
#define _GNU_SOURCE
#include "init.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_FRAME = 256 * 1024, // the longest command; variables have 4 KiB on AWS, arguments little
    MAX_STRINGS = 4096,     // arguments and variables of a process
    MAX_SPAWNED = 16,       // a bootstrap and extensions that run at a time
    BUFFER = 16 * 1024,
    MAX_EVENTS = 32,
    MAX_FILES = 1024, // as AWS
    MAX_PROCESSES = 1024,
    MAX_ROUNDS = 10000, // of killing what is left: more than there may be processes
    RUNTIME_FD = 3,
};

// The flags of a process.
enum { WITH_RUNTIME = 1, IS_EXTENSION = 2 };

// What spawned processes print: those of the function, and extensions.
struct output {
    struct source source;
    int end; // where the processes write
    char type;
};

static int epoll;
static struct source control = {CONTROL, -1};
static struct source signals = {SIGNALS, -1};
static struct output outputs[] = {{{OUTPUT, -1}, -1, 'L'}, {{OUTPUT, -1}, -1, 'E'}};
static int runtime = -1; // the bootstrap's connection
static pid_t spawned[MAX_SPAWNED];

_Noreturn void die(const char *what) {
    fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
    exit(1); // the kernel kills all others of the sandbox with its first process
}

void watch(struct source *source, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = source};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, source->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

void watch_again(struct source *source, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = source};
    epoll_ctl(epoll, EPOLL_CTL_MOD, source->fd, &event);
}

int connect_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

// ---- the end --------------------------------------------------------------------------------------

// Kills what this process has started, and what those have: whose parent ends becomes a child of
// this one. The kernel does that where this is the first process of a sandbox; elsewhere, at level
// 0, nobody would.
static void kill_children(void) {
    for (int round = 0; round < MAX_ROUNDS && getpid() != 1; round++) {
        FILE *children = fopen("/proc/thread-self/children", "re");
        int pid, found = 0;
        while (children != NULL && fscanf(children, "%d", &pid) == 1) {
            kill(pid, SIGKILL);
            found++;
        }
        if (children != NULL) {
            fclose(children);
        }
        if (found == 0) {
            return;
        }
        waitpid(-1, NULL, 0);
    }
}

// The host is gone, or has closed the connection.
static _Noreturn void finish(void) {
    kill_children();
    exit(0);
}

// ---- telling the host ---------------------------------------------------------------------------

static void send_all(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t sent = send(control.fd, at, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            finish();
        }
        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        }
    }
}

static void tell(char type, const void *content, size_t length) {
    char head[5];
    uint32_t size = htonl((uint32_t)length + 1);
    memcpy(head, &size, 4);
    head[4] = type;
    send_all(head, sizeof head);
    send_all(content, length);
}

static void tell_numbers(char type, int first, int second) {
    uint32_t numbers[2] = {htonl((uint32_t)first), htonl((uint32_t)second)};
    tell(type, numbers, sizeof numbers);
}

// ---- processes ----------------------------------------------------------------------------------

static void limit(int resource, rlim_t most) {
    struct rlimit value = {most, most};
    setrlimit(resource, &value);
}

// Runs in the new process; tells an error number to `failure` when it can't become the program.
static _Noreturn void become(char **strings, int arguments, int flags, int failure) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    limit(RLIMIT_NOFILE, MAX_FILES);
    limit(RLIMIT_NPROC, MAX_PROCESSES);
    limit(RLIMIT_CORE, 0);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int end = outputs[(flags & IS_EXTENSION) != 0].end;
    bool with_runtime = (flags & WITH_RUNTIME) != 0;
    bool placed = dup2(nothing, 0) == 0 && dup2(end, 1) == 1 && dup2(end, 2) == 2;
    if (placed && with_runtime && runtime == RUNTIME_FD) {
        placed = fcntl(runtime, F_SETFD, 0) == 0;
    } else if (placed && with_runtime) {
        placed = dup2(runtime, RUNTIME_FD) == RUNTIME_FD;
    }
    if (placed && chdir(strings[0]) == 0) {
        execve(strings[1], strings + 1, strings + 1 + arguments + 1);
    }
    int error = errno;
    _exit(write(failure, &error, sizeof error) == sizeof error ? 127 : 126);
}

static pid_t *place_of(pid_t pid) {
    for (size_t i = 0; i < MAX_SPAWNED; i++) {
        if (spawned[i] == pid) {
            return &spawned[i];
        }
    }
    return NULL;
}

static void start(char **strings, int arguments, int flags) {
    pid_t *place = place_of(0);
    int failure[2];
    if (place == NULL || pipe2(failure, O_CLOEXEC) < 0) {
        tell_numbers('P', 0, EAGAIN);
        return;
    }
    // Above the descriptors that the new process has, lest it be written over there.
    int told = fcntl(failure[1], F_DUPFD_CLOEXEC, RUNTIME_FD + 1);
    close(failure[1]);
    pid_t pid = told < 0 ? -1 : fork();
    if (pid == 0) {
        become(strings, arguments, flags, told);
    }
    int error = pid < 0 ? errno : 0;
    close(told);
    if (pid > 0 && read(failure[0], &error, sizeof error) <= 0) {
        *place = pid;
    }
    close(failure[0]);
    if ((flags & WITH_RUNTIME) != 0 && error == 0) {
        close(runtime);
        runtime = -1;
    }
    tell_numbers('P', error == 0 ? pid : 0, error);
}

static void spawn(char *content, size_t length) {
    char *strings[MAX_STRINGS];
    uint16_t arguments, variables;
    if (length < 6 || content[length - 1] != 0) {
        errno = EBADMSG;
        die("spawn");
    }
    memcpy(&arguments, content + 1, 2);
    memcpy(&variables, content + 3, 2);
    int counts[] = {1, ntohs(arguments), ntohs(variables)};
    char *at = content + 5;
    size_t filled = 0;
    for (size_t group = 0; group < 3; group++) {
        for (int i = 0; i < counts[group]; i++) {
            if (filled + 2 >= MAX_STRINGS || at >= content + length) {
                errno = E2BIG;
                die("spawn");
            }
            strings[filled++] = at;
            at += strlen(at) + 1;
        }
        if (group > 0) {
            strings[filled++] = NULL;
        }
    }
    int flags = content[0];
    if (counts[1] == 0 || ((flags & WITH_RUNTIME) != 0 && runtime < 0)) {
        tell_numbers('P', 0, EINVAL);
        return;
    }
    start(strings, counts[1], flags);
}

// All others of the sandbox. Where this is not the first process, at level 0, only those that it
// started, and what they have not put into sessions of their own.
static void signal_all(int number) {
    if (getpid() == 1) {
        kill(-1, number);
        return;
    }
    for (size_t i = 0; i < MAX_SPAWNED; i++) {
        if (spawned[i] != 0) {
            kill(-spawned[i], number);
        }
    }
}

static void signal_one(const char *content, size_t length) {
    uint32_t numbers[2];
    if (length != sizeof numbers) {
        errno = EBADMSG;
        die("signal");
    }
    memcpy(numbers, content, sizeof numbers);
    pid_t pid = (pid_t)ntohl(numbers[0]);
    if (pid > 0 && place_of(pid) != NULL) {
        kill(-pid, (int)ntohl(numbers[1]));
    }
}

static void reap(void) {
    int status;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        pid_t *place = place_of(pid);
        if (place != NULL) {
            *place = 0;
            tell_numbers('X', pid, status);
        }
    }
}

static void read_signal(void) {
    struct signalfd_siginfo info;
    while (read(signals.fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGTERM) {
            signal_all(SIGTERM);
        }
    }
    reap();
}

static void read_output(const struct output *output) {
    char bytes[BUFFER];
    ssize_t count = read(output->source.fd, bytes, sizeof bytes);
    if (count > 0) {
        tell(output->type, bytes, (size_t)count);
    }
}

// ---- commands -----------------------------------------------------------------------------------

static void obey(char type, char *content, size_t length) {
    switch (type) {
    case 'S':
        spawn(content, length);
        break;
    case 'F':
        signal_all(SIGSTOP);
        break;
    case 'T':
        signal_all(SIGCONT);
        break;
    case 'K':
        signal_all(SIGKILL);
        break;
    case 'G':
        signal_one(content, length);
        break;
    case 'C':
        dial(content, length);
        break;
    default:
        errno = EBADMSG;
        die("command");
    }
}

static void read_control(void) {
    static char frames[MAX_FRAME];
    static size_t filled;
    ssize_t count = recv(control.fd, frames + filled, sizeof frames - filled, MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        finish();
    }
    filled += count > 0 ? (size_t)count : 0;
    size_t at = 0;
    while (filled - at >= 5) {
        uint32_t size;
        memcpy(&size, frames + at, 4);
        size = ntohl(size);
        if (size < 1 || size > MAX_FRAME - 4) {
            errno = EMSGSIZE;
            die("frame");
        }
        if (filled - at < 4 + size) {
            break;
        }
        obey(frames[at + 4], frames + at + 5, size - 1);
        at += 4 + size;
    }
    memmove(frames, frames + at, filled - at);
    filled -= at;
}

// ---- main ---------------------------------------------------------------------------------------

static void handle(struct source *source) {
    switch (source->kind) {
    case CONTROL:
        read_control();
        break;
    case SIGNALS:
        read_signal();
        break;
    case OUTPUT:
        read_output((struct output *)source);
        break;
    case LISTENER:
        admit(source);
        break;
    case PEER:
        serve(source);
        break;
    }
}

static void prepare(const char *path) {
    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    sigaddset(&handled, SIGTERM);
    sigprocmask(SIG_BLOCK, &handled, NULL);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    signals.fd = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
    control.fd = connect_unix(path);
    runtime = control.fd < 0 ? -1 : connect_unix(path);
    if (epoll < 0 || signals.fd < 0 || runtime < 0) {
        die(path);
    }
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) < 0) {
            die("pipe");
        }
        outputs[i].source.fd = ends[0];
        outputs[i].end = ends[1];
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        watch(&outputs[i].source, EPOLLIN);
    }
    watch(&control, EPOLLIN);
    watch(&signals, EPOLLIN);
}

// Functions are the first that a kernel without memory should kill, and may not look into this
// process, whose descriptors are the host's.
static void protect(void) {
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        if (write(score, "500", 3) != 3) {
            die("oom_score_adj");
        }
        close(score);
    }
    if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
        die("prctl");
    }
    if (filter_system_calls() < 0) {
        die("seccomp");
    }
}

int main(int count, char **arguments) {
    if (count < 2 || count % 2 != 0 || count > 2 + 2 * MAX_LISTENERS) {
        fprintf(stderr, "usage: init CONTROL [PORT SOCKET]...\n");
        return 2;
    }
    // What it was started with may lead to the host's directories.
    close_range(3, ~0U, 0);
    protect();
    prepare(arguments[1]);
    for (int i = 2; i < count; i += 2) {
        listen_on(atoi(arguments[i]), arguments[i + 1]);
    }
    tell('R', NULL, 0);
    struct epoll_event events[MAX_EVENTS];
    while (true) {
        int ready = epoll_wait(epoll, events, MAX_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            handle(events[i].data.ptr);
        }
    }
}
