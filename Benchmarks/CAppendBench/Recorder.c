// LMDB's writing calls, defined again in the executable: the dynamic linker prefers these. Each does
// what it did and keeps a copy while somebody records.

#define _GNU_SOURCE
#include "CAppendBench.h"
#include "Recorder.h"

#include <dlfcn.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

recording recorded;
static int is_on = 0;
static size_t transactions = 0, writes = 0, commits = 0;

double bench_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void keep(const void *bytes, size_t count) {
  if (recorded.count + count > recorded.capacity) {
    recorded.capacity = (recorded.count + count) * 2 + 65536;
    recorded.bytes = realloc(recorded.bytes, recorded.capacity);
    if (!recorded.bytes) abort();
  }
  memcpy(recorded.bytes + recorded.count, bytes, count);
  recorded.count += count;
}

static void step(uint32_t what, MDB_dbi table, unsigned flags, const MDB_val *key,
                 const MDB_val *value) {
  recorded_step head = {what, table, flags, (uint32_t)(key ? key->mv_size : 0),
                        (uint32_t)(value ? value->mv_size : 0)};
  keep(&head, sizeof head);
  if (key) keep(key->mv_data, key->mv_size);
  if (value) keep(value->mv_data, value->mv_size);
}

void recorder_start(void) { is_on = 1; }
void recorder_stop(void) { is_on = 0; }
size_t recorder_transactions(void) { return transactions; }
size_t recorder_writes(void) { return writes; }
size_t recorder_commits(void) { return commits; }

void recorder_clear(void) {
  recorded.count = 0;
  transactions = writes = 0;
}

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

int mdb_put(MDB_txn *txn, MDB_dbi table, MDB_val *key, MDB_val *value, unsigned flags) {
  static int (*real)(MDB_txn *, MDB_dbi, MDB_val *, MDB_val *, unsigned) = NULL;
  if (!real) real = next("mdb_put");
  if (is_on) {
    writes++;
    step(recorded_put, table, flags, key, value);
  }
  return real(txn, table, key, value, flags);
}

int mdb_del(MDB_txn *txn, MDB_dbi table, MDB_val *key, MDB_val *value) {
  static int (*real)(MDB_txn *, MDB_dbi, MDB_val *, MDB_val *) = NULL;
  if (!real) real = next("mdb_del");
  if (is_on) {
    writes++;
    step(recorded_delete, table, 0, key, NULL);
  }
  return real(txn, table, key, value);
}

int mdb_txn_commit(MDB_txn *txn) {
  static int (*real)(MDB_txn *) = NULL;
  if (!real) real = next("mdb_txn_commit");
  if (is_on) {
    transactions++;
    step(recorded_commit, 0, 0, NULL, NULL);
  }
  commits++;
  return real(txn);
}
