// From a plan to a running bubblewrap. The thread that looks after a sandbox starts it, because the
// parent-death signal follows the thread that forked: it must stay until the sandbox is over.
// Between fork and exec there are only system calls: no allocation, no locks, no library state.
#define _GNU_SOURCE
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 4
#endif

// Copies of the passed descriptors wait from here on while the low numbers are filled.
#define PARKED 32
#define REPORT_NUMBER MAXIMUM_DESCRIPTORS

struct report { int step, error; };

// ---- The child. Only system calls from here to `execve`.

// Where the child reports; written by the child only, in its own copy of this memory or while the
// thread that starts it waits and keeps all others from starting one.
static int report_descriptor;

static _Noreturn void fail(int step) {
  struct report report = {step, errno};
  if (write(report_descriptor, &report, sizeof report) < 0) _exit(126);
  _exit(126);
}

static void join_group(int folder, const char *name) {
  int file = openat(folder, name, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, "0", 1) != 1) fail(CSANDBOX_STEP_GROUP);
  close(file);
}

static void join_groups(const csandbox_plan *plan, int is_born_there) {
  // Kernels before 5.7 have no births in a group.
  if (plan->birthplace >= 0 && !is_born_there) join_group(plan->birthplace, "cgroup.procs");
  for (int i = 0; i < plan->group_count; i++) join_group(plan->groups[i], "tasks");
}

// The staged trees live in a mount namespace of the child's own: nothing of it is seen outside, and
// nothing of it outlives the processes inside.
static void stage_mounts(const csandbox_plan *plan) {
  if (plan->mount_count == 0) return;
  if (unshare(CLONE_NEWNS) != 0) fail(CSANDBOX_STEP_MOUNT);
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail(CSANDBOX_STEP_MOUNT);
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (mount("stemma", plan->stage, "tmpfs", flags, "size=64k,mode=755") != 0)
    fail(CSANDBOX_STEP_MOUNT);
  for (int i = 0; i < plan->mount_count; i++) {
    const char *path = plan->mounts[i].path;
    if (plan->mounts[i].is_directory) {
      if (mkdir(path, 0755) != 0) fail(CSANDBOX_STEP_MOUNT);
    } else {
      int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
      if (file < 0) fail(CSANDBOX_STEP_MOUNT);
      close(file);
    }
    if (syscall(SYS_move_mount, plan->mounts[i].descriptor, "", AT_FDCWD, path,
                MOVE_MOUNT_F_EMPTY_PATH) != 0)
      fail(CSANDBOX_STEP_MOUNT);
  }
}

static void arrange_descriptors(const csandbox_plan *plan) {
  int parked[MAXIMUM_DESCRIPTORS];
  for (int i = 0; i < MAXIMUM_DESCRIPTORS; i++) {
    parked[i] = plan->descriptors[i] < 0 ? -1 : fcntl(plan->descriptors[i], F_DUPFD, PARKED);
    if (parked[i] < 0 && plan->descriptors[i] >= 0) fail(CSANDBOX_STEP_DESCRIPTOR);
  }
  for (int i = 0; i < MAXIMUM_DESCRIPTORS; i++) {
    if (parked[i] < 0) {
      close(i);
    } else if (dup2(parked[i], i) < 0) {
      fail(CSANDBOX_STEP_DESCRIPTOR);
    }
  }
  if (dup3(report_descriptor, REPORT_NUMBER, O_CLOEXEC) < 0) fail(CSANDBOX_STEP_DESCRIPTOR);
  report_descriptor = REPORT_NUMBER;
  if (syscall(SYS_close_range, REPORT_NUMBER + 1, ~0u, 0) != 0) fail(CSANDBOX_STEP_DESCRIPTOR);
}

