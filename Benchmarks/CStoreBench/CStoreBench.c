// The floor: liblmdb from C, -O2, no checks beyond return codes.

#include "CStoreBench.h"

#include <lmdb.h>
#include <stdlib.h>
#include <string.h>

static MDB_env *env;
static MDB_txn *txn;
static MDB_dbi table;

static void check(int result) {
  if (result != 0) abort();
}

static void begin(const char *folder, unsigned flags) {
  check(mdb_env_create(&env));
  check(mdb_env_set_maxdbs(env, 16));
  check(mdb_env_set_mapsize(env, (size_t)1 << 34));
  check(mdb_env_open(env, folder, MDB_NOTLS | MDB_NORDAHEAD, 0644));
  check(mdb_txn_begin(env, NULL, flags, &txn));
  check(mdb_dbi_open(txn, "log", 0, &table));
}

static uint64_t big(uint64_t value) { return __builtin_bswap64(value); }

static uint64_t next(uint64_t *state) {
  uint64_t mixed = *state += 0x9E3779B97F4A7C15;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

uint64_t bench_get(const char *folder, uint64_t rows, uint64_t operations) {
  begin(folder, MDB_RDONLY);
  uint64_t state = 1, sum = 0;
  for (uint64_t i = 0; i < operations; i++) {
    uint64_t number = big(next(&state) % rows + 1);
    MDB_val key = {8, &number}, value;
    if (mdb_get(txn, table, &key, &value) == 0) sum += *(const uint8_t *)value.mv_data;
  }
  mdb_txn_abort(txn);
  return sum;
}

uint64_t bench_scan(const char *folder, uint64_t rounds) {
  begin(folder, MDB_RDONLY);
  uint64_t sum = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    MDB_cursor *cursor;
    MDB_val key, value;
    check(mdb_cursor_open(txn, table, &cursor));
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
      sum += *(const uint8_t *)value.mv_data;
    }
    mdb_cursor_close(cursor);
  }
  mdb_txn_abort(txn);
  return sum;
}

uint64_t bench_append(const char *folder, uint64_t first, uint64_t count) {
  begin(folder, 0);
  uint8_t bytes[100];
  memset(bytes, 7, sizeof bytes);
  for (uint64_t i = 0; i < count; i++) {
    uint64_t number = big(first + i);
    MDB_val key = {8, &number}, value = {sizeof bytes, bytes};
    check(mdb_put(txn, table, &key, &value, MDB_APPEND));
  }
  check(mdb_txn_commit(txn));
  return count;
}
