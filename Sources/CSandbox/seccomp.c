// The system calls that a sandboxed program may not make, as a classic BPF program for bubblewrap.
// Everything is allowed but a list, because training programs use most of the kernel; the list is
// what reaches other processes, other namespaces, the host's hardware, or opens sockets behind our
// back.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the sandbox knows the system calls of x86-64 and arm64 only"
#endif

// Numbers from 424 on are the same on both machines; older headers may not have their names.
enum {
  PIDFD_SEND_SIGNAL = 424, IO_URING_SETUP = 425, IO_URING_ENTER = 426, IO_URING_REGISTER = 427,
  OPEN_TREE = 428, MOVE_MOUNT = 429, FSOPEN = 430, FSCONFIG = 431, FSMOUNT = 432, FSPICK = 433,
  CLONE3 = 435, PIDFD_GETFD = 438, PROCESS_MADVISE = 440, MOUNT_SETATTR = 442, QUOTACTL_FD = 443,
  MEMFD_SECRET = 447, STATMOUNT = 457, LISTMOUNT = 458, OPEN_TREE_ATTRIBUTES = 467,
};

static const uint32_t denied[] = {
    // Other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, PIDFD_GETFD, PROCESS_MADVISE,
    SYS_migrate_pages, SYS_move_pages,
    // Kernel machinery with a long history of holes.
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_fanotify_init, SYS_lookup_dcookie, SYS_vhangup, SYS_acct, SYS_quotactl, QUOTACTL_FD,
    // The machine has so many events of asynchronous files for all its programs together.
    SYS_io_setup,
    // io_uring opens sockets and files past this filter.
    IO_URING_SETUP, IO_URING_ENTER, IO_URING_REGISTER,
    // Mounts and namespaces.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, OPEN_TREE,
    MOVE_MOUNT, FSOPEN, FSCONFIG, FSMOUNT, FSPICK, MOUNT_SETATTR, OPEN_TREE_ATTRIBUTES,
    SYS_open_by_handle_at, SYS_name_to_handle_at,
    // The machine.
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon,
    SYS_swapoff, SYS_syslog, SYS_adjtimex, SYS_clock_settime, SYS_clock_adjtime, SYS_settimeofday,
    SYS_sethostname, SYS_setdomainname,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl,
#endif
    SYS_nfsservctl,
    // These write out every file system of the machine, or the whole one that a grant lies on.
    SYS_sync, SYS_syncfs,
    // System V objects outlive processes; POSIX shared memory is in the private /dev/shm.
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semctl, SYS_semtimedop, SYS_msgget,
    SYS_msgsnd, SYS_msgrcv, SYS_msgctl,
};

// CLONE_NEWTIME is not a flag of clone; the others are cgroup, uts, ipc, user, pid, net and mount.
#define NAMESPACE_FLAGS 0x7E020000u
#define DENY (SECCOMP_RET_ERRNO | EPERM)
#define ABSENT (SECCOMP_RET_ERRNO | ENOSYS)
#define ARGUMENT(n) (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (n))
#define LOAD(offset) ((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset))
#define ANSWER(value) ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value))
#define WHEN(test, value, yes, no) \
  ((struct sock_filter)BPF_JUMP(BPF_JMP | (test) | BPF_K, value, yes, no))

#define CAPACITY 256

struct program {
  struct sock_filter steps[CAPACITY];
  size_t count;
};

static void add(struct program *program, struct sock_filter step) {
  if (program->count < CAPACITY) program->steps[program->count++] = step;
}

static void add_head(struct program *p) {
  add(p, LOAD(offsetof(struct seccomp_data, arch)));
  add(p, WHEN(BPF_JEQ, ARCHITECTURE, 1, 0));
  add(p, ANSWER(SECCOMP_RET_KILL_PROCESS));
  add(p, LOAD(offsetof(struct seccomp_data, nr)));
#if defined(__x86_64__)
  // The x32 calls have the same architecture and a bit of their own.
  add(p, WHEN(BPF_JGE, 0x40000000u, 0, 1));
  add(p, ANSWER(SECCOMP_RET_KILL_PROCESS));
#endif
}

// Sockets only of families that the empty network namespace confines; vsock is not one of them.
static void add_sockets(struct program *p) {
  add(p, WHEN(BPF_JEQ, SYS_socket, 0, 12));
  add(p, LOAD(ARGUMENT(0)));
  add(p, WHEN(BPF_JEQ, AF_UNIX, 8, 0));
  add(p, WHEN(BPF_JEQ, AF_NETLINK, 5, 0));
  add(p, WHEN(BPF_JEQ, AF_INET, 1, 0));
  add(p, WHEN(BPF_JEQ, AF_INET6, 0, 6));
  // Of inet only TCP and UDP: other protocols would load modules of the kernel.
  add(p, LOAD(ARGUMENT(2)));
  add(p, WHEN(BPF_JEQ, IPPROTO_TCP, 3, 0));
  add(p, WHEN(BPF_JEQ, IPPROTO_UDP, 2, 0));
  // Of netlink only routes: that is what resolvers and interface lists ask. Zero is both the route
  // protocol there and the default protocol of a family here.
  add(p, LOAD(ARGUMENT(2)));
  add(p, WHEN(BPF_JEQ, 0, 0, 1));
  add(p, ANSWER(SECCOMP_RET_ALLOW));
  add(p, ANSWER(DENY));
  // A pair makes both its sockets, of whatever family, before it finds that they cannot be paired.
  add(p, WHEN(BPF_JEQ, SYS_socketpair, 0, 4));
  add(p, LOAD(ARGUMENT(0)));
  add(p, WHEN(BPF_JEQ, AF_UNIX, 1, 0));
  add(p, ANSWER(DENY));
  add(p, ANSWER(SECCOMP_RET_ALLOW));
}

