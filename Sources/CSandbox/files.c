// Copies of files and the making of an image; see CSandbox.h.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int csandbox_make_ext4(const char *image, uint64_t inodes) {
  char count[32];
  snprintf(count, sizeof count, "%llu", (unsigned long long)inodes);
  // No journal and no reserve: the file system lives for one run. Lazy tables keep the image small.
  char *arguments[] = {
      "mkfs.ext4", "-q", "-F", "-m", "0", "-b", "4096", "-I", "256",
      "-O", "^has_journal,^resize_inode,^huge_file,^metadata_csum",
      "-E", "lazy_itable_init=1,nodiscard,root_owner=0:0",
      "-N", count, (char *)image, NULL};
  char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const char *places[] = {"/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4", "/usr/bin/mkfs.ext4"};
  pid_t child = 0;
  int error = ENOENT;
  for (size_t i = 0; i < 3 && error == ENOENT; i++)
    error = posix_spawn(&child, places[i], &actions, NULL, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return -error;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -errno;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

int csandbox_unnamed_file(const char *folder) {
  int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  return file < 0 ? -errno : file;
}

static int copy_range(int from, int to, off_t start, off_t end) {
  off_t position = start;
  if (lseek(to, start, SEEK_SET) < 0) return -errno;
  while (position < end) {
    ssize_t count = sendfile(to, from, &position, (size_t)(end - position));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -errno;
    if (count == 0) return -EIO;
  }
  return 0;
}

int csandbox_copy_sparse(int from, int to) {
  struct stat status;
  if (fstat(from, &status) != 0 || ftruncate(to, status.st_size) != 0) return -errno;
  off_t position = 0;
  while (position < status.st_size) {
    off_t data = lseek(from, position, SEEK_DATA);
    if (data < 0) return errno == ENXIO ? 0 : -errno;
    off_t hole = lseek(from, data, SEEK_HOLE);
    if (hole < 0) return -errno;
    int result = copy_range(from, to, data, hole);
    if (result != 0) return result;
    position = hole;
  }
  return 0;
}

// Holes stay holes: a file of nothing but zeros would otherwise take what it only seems to be long.
int64_t csandbox_copy_file(int from, int to, uint64_t limit) {
  struct stat status;
  if (fstat(from, &status) != 0) return -errno;
  off_t end = status.st_size;
  if ((uint64_t)end > limit) end = (off_t)limit;
  off_t position = 0;
  while (position < end) {
    off_t data = lseek(from, position, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break;
    if (data < 0) data = position;
    if (data >= end) break;
    off_t hole = lseek(from, data, SEEK_HOLE);
    if (hole < 0 || hole > end) hole = end;
    int result = copy_range(from, to, data, hole);
    if (result != 0) return result;
    position = hole;
  }
  return ftruncate(to, end) == 0 ? end : -errno;
}
