// The floor of an append: a C program that has every key and value ready and only puts them, in
// transactions that are as durable as ours. Nothing is computed, checked or read.

#include "CAppendBench.h"
#include "Recorder.h"

#include <lmdb.h>
#include <stdlib.h>
#include <string.h>

enum { most_tables = 18 };

struct puts_floor {
  MDB_env *env;
  size_t offset;
};

static int open_tables(MDB_txn *txn) {
  // Handles count up in the order of opening; the order of the tables is part of the format.
  static const char *names[] = {"meta",       "log",      "symbols", "nodes",  "edges",    "adjacency",
                                "properties", "versions", "chunks",  "keys",   "labels",   "indexes",
                                "requests",   "statistics", "merkle", "schema"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    MDB_dbi table;
    int result = mdb_dbi_open(txn, names[i], 0, &table);
    if (result) return result;
    if (table != i + 2) return MDB_INCOMPATIBLE;
  }
  return 0;
}

puts_floor *puts_floor_open(const char *folder, size_t map_bytes) {
  puts_floor *floor = calloc(1, sizeof *floor);
  MDB_txn *txn = NULL;
  if (!floor) return NULL;
  if (mdb_env_create(&floor->env) == 0 && mdb_env_set_maxdbs(floor->env, most_tables) == 0 &&
      mdb_env_set_mapsize(floor->env, map_bytes) == 0 &&
      mdb_env_open(floor->env, folder, MDB_NOTLS | MDB_NORDAHEAD, 0644) == 0 &&
      mdb_txn_begin(floor->env, NULL, MDB_RDONLY, &txn) == 0 && open_tables(txn) == 0 &&
      mdb_txn_commit(txn) == 0) {
    return floor;
  }
  puts_floor_close(floor);
  return NULL;
}

double puts_floor_step(puts_floor *floor) {
  if (floor->offset >= recorded.count) return -1;
  double start = bench_seconds();
  MDB_txn *txn;
  if (mdb_txn_begin(floor->env, NULL, 0, &txn)) return -1;
  for (;;) {
    recorded_step head;
    memcpy(&head, recorded.bytes + floor->offset, sizeof head);
    floor->offset += sizeof head;
    if (head.what == recorded_commit) break;
    MDB_val key = {head.key_count, recorded.bytes + floor->offset};
    floor->offset += head.key_count;
    MDB_val value = {head.value_count, recorded.bytes + floor->offset};
    floor->offset += head.value_count;
    int result = head.what == recorded_put ? mdb_put(txn, head.table, &key, &value, head.flags)
                                           : mdb_del(txn, head.table, &key, NULL);
    if (result && result != MDB_NOTFOUND) {
      mdb_txn_abort(txn);
      return -1;
    }
  }
  if (mdb_txn_commit(txn)) return -1;
  return bench_seconds() - start;
}

void puts_floor_restart(puts_floor *floor) { floor->offset = 0; }

void puts_floor_close(puts_floor *floor) {
  if (floor && floor->env) mdb_env_close(floor->env);
  free(floor);
}

static int is_same(const MDB_val *one, const MDB_val *other) {
  return one->mv_size == other->mv_size && memcmp(one->mv_data, other->mv_data, one->mv_size) == 0;
}

long puts_floor_compare(const char *one, const char *other, size_t map_bytes) {
  puts_floor *floors[2] = {puts_floor_open(one, map_bytes), puts_floor_open(other, map_bytes)};
  MDB_txn *txns[2] = {NULL, NULL};
  long different = -1;
  if (floors[0] && floors[1] && mdb_txn_begin(floors[0]->env, NULL, MDB_RDONLY, &txns[0]) == 0 &&
      mdb_txn_begin(floors[1]->env, NULL, MDB_RDONLY, &txns[1]) == 0) {
    different = 0;
    for (MDB_dbi table = 2; table < most_tables; table++) {
      MDB_cursor *cursors[2];
      MDB_val keys[2], values[2];
      int results[2] = {0, 0};
      for (int i = 0; i < 2; i++) {
        if (mdb_cursor_open(txns[i], table, &cursors[i])) abort();
        results[i] = mdb_cursor_get(cursors[i], &keys[i], &values[i], MDB_FIRST);
      }
      while (!results[0] || !results[1]) {
        if (results[0] || results[1] || !is_same(&keys[0], &keys[1]) ||
            !is_same(&values[0], &values[1])) {
          different++;
        }
        for (int i = 0; i < 2; i++) {
          if (!results[i]) results[i] = mdb_cursor_get(cursors[i], &keys[i], &values[i], MDB_NEXT);
        }
      }
      for (int i = 0; i < 2; i++) mdb_cursor_close(cursors[i]);
    }
  }
  for (int i = 0; i < 2; i++) {
    if (txns[i]) mdb_txn_abort(txns[i]);
    puts_floor_close(floors[i]);
  }
  return different;
}
