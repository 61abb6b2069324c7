// Gives a sandbox a way to the internet: runs the command that carries its packets, which is told
// the sandbox's namespaces by their paths.
//
//   network UID PID [ADDRESS/BITS]... -- COMMAND [ARGUMENT]...
//
// Before, the sandbox's kernel is told that the given addresses can't be reached: the host's own,
// where the command would find what listens for the host only. The command becomes the user UID
// unless that is 0, finds the namespaces as /proc/self/fd/10 (of users) and /proc/self/fd/11 (of the
// network), and dies with the thread that started it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/nsfs.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USERS_FD = 10, NETWORK_FD = 11, MAX_ADDRESS = 64 };

static int fail(const char *what) {
    fprintf(stderr, "network: %s: %s\n", what, strerror(errno));
    return 1;
}

static int become(const char *user) {
    uid_t id = (uid_t)strtoul(user, NULL, 10);
    if (id == 0) {
        return 0;
    }
    if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0) {
        return -1;
    }
    return 0;
}

// The namespace of users that owns the network is not the process's own, which is inside it.
static int open_namespaces(const char *pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
    int network = open(path, O_RDONLY | O_CLOEXEC);
    int users = network < 0 ? -1 : ioctl(network, NS_GET_USERNS);
    if (users < 0 || dup2(users, USERS_FD) < 0 || dup2(network, NETWORK_FD) < 0) {
        return -1;
    }
    return 0;
}

// Where only root may open the device that all use elsewhere, the command has one of its own.
static int open_device(void) {
    struct stat device;
    if (stat("/dev/net/tun", &device) < 0) {
        return -1;
    }
    if ((device.st_mode & 06) == 06) {
        return 0;
    }
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("tmpfs", "/dev/net", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=4k") < 0) {
        return -1;
    }
    umask(0);
    return mknod("/dev/net/tun", S_IFCHR | 0666, device.st_rdev);
}

struct route {
    struct nlmsghdr header;
    struct rtmsg message;
    struct rtattr attribute;
    unsigned char address[16];
};

static int refuse(int netlink, const char *text) {
    char copy[MAX_ADDRESS];
    struct route route = {0};
    if (strlen(text) >= sizeof copy || strchr(text, '/') == NULL) {
        errno = EINVAL;
        return -1;
    }
    strcpy(copy, text);
    char *slash = strchr(copy, '/');
    *slash = 0;
    int family = strchr(copy, ':') != NULL ? AF_INET6 : AF_INET;
    size_t size = family == AF_INET6 ? 16 : 4;
    if (inet_pton(family, copy, route.address) != 1) {
        errno = EINVAL;
        return -1;
    }
    route.header.nlmsg_len = (uint32_t)(offsetof(struct route, address) + size);
    route.header.nlmsg_type = RTM_NEWROUTE;
    route.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
    route.message.rtm_family = (unsigned char)family;
    route.message.rtm_dst_len = (unsigned char)atoi(slash + 1);
    route.message.rtm_table = RT_TABLE_MAIN;
    route.message.rtm_protocol = RTPROT_STATIC;
    route.message.rtm_type = RTN_UNREACHABLE;
    route.attribute.rta_type = RTA_DST;
    route.attribute.rta_len = (unsigned short)RTA_LENGTH(size);
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char rest[256];
    } answer;
    if (send(netlink, &route, route.header.nlmsg_len, 0) < 0 ||
        recv(netlink, &answer, sizeof answer, 0) < 0) {
        return -1;
    }
    errno = -answer.error.error;
    return answer.header.nlmsg_type == NLMSG_ERROR && answer.error.error == 0 ? 0 : -1;
}

// Runs in a process of its own, which stays in the sandbox's namespaces until it ends.
static int refuse_all(const char *user, char **addresses, int count) {
    if (become(user) < 0 || setns(USERS_FD, CLONE_NEWUSER) < 0 ||
        setns(NETWORK_FD, CLONE_NEWNET) < 0) {
        return fail("joining the sandbox");
    }
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    for (int i = 0; i < count; i++) {
        if (netlink < 0 || refuse(netlink, addresses[i]) < 0) {
            return fail(addresses[i]);
        }
    }
    return 0;
}

int main(int count, char **arguments) {
    int at = 3;
    while (at < count && strcmp(arguments[at], "--") != 0) {
        at++;
    }
    if (at + 1 >= count) {
        fprintf(stderr, "usage: network UID PID [ADDRESS/BITS]... -- COMMAND [ARGUMENT]...\n");
        return 2;
    }
    if (open_namespaces(arguments[2]) < 0) {
        return fail(arguments[2]);
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(refuse_all(arguments[1], arguments + 3, at - 3));
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
        return 1;
    }
    if (strcmp(arguments[1], "0") != 0 && open_device() < 0) {
        return fail("/dev/net/tun");
    }
    if (chdir("/") < 0 || become(arguments[1]) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
        return fail("changing the user");
    }
    execvp(arguments[at + 1], arguments + at + 1);
    return fail(arguments[at + 1]);
}
