// The C library's calls, defined again in the executable: the dynamic linker prefers these for
// liblmdb and for Swift alike. Each counts itself and then makes the system call.

#define _GNU_SOURCE
#include "CrashPoints.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long limit = -1, counted = 0;
static int torn = 0;

void crash_points_arm(long at, int is_torn) {
  limit = at;
  torn = is_torn;
  counted = 0;
}

long crash_points_count(void) { return counted; }

// Whether this call is the last one.
static int is_last(void) { return limit > 0 && ++counted == limit; }

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); }

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  if (is_last()) {
    if (torn) syscall(SYS_pwrite64, file, bytes, count / 2, offset);
    die();
  }
  return syscall(SYS_pwrite64, file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
  return pwrite(file, bytes, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (file > 2 && is_last()) {
    if (torn) syscall(SYS_write, file, bytes, count / 2);
    die();
  }
  return syscall(SYS_write, file, bytes, count);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
  if (is_last()) {
    if (torn) syscall(SYS_pwritev, file, parts, count / 2, offset, 0L);
    die();
  }
  return syscall(SYS_pwritev, file, parts, count, offset, 0L);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
  return pwritev(file, parts, count, offset);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (is_last()) {
    if (torn) syscall(SYS_writev, file, parts, count / 2);
    die();
  }
  return syscall(SYS_writev, file, parts, count);
}

int fdatasync(int file) {
  if (is_last()) die();
  return (int)syscall(SYS_fdatasync, file);
}

int fsync(int file) {
  if (is_last()) die();
  return (int)syscall(SYS_fsync, file);
}

int rename(const char *from, const char *to) {
  if (is_last()) die();
  return (int)syscall(SYS_rename, from, to);
}
