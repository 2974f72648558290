// Kills this process at a chosen write to a file: the calls that reach the disk are counted, and
// the n-th is cut short. For the crash tests of the store; nothing else may link it.

#ifndef CRASH_POINTS_H
#define CRASH_POINTS_H

// Kills the process at the n-th call from now, from 1. `is_torn`: a write does half of its bytes
// first; otherwise none of them. With 0 the calls are only counted.
void crash_points_arm(long at, int is_torn);

// Writes every step that reaches the disk to a journal: a letter (W write, D write that is durable
// at once, S sync, R rename, L link, U removal, M new folder, A note), the length of a path (2
// bytes), the path, an offset or number (8), the length of bytes (4), bytes (of R and L: the new
// path).
void crash_points_record(const char *path);

// Puts a note into the journal.
void crash_points_note(long number);

// How many calls were counted since the arming.
long crash_points_count(void);

// The n-th call from now that writes to a file at an offset or syncs one does nothing and fails
// with an errno.
void crash_points_fail(long at, int number);

// fork(2), which Swift keeps from programs with threads; ours has none when it calls this.
int crash_points_fork(void);

// Memory that forked processes share, zeroed; NULL where there is none.
void *crash_points_share(long bytes);

#endif
