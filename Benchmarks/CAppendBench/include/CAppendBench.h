// What an append is measured against: the same writes of LMDB from C, and SQLite from C.

#ifndef CAPPENDBENCH_H
#define CAPPENDBENCH_H

#include <stddef.h>
#include <stdint.h>

// Recording: while it is on, every put and delete that this process hands to LMDB is kept, and
// every commit ends a transaction.
void recorder_start(void);
void recorder_stop(void);
size_t recorder_transactions(void);
// Writes kept, all together.
size_t recorder_writes(void);
// Commits of write transactions since the process began, recorded or not.
size_t recorder_commits(void);
// Forgets everything.
void recorder_clear(void);

// The floor: carries out recorded transactions again on another copy of the store.
typedef struct puts_floor puts_floor;
puts_floor *puts_floor_open(const char *folder, size_t map_bytes);
// Seconds that the next recorded transaction took; negative where none is left or LMDB failed.
double puts_floor_step(puts_floor *floor);
// Begins with the first of what is recorded.
void puts_floor_restart(puts_floor *floor);
void puts_floor_close(puts_floor *floor);

// Rows of two stores that differ, over all of their tables; -1 where one cannot be read.
long puts_floor_compare(const char *one, const char *other, size_t map_bytes);

// SQLite with a row per node, columns or rows for edges, and the same indexes.
typedef struct sqlite_floor sqlite_floor;
sqlite_floor *sqlite_floor_open(const char *file, const char *schema);
// Seconds that `count` experiments in one transaction took; negative where it failed.
double sqlite_floor_append(sqlite_floor *floor, uint64_t first, uint64_t count);
void sqlite_floor_close(sqlite_floor *floor);

double bench_seconds(void);

#endif
