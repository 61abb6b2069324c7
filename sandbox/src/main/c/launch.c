// Starts a sandbox as another user, when the server is root: what belongs to root in the kernel's
// eyes may write the machine's settings in /proc/sys, whatever namespace it is in.
//
//   launch UID DIRECTORY... -- COMMAND [ARGUMENT]...
//
// That user may have no way to the directories. So the command has them, in a mount namespace of
// its own, as /tmp/0, /tmp/1, ... and nothing else in /tmp.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DIRECTORIES = 32 };

static int fail(const char *what) {
    fprintf(stderr, "launch: %s: %s\n", what, strerror(errno));
    return 1;
}

// Some of them may be in /tmp, which is about to be covered: all are opened before.
static int show(char **directories, int count) {
    int opened[MAX_DIRECTORIES];
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        return fail("a mount namespace");
    }
    for (int i = 0; i < count; i++) {
        opened[i] = open(directories[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (opened[i] < 0) {
            return fail(directories[i]);
        }
    }
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k") < 0) {
        return fail("/tmp");
    }
    for (int i = 0; i < count; i++) {
        char from[40], to[40];
        snprintf(from, sizeof from, "/proc/self/fd/%d", opened[i]);
        snprintf(to, sizeof to, "/tmp/%d", i);
        if (mkdir(to, 0755) < 0 || mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0) {
            return fail(directories[i]);
        }
    }
    return 0;
}

int main(int count, char **arguments) {
    int at = 2;
    while (at < count && strcmp(arguments[at], "--") != 0) {
        at++;
    }
    if (at + 1 >= count || at > 2 + MAX_DIRECTORIES) {
        fprintf(stderr, "usage: launch UID DIRECTORY... -- COMMAND [ARGUMENT]...\n");
        return 2;
    }
    char *end;
    unsigned long user = strtoul(arguments[1], &end, 10);
    if (*end != 0 || user == 0 || user > 0x7fffffff) {
        errno = EINVAL;
        return fail(arguments[1]);
    }
    if (show(arguments + 2, at - 2) != 0) {
        return 1;
    }
    if (chdir("/") < 0 || setgroups(0, NULL) < 0 ||
        setresgid((gid_t)user, (gid_t)user, (gid_t)user) < 0 ||
        setresuid((uid_t)user, (uid_t)user, (uid_t)user) < 0) {
        return fail("changing the user");
    }
    execvp(arguments[at + 1], arguments + at + 1);
    return fail(arguments[at + 1]);
}
