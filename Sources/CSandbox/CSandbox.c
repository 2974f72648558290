// Small system calls for the supervisor; see CSandbox.h.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

int csandbox_memory_file(const void *bytes, size_t count) {
  int file = memfd_create("stemma", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -errno;
  size_t written = 0;
  while (written < count) {
    ssize_t step = write(file, (const char *)bytes + written, count - written);
    if (step < 0) {
      if (errno == EINTR) continue;
      int error = errno;
      close(file);
      return -error;
    }
    written += (size_t)step;
  }
  lseek(file, 0, SEEK_SET);
  // Without the seals a program could grow its own input without limit, outside its disk budget.
  fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return file;
}

int csandbox_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

int csandbox_pidfd_open(pid_t process) {
  int descriptor = (int)syscall(SYS_pidfd_open, process, 0);
  return descriptor < 0 ? -errno : descriptor;
}

int csandbox_pidfd_kill(int process_descriptor) {
  return syscall(SYS_pidfd_send_signal, process_descriptor, SIGKILL, NULL, 0) == 0 ? 0 : -errno;
}

int csandbox_pidfd_ask(int process_descriptor) {
  return syscall(SYS_pidfd_send_signal, process_descriptor, SIGTERM, NULL, 0) == 0 ? 0 : -errno;
}

int csandbox_open_beneath(int folder, const char *name, int flags, unsigned mode) {
  int descriptor = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
  return descriptor < 0 ? -errno : descriptor;
}

ssize_t csandbox_read_link(int folder, const char *name, void *buffer, size_t capacity) {
  ssize_t count = readlinkat(folder, name, buffer, capacity);
  return count < 0 ? -errno : count;
}

ssize_t csandbox_directory_records(int folder, void *buffer, size_t capacity) {
  long count = syscall(SYS_getdents64, folder, buffer, capacity);
  return count < 0 ? -errno : (ssize_t)count;
}

int csandbox_landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  return version < 0 ? 0 : (int)version;
}

int csandbox_user_namespaces_work(void) {
  // vfork would share memory with the caller; nothing is touched here but the kernel.
  pid_t child = fork();
  if (child < 0) return 0;
  if (child == 0) {
    if (syscall(SYS_getuid) == 0 && syscall(SYS_setresuid, 65534, 65534, 65534) != 0) _exit(2);
    _exit(unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int csandbox_abstract_listener(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(name);
  if (length + 1 > sizeof address.sun_path) return -ENAMETOOLONG;
  memcpy(address.sun_path + 1, name, length);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return -errno;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 1) != 0) {
    int error = errno;
    close(listener);
    return -error;
  }
  return listener;
}

static volatile sig_atomic_t terminated;

static void remember(int number) { terminated = number; }

void csandbox_catch_termination(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = remember;
  const int numbers[] = {SIGINT, SIGHUP, SIGTERM};
  for (size_t i = 0; i < 3; i++) sigaction(numbers[i], &action, NULL);
  // A reader of our output that goes away must not end the run half-way.
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);
}

int csandbox_is_terminated(void) { return terminated; }

int csandbox_lock_exclusively(int descriptor) {
  return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno;
}

uint64_t csandbox_monotonic_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Only what is never written: pages of the file and nothing else, which are read from it again.
static int release_program(struct dl_phdr_info *program, size_t size, void *nothing) {
  (void)size;
  (void)nothing;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < program->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &program->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || (part->p_flags & PF_W) != 0) continue;
    uintptr_t start = program->dlpi_addr + part->p_vaddr;
    uintptr_t end = (start + part->p_memsz) & ~(page - 1);
    start &= ~(page - 1);
    if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 1;  // The program comes first; libraries are shared with others anyway.
}

void csandbox_release_program(void) { dl_iterate_phdr(release_program, NULL); }
