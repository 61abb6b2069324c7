// Starts a sandbox as another user, when the server is root: what belongs to root in the kernel's
// eyes may write the machine's settings in /proc/sys, whatever namespace it is in.
//
//   launch UID DIRECTORY... -- COMMAND [ARGUMENT]...
//
// That user may have no way to the directories. So the command has them, in a mount namespace of
// its own, as /tmp/0, /tmp/1, ... and nothing else in /tmp. A directory with a + before its name is
// one that the user may change: there it is who is the directory's owner elsewhere.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_DIRECTORIES = 32 };

static int fail(const char *what) {
    fprintf(stderr, "launch: %s: %s\n", what, strerror(errno));
    return 1;
}

static int write_map(pid_t child, const char *name, unsigned owner, unsigned user) {
    char path[64], map[64];
    snprintf(path, sizeof path, "/proc/%d/%s", child, name);
    int length = snprintf(map, sizeof map, "%u %u 1", owner, user);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int written = fd < 0 ? -1 : (int)write(fd, map, (size_t)length);
    close(fd);
    return written == length ? 0 : -1;
}

// A namespace of users that says who the owner is, for a mount to have.
static int mapping(const struct stat *owned, unsigned user) {
    int made[2];
    char byte = 0, path[64];
    if (pipe2(made, O_CLOEXEC) < 0) {
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        bool ready = unshare(CLONE_NEWUSER) == 0 && write(made[1], &byte, 1) == 1;
        _exit(ready ? pause() : 1); // until it is killed
    }
    close(made[1]);
    int fd = -1;
    if (child > 0 && read(made[0], &byte, 1) == 1 &&
        write_map(child, "uid_map", owned->st_uid, user) == 0 &&
        write_map(child, "gid_map", owned->st_gid, user) == 0) {
        snprintf(path, sizeof path, "/proc/%d/ns/user", child);
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    close(made[0]);
    return fd;
}

static int share(int directory, const char *to, unsigned user) {
    struct stat owned;
    if (fstat(directory, &owned) < 0) {
        return -1;
    }
    int tree = open_tree(directory, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    int users = tree < 0 ? -1 : mapping(&owned, user);
    if (users < 0) {
        return -1;
    }
    struct mount_attr attributes = {
        .attr_set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
        .userns_fd = (unsigned)users,
    };
    if (mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes) < 0) {
        return -1;
    }
    close(users);
    return move_mount(tree, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH);
}

// Some of them may be in /tmp, which is about to be covered: all are opened before.
static int show(char **directories, int count, unsigned user) {
    int opened[MAX_DIRECTORIES];
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
        return fail("a mount namespace");
    }
    for (int i = 0; i < count; i++) {
        const char *name = directories[i] + (directories[i][0] == '+');
        opened[i] = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
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
        int failed = mkdir(to, 0755);
        if (failed == 0 && directories[i][0] == '+') {
            failed = share(opened[i], to, user);
        } else if (failed == 0) {
            failed = mount(from, to, NULL, MS_BIND | MS_REC, NULL);
        }
        if (failed != 0) {
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
    if (show(arguments + 2, at - 2, (unsigned)user) != 0) {
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
