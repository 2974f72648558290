// What Store uses: liblmdb, the kind of file system that a folder lies on, reserving space, and a
// hint to the processor.
#include <lmdb.h>
#include <linux/falloc.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// fallocate(2) without a change of the file's size: 0, or -1 with errno. The C library declares it
// under _GNU_SOURCE only, which a module cannot ask for.
static inline int clmdb_reserve(int file, long bytes) {
  return (int)syscall(SYS_fallocate, file, FALLOC_FL_KEEP_SIZE, 0L, bytes);
}

// Begins to fetch what will be read soon; never a fault, whatever the address.
static inline void clmdb_prefetch(const void *address) { __builtin_prefetch(address); }
