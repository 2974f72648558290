// Mounts without a place: they exist through a descriptor and vanish with it, so that a killed
// runner leaves none behind. Needs Linux 5.12 (open_tree, fsmount, mount_setattr, loop configure).
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

// The kernel's values; glibc before 2.36 does not have them, and its header clashes with the
// kernel's.
enum {
  OPEN_TREE_CLONE_FLAG = 1,
  RECURSIVE = 0x8000,
  EMPTY_PATH = 0x1000,
  FSOPEN_CLOEXEC_FLAG = 1,
  FSMOUNT_CLOEXEC_FLAG = 1,
  CONFIG_FLAG = 0,
  CONFIG_STRING = 1,
  CONFIG_CREATE = 6,
  ATTRIBUTE_READ_ONLY = 1,
  ATTRIBUTE_NO_SET_UID = 2,
  ATTRIBUTE_NO_DEVICES = 4,
  ATTRIBUTE_MAPPED = 0x100000,
};

struct mount_attributes {
  uint64_t set, clear, propagation, user_namespace;
};

int csandbox_clone_tree(const char *path, int read_only, int mapping) {
  // Without a mapping whole subtrees of mounts come along; with one only the file system itself,
  // as the others may not know mappings.
  unsigned recursive = mapping < 0 ? RECURSIVE : 0;
  unsigned flags = OPEN_TREE_CLONE_FLAG | O_CLOEXEC | recursive;
  int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, flags);
  if (tree < 0) return -errno;
  struct mount_attributes attributes = {0};
  attributes.set = ATTRIBUTE_NO_SET_UID | ATTRIBUTE_NO_DEVICES;
  if (read_only) attributes.set |= ATTRIBUTE_READ_ONLY;
  if (mapping >= 0) {
    attributes.set |= ATTRIBUTE_MAPPED;
    attributes.user_namespace = (uint64_t)mapping;
  }
  flags = EMPTY_PATH | recursive;
  if (syscall(SYS_mount_setattr, tree, "", flags, &attributes, sizeof attributes) != 0) {
    int error = errno;
    close(tree);
    return -error;
  }
  return tree;
}

int csandbox_map_mount(int mount, int mapping) {
  struct mount_attributes attributes = {0};
  attributes.set = ATTRIBUTE_MAPPED;
  attributes.user_namespace = (uint64_t)mapping;
  long result = syscall(SYS_mount_setattr, mount, "", EMPTY_PATH, &attributes, sizeof attributes);
  return result == 0 ? 0 : -errno;
}

static int write_mapping(pid_t process, const char *file, uint32_t owner, uint32_t user) {
  char path[64], text[64];
  snprintf(path, sizeof path, "/proc/%d/%s", process, file);
  int length = snprintf(text, sizeof text, "%u %u 1", owner, user);
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  int result = write(descriptor, text, (size_t)length) == length ? 0 : -errno;
  close(descriptor);
  return result;
}

int csandbox_user_mapping(uint32_t owner, uint32_t group, uint32_t user) {
  // A namespace needs a process to be born in; this one does nothing and is ended again.
  pid_t child = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (child < 0) return -errno;
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    for (;;) pause();
  }
  int result = write_mapping(child, "uid_map", owner, user);
  if (result == 0) result = write_mapping(child, "gid_map", group, user);
  if (result == 0) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/user", child);
    result = open(path, O_RDONLY | O_CLOEXEC);
    if (result < 0) result = -errno;
  }
  kill(child, SIGKILL);
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
  return result;
}

static int attach(int device, int image, uint64_t size) {
  struct loop_config configuration;
  memset(&configuration, 0, sizeof configuration);
  configuration.fd = (uint32_t)image;
  configuration.block_size = 4096;
  configuration.info.lo_flags = LO_FLAGS_AUTOCLEAR;
  configuration.info.lo_sizelimit = size;
  return ioctl(device, LOOP_CONFIGURE, &configuration) == 0 ? 0 : -errno;
}

int csandbox_loop_attach(int image, uint64_t size, int *number) {
  int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  if (control < 0) return -errno;
  int result = -EBUSY;
  // Another process may take the free device between the two calls; then the next one is asked for.
  for (int attempt = 0; attempt < 64 && (result == -EBUSY); attempt++) {
    int free_number = ioctl(control, LOOP_CTL_GET_FREE);
    if (free_number < 0) {
      result = -errno;
      break;
    }
    char path[32];
    snprintf(path, sizeof path, "/dev/loop%d", free_number);
    int device = open(path, O_RDWR | O_CLOEXEC);
    if (device < 0) {
      result = -errno;
      break;
    }
    result = attach(device, image, size);
    if (result == 0) {
      *number = free_number;
      result = device;
    } else {
      close(device);
    }
  }
  close(control);
  return result;
}

static int configure(int context, unsigned command, const char *key, const char *value) {
  return (int)syscall(SYS_fsconfig, context, command, key, value, 0);
}

static int finish_mount(int context) {
  int mounted = -1;
  if (syscall(SYS_fsconfig, context, CONFIG_CREATE, NULL, NULL, 0) == 0)
    mounted = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC_FLAG,
                           ATTRIBUTE_NO_SET_UID | ATTRIBUTE_NO_DEVICES);
  int result = mounted < 0 ? -errno : mounted;
  close(context);
  return result;
}

int csandbox_mount_ext4(int loop_number) {
  char device[32];
  snprintf(device, sizeof device, "/dev/loop%d", loop_number);
  int context = (int)syscall(SYS_fsopen, "ext4", FSOPEN_CLOEXEC_FLAG);
  if (context < 0) return -errno;
  // The content dies with the run, so nothing has to reach a disk in any order.
  if (configure(context, CONFIG_STRING, "source", device) != 0 ||
      configure(context, CONFIG_FLAG, "nobarrier", NULL) != 0 ||
      configure(context, CONFIG_FLAG, "noinit_itable", NULL) != 0) {
    int error = errno;
    close(context);
    return -error;
  }
  return finish_mount(context);
}

int csandbox_mount_tmpfs(uint64_t bytes, uint64_t inodes) {
  int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC_FLAG);
  if (context < 0) return -errno;
  char size[32], count[32];
  snprintf(size, sizeof size, "%llu", (unsigned long long)bytes);
  snprintf(count, sizeof count, "%llu", (unsigned long long)inodes);
  if (configure(context, CONFIG_STRING, "size", size) != 0 ||
      configure(context, CONFIG_STRING, "nr_inodes", count) != 0 ||
      configure(context, CONFIG_STRING, "mode", "0755") != 0) {
    int error = errno;
    close(context);
    return -error;
  }
  return finish_mount(context);
}
