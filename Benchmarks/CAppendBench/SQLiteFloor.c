// The same experiments in SQLite through C: prepared statements, a write-ahead log that is synced
// with every transaction. There is no log of operations, no history and no tree of hashes.

#include "CAppendBench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { proposal, critique, run, eval, derived, request, begin, commit, statements };

static const char *const texts[statements] = {
    "INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO critique VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO run VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO eval VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO derived_from VALUES (?, ?)",
    "INSERT INTO request VALUES (?, ?, ?, ?, ?)",
    "BEGIN IMMEDIATE",
    "COMMIT",
};

struct sqlite_floor {
  sqlite3 *database;
  sqlite3_stmt *prepared[statements];
  uint64_t random;
};

static uint64_t next(sqlite_floor *floor) {
  uint64_t mixed = floor->random += 0x9E3779B97F4A7C15;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

static double unit(sqlite_floor *floor) { return (double)(next(floor) >> 11) * 0x1p-53; }

sqlite_floor *sqlite_floor_open(const char *file, const char *schema) {
  sqlite_floor *floor = calloc(1, sizeof *floor);
  if (!floor) return NULL;
  floor->random = 42;
  if (sqlite3_open(file, &floor->database) ||
      sqlite3_exec(floor->database, schema, NULL, NULL, NULL)) {
    sqlite_floor_close(floor);
    return NULL;
  }
  for (int i = 0; i < statements; i++) {
    if (sqlite3_prepare_v3(floor->database, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                           &floor->prepared[i], NULL)) {
      sqlite_floor_close(floor);
      return NULL;
    }
  }
  return floor;
}

static int step(sqlite_floor *floor, int which) {
  int result = sqlite3_step(floor->prepared[which]);
  sqlite3_reset(floor->prepared[which]);
  return result == SQLITE_DONE ? 0 : -1;
}

static void integer(sqlite_floor *floor, int which, int place, uint64_t value) {
  sqlite3_bind_int64(floor->prepared[which], place, (sqlite3_int64)value);
}

static void text(sqlite_floor *floor, int which, int place, const char *value) {
  sqlite3_bind_text(floor->prepared[which], place, value, -1, SQLITE_TRANSIENT);
}

static void key(sqlite_floor *floor, int which, char prefix, uint64_t number) {
  char buffer[32];
  snprintf(buffer, sizeof buffer, "%c%llu", prefix, (unsigned long long)number + 1);
  text(floor, which, 2, buffer);
}

static int critiques(sqlite_floor *floor, uint64_t number) {
  for (uint64_t i = 2 * number; i < 2 * number + 2; i++) {
    integer(floor, critique, 1, i);
    key(floor, critique, 'K', i);
    integer(floor, critique, 3, number);
    text(floor, critique, 4, next(floor) % 2 ? "reject" : "accept");
    text(floor, critique, 5, "the effect is below the noise of the last eight runs");
    if (step(floor, critique)) return -1;
  }
  return 0;
}

static int runs(sqlite_floor *floor, uint64_t number) {
  integer(floor, run, 1, number);
  key(floor, run, 'R', number);
  integer(floor, run, 3, number);
  integer(floor, run, 4, number);
  text(floor, run, 5, "finished");
  if (step(floor, run)) return -1;
  for (uint64_t i = 0; i < 2; i++) {
    integer(floor, eval, 1, 2 * number + i);
    key(floor, eval, 'E', 2 * number + i);
    integer(floor, eval, 3, number);
    text(floor, eval, 4, i ? "loss" : "accuracy");
    sqlite3_bind_double(floor->prepared[eval], 5, unit(floor));
    if (step(floor, eval)) return -1;
  }
  return 0;
}

static int experiment(sqlite_floor *floor, uint64_t number) {
  char title[64];
  snprintf(title, sizeof title, "change the learning rate of step %llu",
           (unsigned long long)number);
  integer(floor, proposal, 1, number);
  key(floor, proposal, 'P', number);
  text(floor, proposal, 3, title);
  integer(floor, proposal, 4, next(floor) % 50);
  sqlite3_bind_double(floor->prepared[proposal], 5, unit(floor) * 0.001);
  integer(floor, proposal, 6, 16u << (next(floor) % 4));
  integer(floor, proposal, 7, 6 + next(floor) % 24);
  sqlite3_bind_double(floor->prepared[proposal], 8, unit(floor) * 0.5);
  if (step(floor, proposal) || critiques(floor, number) || runs(floor, number)) return -1;
  if (number > 0) {
    integer(floor, derived, 1, number);
    integer(floor, derived, 2, number - 1 - next(floor) % (number < 30 ? number : 30));
    if (step(floor, derived)) return -1;
  }
  uint64_t identity[2] = {1, number};
  sqlite3_bind_blob(floor->prepared[request], 1, identity, sizeof identity, SQLITE_TRANSIENT);
  integer(floor, request, 2, number + 2);
  integer(floor, request, 3, (uint64_t)(bench_seconds() * 1e6));
  text(floor, request, 4, "bench");
  text(floor, request, 5, "one experiment");
  return step(floor, request);
}

double sqlite_floor_append(sqlite_floor *floor, uint64_t first, uint64_t count) {
  double start = bench_seconds();
  if (step(floor, begin)) return -1;
  for (uint64_t i = first; i < first + count; i++) {
    if (experiment(floor, i)) return -1;
  }
  if (step(floor, commit)) return -1;
  return bench_seconds() - start;
}

void sqlite_floor_close(sqlite_floor *floor) {
  if (!floor) return;
  for (int i = 0; i < statements; i++) sqlite3_finalize(floor->prepared[i]);
  sqlite3_close(floor->database);
  free(floor);
}
