// The steps of starting a sandboxed program that cannot be taken in Swift: everything between fork
// and exec, the seccomp program, and system calls that glibc does not wrap. It decides nothing:
// what is joined, limited and mounted comes in as a plan. It must never allocate between fork and
// exec.
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- A plan: what the child does before it becomes bubblewrap.

typedef struct csandbox_plan csandbox_plan;

// Resources that can be limited, by names of our own so that Swift needs no macro.
enum {
  CSANDBOX_LIMIT_OPEN_FILES = 0,
  CSANDBOX_LIMIT_CORE,
  CSANDBOX_LIMIT_FILE_SIZE,
  CSANDBOX_LIMIT_CPU_SECONDS,
  CSANDBOX_LIMIT_LOCKED_MEMORY,
  CSANDBOX_LIMIT_MESSAGE_QUEUES,
  CSANDBOX_LIMIT_PROCESSES,
  CSANDBOX_LIMIT_ADDRESS_SPACE,
};

// The steps of the child, so that a failure can be named.
enum {
  CSANDBOX_STEP_NONE = 0,
  CSANDBOX_STEP_SESSION,
  CSANDBOX_STEP_GROUP,
  CSANDBOX_STEP_MOUNT,
  CSANDBOX_STEP_LIMIT,
  CSANDBOX_STEP_DESCRIPTOR,
  CSANDBOX_STEP_IDENTITY,
  CSANDBOX_STEP_PRIVILEGE,
  CSANDBOX_STEP_PARENT,
  CSANDBOX_STEP_EXEC,
};

// All functions that return int return 0 or a negative errno, unless they say otherwise.
csandbox_plan *csandbox_plan_create(const char *program);
void csandbox_plan_destroy(csandbox_plan *plan);
// One more option for bubblewrap; options travel on a descriptor, so no other process can read
// them.
int csandbox_plan_option(csandbox_plan *plan, const char *option);
// One more word of the command; these are visible in the process list.
int csandbox_plan_command(csandbox_plan *plan, const char *word);
// Join the version 1 control group with this folder, which the caller keeps open. A single thread
// that moves itself does not wait for the machine's other processes, as a move of a whole process
// does (up to 20 ms).
int csandbox_plan_join(csandbox_plan *plan, int folder);
// Be born in the version 2 control group with this folder, which the caller keeps open; the same
// wait is avoided.
void csandbox_plan_birthplace(csandbox_plan *plan, int folder);
void csandbox_plan_limit(csandbox_plan *plan, int limit, uint64_t value);
// Run on at most this many processors; the filter then keeps the program from choosing others.
void csandbox_plan_processors(csandbox_plan *plan, int count);
// Become this user and group, with no other groups; only for root.
void csandbox_plan_identity(csandbox_plan *plan, uint32_t user, uint32_t group);
// The child's descriptor `number` (0 to 15) is a copy of `descriptor`; all others are closed.
int csandbox_plan_descriptor(csandbox_plan *plan, int number, int descriptor);
// Stage a detached mount in the child's own mount namespace, as `stage`/N with N counting from 0;
// the plan owns the descriptor from then on. Returns N or a negative errno.
int csandbox_plan_mount(csandbox_plan *plan, int mount_descriptor, int is_directory);
// The folder that holds the staged mounts, in the child's mount namespace only.
int csandbox_plan_stage(csandbox_plan *plan, const char *folder);

// Forks from the calling thread, which must stay until the child is dead (the parent-death signal
// follows the thread). On success the process id; `report` becomes a descriptor for
// `csandbox_report`.
pid_t csandbox_start(csandbox_plan *plan, int *report);
// Blocks until the child has become bubblewrap (0) or failed: then a negative errno, with `step`.
// Closes `report`.
int csandbox_report(int report, int *step);

// ---- Descriptors made for a plan.

// The seccomp program on a sealed memory file, or a negative errno. Where budgets are held by looks
// at processes, it also refuses what such looks do not see, and the choice of processors.
int csandbox_seccomp_program(int is_watched_by_looks);
// A sealed memory file with these bytes at position 0, or a negative errno.
int csandbox_memory_file(const void *bytes, size_t count);
// A pipe whose ends are closed on exec; the reading end does not block. 0 or a negative errno.
int csandbox_pipe(int *reading, int *writing);

// ---- Mounts that belong to no name: they vanish with their descriptor.

// A detached copy of the tree at `path`, made read-only or not, never set-uid, without devices.
// With a `mapping` (or -1), files of its owner appear as files of its user.
int csandbox_clone_tree(const char *path, int read_only, int mapping);
// A user namespace in which `owner` and `group` stand for `user`, for `csandbox_clone_tree`.
int csandbox_user_mapping(uint32_t owner, uint32_t group, uint32_t user);
// Lets the files of a mount without a place appear as those of a mapping's user.
int csandbox_map_mount(int mount, int mapping);
// Makes an ext4 file system in a regular file with mkfs.ext4; 0, a negative errno, or 1 where the
// program failed.
int csandbox_make_ext4(const char *image, uint64_t inodes);
// An unnamed file in `folder`, or a negative errno.
int csandbox_unnamed_file(const char *folder);
// Copies the parts of a file that are not holes, and its size.
int csandbox_copy_sparse(int from, int to);
// Copies the bytes of a regular file from its start; at most `limit`. The count or a negative
// errno.
int64_t csandbox_copy_file(int from, int to, uint64_t limit);
// Attaches `image` to a free loop device that frees itself; returns a descriptor or a negative
// errno, and the number of the device.
int csandbox_loop_attach(int image, uint64_t size, int *number);
// Mounts the ext4 file system on a loop device without a place; a descriptor or a negative errno.
int csandbox_mount_ext4(int loop_number);
// A tmpfs of this size without a place; a descriptor or a negative errno.
int csandbox_mount_tmpfs(uint64_t bytes, uint64_t inodes);

// ---- Small calls that glibc does not have or Swift cannot make.

int csandbox_pidfd_open(pid_t process);
// Ends the process, whoever has its number by now.
int csandbox_pidfd_kill(int process_descriptor);
// Asks it to end (SIGTERM).
int csandbox_pidfd_ask(int process_descriptor);
int csandbox_open_beneath(int folder, const char *name, int flags, unsigned mode);
// The target of a symbolic link, without a zero; the count of bytes.
ssize_t csandbox_read_link(int folder, const char *name, void *buffer, size_t capacity);
// Raw directory records (`struct linux_dirent64`); the count of bytes, 0 at the end.
ssize_t csandbox_directory_records(int folder, void *buffer, size_t capacity);
// The Landlock version of this kernel, or 0.
int csandbox_landlock_version(void);
// 1 where a new user namespace can be made by an unprivileged process here.
int csandbox_user_namespaces_work(void);
// A listening Unix socket with an abstract name, for the guard that must not let it be reached.
int csandbox_abstract_listener(const char *name);
// From now on interrupt, hang-up and termination do not end this process but are remembered.
void csandbox_catch_termination(void);
int csandbox_is_terminated(void);
// Takes the file's lock or fails at once.
int csandbox_lock_exclusively(int descriptor);
uint64_t csandbox_monotonic_nanoseconds(void);
// Gives back the memory in which the kernel shows this program's own file; what is needed again is
// shown again.
void csandbox_release_program(void);

#endif
