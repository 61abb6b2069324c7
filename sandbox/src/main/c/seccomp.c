// The filter of system calls: what the default profiles of container engines deny, so that a hole
// in a rarely used part of the kernel is out of a function's reach. Denied calls fail with EPERM.
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FIRST_FOREIGN 0x40000000 // the x32 calls
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define FIRST_FOREIGN 0xffffffff
#else
#error "only x86_64 and aarch64"
#endif

#define NEW_NAMESPACES                                                                             \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |  \
     CLONE_NEWNET)

static const int DENIED[] = {
    // file systems
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_move_mount, SYS_open_tree, SYS_fsopen,
    SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_swapon, SYS_swapoff, SYS_quotactl,
    SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_fanotify_init, SYS_acct,
    // other processes
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    SYS_process_madvise, SYS_move_pages, SYS_migrate_pages,
    // namespaces, keys, tracing and other large parts of the kernel
    SYS_setns, SYS_unshare, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    // the machine
    SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module,
    SYS_reboot, SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_sethostname,
    SYS_setdomainname, SYS_vhangup, SYS_lookup_dcookie,
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl,
    SYS_create_module, SYS_query_module, SYS_get_kernel_syms, SYS_nfsservctl,
#endif
};

// A function needs no others; some, like AF_VSOCK, know no network namespaces.
static const int FAMILIES[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

enum { COUNT = sizeof DENIED / sizeof DENIED[0], MAX_INSTRUCTIONS = 2 * COUNT + 64 };

static struct sock_filter program[MAX_INSTRUCTIONS];
static unsigned short length;

static void add(uint16_t code, uint32_t operand, uint8_t when_true, uint8_t when_false) {
    program[length++] = (struct sock_filter){code, when_true, when_false, operand};
}

static void load(uint32_t offset) {
    add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

// Both architectures are little endian: the low half of an argument comes first.
static void load_argument(unsigned index) {
    load((uint32_t)(offsetof(struct seccomp_data, args) + index * sizeof(uint64_t)));
}

static void answer(uint32_t action) {
    add(BPF_RET | BPF_K, action, 0, 0);
}

static void skip_unless(uint32_t value, uint8_t instructions) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, instructions);
}

static void deny_value(uint32_t value) {
    skip_unless(value, 1);
    answer(SECCOMP_RET_ERRNO | EPERM);
}

static void check_machine(void) {
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(SECCOMP_RET_ERRNO | ENOSYS);
    load(offsetof(struct seccomp_data, nr));
    add(BPF_JMP | BPF_JGE | BPF_K, FIRST_FOREIGN, 0, 1);
    answer(SECCOMP_RET_ERRNO | ENOSYS);
}

static void check_arguments(void) {
    // Its flags are behind a pointer, where no filter sees them; libraries then use clone.
    skip_unless(SYS_clone3, 1);
    answer(SECCOMP_RET_ERRNO | ENOSYS);

    skip_unless(SYS_clone, 4);
    load_argument(0);
    add(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
    answer(SECCOMP_RET_ERRNO | EPERM);
    answer(SECCOMP_RET_ALLOW);

    const uint8_t families = sizeof FAMILIES / sizeof FAMILIES[0];
    skip_unless(SYS_socket, 3 + families);
    load_argument(0);
    for (uint8_t i = 0; i < families; i++) {
        add(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)FAMILIES[i], families - i, 0);
    }
    answer(SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    answer(SECCOMP_RET_ALLOW);

    skip_unless(SYS_ioctl, 6);
    load_argument(1);
    deny_value(TIOCSTI);
    deny_value(TIOCLINUX);
    answer(SECCOMP_RET_ALLOW);

    skip_unless(SYS_personality, 5);
    load_argument(0);
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 1, 0); // only asks
    answer(SECCOMP_RET_ERRNO | EPERM);
    answer(SECCOMP_RET_ALLOW);
}

int filter_system_calls(void) {
    check_machine();
    check_arguments();
    for (unsigned i = 0; i < COUNT; i++) {
        deny_value((uint32_t)DENIED[i]);
    }
    answer(SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {length, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        return -1;
    }
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