// Answers a call where `test` (BPF_JEQ or BPF_JSET) holds of the low half of an argument; allows it
// otherwise.
static void add_case(struct program *p, uint32_t call, int argument, uint16_t test, uint32_t value,
                     uint32_t answer) {
  add(p, WHEN(BPF_JEQ, call, 0, 4));
  add(p, LOAD(ARGUMENT(argument)));
  add(p, WHEN(test, value, 0, 1));
  add(p, ANSWER(answer));
  add(p, ANSWER(SECCOMP_RET_ALLOW));
}

// What reaches past the sandbox by a flag of an honest call.
static void add_flags(struct program *p) {
  // The run owns what it was granted, so it could make whoever opens that for writing wait.
  add_case(p, SYS_fcntl, 1, BPF_JEQ, F_SETLEASE, DENY);
  // Huge pages come from a pool of the machine and are in no memory budget.
  add_case(p, SYS_mmap, 3, BPF_JSET, MAP_HUGETLB, SECCOMP_RET_ERRNO | ENOMEM);
  add_case(p, SYS_memfd_create, 1, BPF_JSET, MFD_HUGETLB, SECCOMP_RET_ERRNO | ENOMEM);
}

// A core dump may go to a program of the machine that runs as root, and a limit of zero does not
// keep it from that: only a limit of one byte does (core(5)). So the limit stays as it is, while
// the call that would change it succeeds.
static void add_core_limit(struct program *p) {
#ifdef SYS_setrlimit
  add_case(p, SYS_setrlimit, 0, BPF_JEQ, RLIMIT_CORE, SECCOMP_RET_ERRNO);
#endif
  add(p, WHEN(BPF_JEQ, SYS_prlimit64, 0, 8));
  add(p, LOAD(ARGUMENT(1)));
  add(p, WHEN(BPF_JEQ, RLIMIT_CORE, 0, 5));
  // Either half of the pointer to the new limit may be zero by itself.
  add(p, LOAD(ARGUMENT(2)));
  add(p, WHEN(BPF_JEQ, 0, 0, 2));
  add(p, LOAD(ARGUMENT(2) + 4));
  add(p, WHEN(BPF_JEQ, 0, 1, 0));
  add(p, ANSWER(SECCOMP_RET_ERRNO));
  add(p, ANSWER(SECCOMP_RET_ALLOW));
}

static void add_special_cases(struct program *p) {
  // The flags of clone3 are behind a pointer; libraries fall back to clone when it is absent.
  add(p, WHEN(BPF_JEQ, CLONE3, 0, 1));
  add(p, ANSWER(ABSENT));
  add_case(p, SYS_clone, 0, BPF_JSET, NAMESPACE_FLAGS, DENY);
  add(p, WHEN(BPF_JEQ, SYS_ioctl, 0, 6));
  add(p, LOAD(ARGUMENT(1)));
  // Typing into a terminal, its Linux-only cousin, and line disciplines, which load modules.
  add(p, WHEN(BPF_JEQ, TIOCSTI, 2, 0));
  add(p, WHEN(BPF_JEQ, TIOCSETD, 1, 0));
  add(p, WHEN(BPF_JEQ, TIOCLINUX, 0, 1));
  add(p, ANSWER(DENY));
  add(p, ANSWER(SECCOMP_RET_ALLOW));
}

// Where nothing but looks at processes counts memory, memory that is in no process is refused:
// files of memory are absent, and buffers of sockets keep their size while the call succeeds.
static void add_looks(struct program *p) {
  add(p, WHEN(BPF_JEQ, SYS_sched_setaffinity, 0, 1));
  add(p, ANSWER(DENY));
  add(p, WHEN(BPF_JEQ, SYS_memfd_create, 1, 0));
  add(p, WHEN(BPF_JEQ, MEMFD_SECRET, 0, 1));
  add(p, ANSWER(ABSENT));
  add(p, WHEN(BPF_JEQ, SYS_setsockopt, 0, 7));
  add(p, LOAD(ARGUMENT(1)));
  add(p, WHEN(BPF_JEQ, SOL_SOCKET, 0, 4));
  add(p, LOAD(ARGUMENT(2)));
  add(p, WHEN(BPF_JEQ, SO_SNDBUF, 1, 0));
  add(p, WHEN(BPF_JEQ, SO_RCVBUF, 0, 1));
  add(p, ANSWER(SECCOMP_RET_ERRNO));
  add(p, ANSWER(SECCOMP_RET_ALLOW));
}

int csandbox_seccomp_program(int is_watched_by_looks) {
  struct program program = {.count = 0};
  add_head(&program);
  for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++) {
    add(&program, WHEN(BPF_JEQ, denied[i], 0, 1));
    add(&program, ANSWER(DENY));
  }
  if (is_watched_by_looks) add_looks(&program);
  add_special_cases(&program);
  add_flags(&program);
  add_core_limit(&program);
  add_sockets(&program);
  add(&program, ANSWER(SECCOMP_RET_ALLOW));
  if (program.count >= CAPACITY) return -E2BIG;
  return csandbox_memory_file(program.steps, program.count * sizeof program.steps[0]);
}