static void drop_identity(const csandbox_plan *plan) {
  // The raw calls: glibc's wrappers talk to the other threads, which do not exist here.
  if (!plan->has_identity) return;
  if (syscall(SYS_setgroups, 0, NULL) != 0 ||
      syscall(SYS_setresgid, plan->group, plan->group, plan->group) != 0 ||
      syscall(SYS_setresuid, plan->user, plan->user, plan->user) != 0)
    fail(CSANDBOX_STEP_IDENTITY);
}

static _Noreturn void become_sandbox(
    const csandbox_plan *plan, char *const *arguments, int report, pid_t parent,
    int is_born_there) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < 65; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);

  report_descriptor = fcntl(report, F_DUPFD_CLOEXEC, PARKED);
  if (report_descriptor < 0) _exit(126);
  if (setsid() < 0) fail(CSANDBOX_STEP_SESSION);
  umask(022);
  join_groups(plan, is_born_there);
  stage_mounts(plan);
  if (chdir("/") != 0) fail(CSANDBOX_STEP_MOUNT);
  arrange_descriptors(plan);
  for (int i = 0; i < plan->limit_count; i++) {
    struct rlimit limit = {plan->limits[i].value, plan->limits[i].value};
    if (setrlimit(plan->limits[i].resource, &limit) != 0) fail(CSANDBOX_STEP_LIMIT);
  }
  if (plan->has_processors && sched_setaffinity(0, sizeof plan->processors, &plan->processors) != 0)
    fail(CSANDBOX_STEP_LIMIT);
  drop_identity(plan);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(CSANDBOX_STEP_PRIVILEGE);
  // A change of identity clears the signal, so it is set last; the parent may be gone already.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail(CSANDBOX_STEP_PARENT);
  if (getppid() != parent) _exit(126);
  char *empty[] = {NULL};
  execve(plan->program, arguments, empty);
  fail(CSANDBOX_STEP_EXEC);
}

// ---- The thread that starts a sandbox.

struct request {
  const csandbox_plan *plan;
  char *const *arguments;
  int report;
};

// One birth at a time: until its exec a child has our memory, the one stack below, and our mark of
// being dumpable.
static pthread_mutex_t birth_lock = PTHREAD_MUTEX_INITIALIZER;

// The kernel's `struct clone_args` as of Linux 5.7.
struct birth {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
  uint64_t set_tid, set_tid_size, cgroup;
};

#if defined(__x86_64__)
// What a child that shares our memory needs; it lives on the stack of the thread that waits.
struct inheritance {
  const struct request *request;
  pid_t parent;
  int is_born_there;
  // Set by the child.
  int has_lived;
};

static _Noreturn void live(struct inheritance *inheritance) {
  const struct request *request = inheritance->request;
  inheritance->has_lived = 1;
  become_sandbox(request->plan, request->arguments, request->report, inheritance->parent,
                 inheritance->is_born_there);
}

// The child's stack; only one child at a time is between birth and exec.
static char child_stack[64 * 1024] __attribute__((aligned(16)));

// A child in our own memory, while this thread waits for its exec: nothing is copied, so no page of
// ours is written twice. It starts on a stack of its own, in `live`, and never returns here.
static long share_birth(struct birth *birth, struct inheritance *inheritance) {
  uint64_t *top = (uint64_t *)(child_stack + sizeof child_stack) - 2;
  top[0] = (uint64_t)(uintptr_t)inheritance;
  top[1] = (uint64_t)(uintptr_t)live;
  birth->stack = (uint64_t)(uintptr_t)child_stack;
  birth->stack_size = (uint64_t)((char *)top - child_stack);
  long result = SYS_clone3;
  __asm__ volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"
      "popq %%rdi\n\t"
      "popq %%rax\n\t"
      "call *%%rax\n\t"
      "ud2\n\t"
      "1:\n\t"
      : "+a"(result)
      : "D"(birth), "S"(sizeof *birth)
      : "rcx", "r11", "memory", "cc");
  return result;
}

