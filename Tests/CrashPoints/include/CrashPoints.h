// Kills this process at a chosen write to a file: the calls that reach the disk are counted, and
// the n-th is cut short. For the crash tests of the store; nothing else may link it.

#ifndef CRASH_POINTS_H
#define CRASH_POINTS_H

// Kills the process at the n-th call from now, from 1. `is_torn`: a write does half of its bytes
// first; otherwise none of them.
void crash_points_arm(long at, int is_torn);

// Writes every step that reaches the disk to a journal: a letter (W write, D write that is durable
// at once, S sync, R rename, U removal, M new folder, A note), the length of a path (2 bytes), the
// path, an offset or number (8), the length of bytes (4), bytes (of R: the new path).
void crash_points_record(const char *path);

// Puts a note into the journal.
void crash_points_note(long number);

// How many calls were counted since the arming.
long crash_points_count(void);

#endif
