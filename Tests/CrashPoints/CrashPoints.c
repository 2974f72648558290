// The C library's calls, defined again in the executable: the dynamic linker prefers these for
// liblmdb and for Swift alike. Each counts itself and then makes the system call.

#define _GNU_SOURCE
#include "CrashPoints.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

static int journal = -1;

void crash_points_record(const char *path) {
  journal = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static long failing = -1, tried = 0;
static int failure = 0;

void crash_points_fail(long at, int number) {
  failing = at;
  failure = number;
  tried = 0;
}

// Whether this call is the one that fails.
static int fails(void) {
  if (failing < 0 || ++tried != failing) return 0;
  errno = failure;
  return 1;
}

static void put(const void *bytes, size_t count) { syscall(SYS_write, journal, bytes, count); }

// One step of the journal: what, the path, a second path or an offset, bytes.
static void step(char what, const char *path, int64_t number, const void *bytes, uint32_t count) {
  uint16_t length = (uint16_t)strlen(path);
  put(&what, 1);
  put(&length, sizeof length);
  put(path, length);
  put(&number, sizeof number);
  put(&count, sizeof count);
  if (count) put(bytes, count);
}

void crash_points_note(long number) {
  if (journal >= 0) step('A', "", number, NULL, 0);
}

static const char *path_of(int file, char *buffer, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t count = readlink(link, buffer, size - 1);
  buffer[count < 0 ? 0 : count] = 0;
  return buffer;
}

// A step that belongs to an open file; only ordinary files and folders below / are of interest.
static void file_step(char what, int file, int64_t number, const void *bytes, uint32_t count) {
  char path[4096];
  if (journal < 0 || file == journal) return;
  path_of(file, path, sizeof path);
  int isMemory = strncmp(path, "/dev/shm/", 9) == 0;
  if (path[0] != '/' || (!isMemory && strncmp(path, "/dev/", 5) == 0)) return;
  // The meta page is written through a descriptor whose every write is a sync of its own.
  int isDurable = what == 'W' && fcntl(file, F_GETFL) & O_DSYNC;
  step(isDurable ? 'D' : what, path, number, bytes, count);
}

// Each part is a page of its own, which the disk may take without the others.
static void parts_step(int file, const struct iovec *parts, int count, off_t offset) {
  for (int index = 0; index < count; index++) {
    file_step('W', file, offset, parts[index].iov_base, (uint32_t)parts[index].iov_len);
    offset += (off_t)parts[index].iov_len;
  }
}

static void pair_step(char what, const char *from, const char *to) {
  if (journal >= 0) step(what, from, 0, to, (uint32_t)strlen(to));
}

// Whether this call is the last one.
static int is_last(void) { return limit >= 0 && ++counted == limit; }

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); }

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  if (fails()) return -1;
  if (is_last()) {
    if (torn) syscall(SYS_pwrite64, file, bytes, count / 2, offset);
    die();
  }
  ssize_t done = syscall(SYS_pwrite64, file, bytes, count, offset);
  if (done > 0) file_step('W', file, offset, bytes, (uint32_t)done);
  return done;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
  return pwrite(file, bytes, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (file > 2 && is_last()) {
    if (torn) syscall(SYS_write, file, bytes, count / 2);
    die();
  }
  int64_t offset = journal >= 0 && file > 2 ? syscall(SYS_lseek, file, 0L, SEEK_CUR) : 0;
  ssize_t done = syscall(SYS_write, file, bytes, count);
  if (done > 0 && file > 2) file_step('W', file, offset, bytes, (uint32_t)done);
  return done;
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
  if (fails()) return -1;
  if (is_last()) {
    if (torn) syscall(SYS_pwritev, file, parts, count / 2, offset, 0L);
    die();
  }
  ssize_t done = syscall(SYS_pwritev, file, parts, count, offset, 0L);
  if (done > 0) parts_step(file, parts, count, offset);
  return done;
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
  return pwritev(file, parts, count, offset);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (is_last()) {
    if (torn) syscall(SYS_writev, file, parts, count / 2);
    die();
  }
  off_t offset = journal >= 0 ? syscall(SYS_lseek, file, 0L, SEEK_CUR) : 0;
  ssize_t done = syscall(SYS_writev, file, parts, count);
  if (file > 2 && done > 0) parts_step(file, parts, count, offset);
  return done;
}

int fdatasync(int file) {
  if (fails()) return -1;
  if (is_last()) die();
  file_step('S', file, 0, NULL, 0);
  return (int)syscall(SYS_fdatasync, file);
}

int fsync(int file) {
  if (fails()) return -1;
  if (is_last()) die();
  file_step('S', file, 0, NULL, 0);
  return (int)syscall(SYS_fsync, file);
}

int link(const char *from, const char *to) {
  if (is_last()) die();
  int result = (int)syscall(SYS_link, from, to);
  if (result == 0) pair_step('L', from, to);
  return result;
}

int rename(const char *from, const char *to) {
  if (is_last()) die();
  int result = (int)syscall(SYS_rename, from, to);
  if (result == 0) pair_step('R', from, to);
  return result;
}

int unlink(const char *path) {
  if (is_last()) die();
  int result = (int)syscall(SYS_unlink, path);
  if (result == 0 && journal >= 0) step('U', path, 0, NULL, 0);
  return result;
}

int rmdir(const char *path) {
  if (is_last()) die();
  int result = (int)syscall(SYS_rmdir, path);
  if (result == 0 && journal >= 0) step('U', path, 0, NULL, 0);
  return result;
}

int mkdir(const char *path, mode_t mode) {
  if (is_last()) die();
  int result = (int)syscall(SYS_mkdir, path, mode);
  if (result == 0 && journal >= 0) step('M', path, 0, NULL, 0);
  return result;
}

int crash_points_fork(void) { return (int)fork(); }

void *crash_points_share(long bytes) {
  int access = PROT_READ | PROT_WRITE;
  void *memory = mmap(NULL, (size_t)bytes, access, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}