// -1 where this kernel cannot do it.
static pid_t give_birth_here(const struct request *request, pid_t parent) {
  const uint64_t memory_until_exec = 0x100u | 0x4000u, into_group = 0x200000000u;
  int birthplace = request->plan->birthplace;
  // Changing the user in shared memory forbids core dumps and tracing of us; that is put back.
  int was_dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
  long child = -1;
  for (int there = birthplace >= 0; there >= 0 && child < 0; there--) {
    struct inheritance inheritance = {request, parent, there, 0};
    struct birth birth = {.flags = memory_until_exec, .exit_signal = SIGCHLD};
    if (there) {
      birth.flags |= into_group;
      birth.cgroup = (uint64_t)birthplace;
    }
    child = share_birth(&birth, &inheritance);
    // Linux (seen with 6.18) takes one who is born into a group from one that was ever killed as a
    // whole for one to be killed too. Who moves by itself lives.
    if (there && child > 0 && !inheritance.has_lived) {
      while (waitpid((pid_t)child, NULL, 0) < 0 && errno == EINTR) {
      }
      child = -1;
    }
  }
  if (was_dumpable == 1) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  return child < 0 ? -1 : (pid_t)child;
}
#else
static pid_t give_birth_here(const struct request *request, pid_t parent) {
  (void)request;
  (void)parent;
  return -1;
}
#endif

static pid_t give_birth(const struct request *request) {
  const uint64_t into_group = 0x200000000u;
  const csandbox_plan *plan = request->plan;
  pid_t parent = getpid();
  pid_t child = give_birth_here(request, parent);
  if (child > 0) return child;
  int is_born_there = 0;
  if (plan->birthplace >= 0) {
    struct birth birth = {.flags = into_group, .exit_signal = SIGCHLD};
    birth.cgroup = (uint64_t)plan->birthplace;
    is_born_there = 1;
    child = (pid_t)syscall(SYS_clone3, &birth, sizeof birth);
  }
  if (child < 0) {
    is_born_there = 0;
    child = fork();
  }
  if (child == 0)
    become_sandbox(plan, request->arguments, request->report, parent, is_born_there);
  return child < 0 ? -errno : child;
}

// A child that shares our memory must not run our handlers, so it is born with all signals blocked;
// it puts them in order itself.
static pid_t start_child(const struct request *request) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_mutex_lock(&birth_lock);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = give_birth(request);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_mutex_unlock(&birth_lock);
  return child;
}

pid_t csandbox_start(csandbox_plan *plan, int *report) {
  int options = csandbox_memory_file(plan->options, plan->options_count);
  if (options < 0) return options;
  const int options_number = MAXIMUM_DESCRIPTORS - 1;
  plan->descriptors[options_number] = options;

  char number[16];
  snprintf(number, sizeof number, "%d", options_number);
  char **arguments = calloc(plan->command_count + 5, sizeof *arguments);
  int ends[2];
  if (arguments == NULL || pipe2(ends, O_CLOEXEC) != 0) {
    int error = arguments == NULL ? ENOMEM : errno;
    free(arguments);
    close(options);
    return -error;
  }
  size_t count = 0;
  arguments[count++] = "bwrap";
  arguments[count++] = "--args";
  arguments[count++] = number;
  arguments[count++] = "--";
  for (size_t i = 0; i < plan->command_count; i++) arguments[count++] = plan->command[i];

  struct request request = {plan, arguments, ends[1]};
  pid_t child = start_child(&request);
  close(ends[1]);
  close(options);
  plan->descriptors[options_number] = -1;
  free(arguments);
  if (child < 0) {
    close(ends[0]);
    return child;
  }
  *report = ends[0];
  return child;
}

int csandbox_report(int report, int *step) {
  struct report message;
  ssize_t count;
  do {
    count = read(report, &message, sizeof message);
  } while (count < 0 && errno == EINTR);
  close(report);
  *step = CSANDBOX_STEP_NONE;
  if (count != (ssize_t)sizeof message) return 0;
  *step = message.step;
  return message.error == 0 ? -EIO : -message.error;
}
