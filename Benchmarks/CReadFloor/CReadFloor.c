// The floor of reads: liblmdb from C, integer keys, packed neighbours with the identity of their
// edge, columns in chunks, and the checks that nobody could leave out who reads a file that may be
// damaged: lengths, identities below the limits, and whether a node has ended.

#include "CReadFloor.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static MDB_env *env;
static MDB_txn *txn;
static MDB_dbi limits_table, nodes_table, column_table, entries_table[2];
static uint64_t node_limit, edge_limit;
static uint32_t *marks, epoch;
static uint64_t *queue;

static void check(int result) {
  if (result != 0) {
    fprintf(stderr, "floor: %s\n", mdb_strerror(result));
    abort();
  }
}

static void damaged(void) {
  fprintf(stderr, "floor: damaged\n");
  abort();
}

static void read_limits(MDB_txn *reader) {
  uint64_t number = 0;
  MDB_val key = {8, &number}, value;
  check(mdb_get(reader, limits_table, &key, &value));
  if (value.mv_size != 16) damaged();
  memcpy(&node_limit, value.mv_data, 8);
  memcpy(&edge_limit, (char *)value.mv_data + 8, 8);
}

void floor_open(const char *folder, int is_new) {
  check(mdb_env_create(&env));
  check(mdb_env_set_maxdbs(env, 8));
  check(mdb_env_set_mapsize(env, (size_t)1 << 34));
  check(mdb_env_open(env, folder, MDB_NOTLS | MDB_NORDAHEAD, 0644));
  check(mdb_txn_begin(env, NULL, 0, &txn));
  const char *names[] = {"limits", "nodes", "columns", "outgoing", "incoming"};
  MDB_dbi *tables[] = {
      &limits_table, &nodes_table, &column_table, &entries_table[0], &entries_table[1]};
  for (int index = 0; index < 5; index++)
    check(mdb_dbi_open(txn, names[index], MDB_CREATE | MDB_INTEGERKEY, tables[index]));
  if (!is_new) {
    read_limits(txn);
    check(mdb_txn_commit(txn));
    marks = calloc(node_limit, sizeof *marks);
    queue = malloc(node_limit * sizeof *queue);
  }
}

static void put(MDB_dbi table, uint64_t number, const void *bytes, size_t count) {
  MDB_val key = {8, &number}, value = {count, (void *)bytes};
  check(mdb_put(txn, table, &key, &value, 0));
}

void floor_put_limits(uint64_t nodes, uint64_t edges) {
  uint64_t both[] = {nodes, edges};
  put(limits_table, 0, both, 16);
}

void floor_put_node(uint64_t identity, floor_node node) {
  put(nodes_table, identity, &node, sizeof node);
}

void floor_put_entries(
    int direction, uint64_t identity, const floor_entry *entries, size_t count) {
  put(entries_table[direction], identity, entries, count * sizeof *entries);
}

void floor_put_chunk(uint32_t column, uint32_t number, const double *values, size_t count) {
  put(column_table, (uint64_t)column << 32 | number, values, count * 8);
}

void floor_commit(void) {
  check(mdb_txn_commit(txn));
  check(mdb_env_sync(env, 1));
  mdb_env_close(env);
}

static int get(MDB_txn *reader, MDB_dbi table, uint64_t number, MDB_val *value) {
  MDB_val key = {8, &number};
  int result = mdb_get(reader, table, &key, value);
  if (result != MDB_NOTFOUND) check(result);
  return result == 0;
}

static double point(MDB_txn *reader, uint64_t identity) {
  MDB_val value;
  if (identity >= node_limit || !get(reader, nodes_table, identity, &value)) return 0;
  if (value.mv_size != sizeof(floor_node)) damaged();
  floor_node node;
  memcpy(&node, value.mv_data, sizeof node);
  return node.is_ended ? 0 : (double)node.batch + node.rate;
}

static MDB_txn *begin(void) {
  MDB_txn *reader;
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &reader));
  read_limits(reader);
  return reader;
}

// Two numbers of each node, all in one snapshot.
double floor_points(const uint64_t *identities, size_t count) {
  MDB_txn *reader = begin();
  double sum = 0;
  for (size_t index = 0; index < count; index++) sum += point(reader, identities[index]);
  mdb_txn_abort(reader);
  return sum;
}

// The same with a snapshot for each.
double floor_points_apart(const uint64_t *identities, size_t count) {
  double sum = 0;
  for (size_t index = 0; index < count; index++) {
    MDB_txn *reader = begin();
    sum += point(reader, identities[index]);
    mdb_txn_abort(reader);
  }
  return sum;
}

uint64_t floor_neighbours(int direction, const uint64_t *identities, size_t count) {
  MDB_txn *reader = begin();
  uint64_t sum = 0;
  for (size_t index = 0; index < count; index++) {
    MDB_val value;
    if (identities[index] >= node_limit) continue;
    if (!get(reader, entries_table[direction], identities[index], &value)) continue;
    if (value.mv_size % sizeof(floor_entry) != 0) damaged();
    const floor_entry *entries = value.mv_data;
    for (size_t each = 0; each < value.mv_size / sizeof(floor_entry); each++) {
      if (entries[each].edge >= edge_limit) break;
      if (entries[each].neighbour >= node_limit) damaged();
      sum += entries[each].neighbour;
    }
  }
  mdb_txn_abort(reader);
  return sum;
}

// A breadth-first search; the start does not count. Returns how many nodes it met.
uint64_t floor_closure(int direction, uint64_t start, uint64_t *sum) {
  MDB_txn *reader = begin();
  uint64_t head = 0, tail = 0, met = 0;
  *sum = 0;
  epoch++;
  marks[start] = epoch;
  queue[tail++] = start;
  while (head < tail) {
    MDB_val value;
    if (!get(reader, entries_table[direction], queue[head++], &value)) continue;
    if (value.mv_size % sizeof(floor_entry) != 0) damaged();
    const floor_entry *entries = value.mv_data;
    for (size_t each = 0; each < value.mv_size / sizeof(floor_entry); each++) {
      if (entries[each].edge >= edge_limit) break;
      uint64_t neighbour = entries[each].neighbour;
      if (neighbour >= node_limit) damaged();
      if (marks[neighbour] == epoch) continue;
      marks[neighbour] = epoch;
      queue[tail++] = neighbour;
      met++;
      *sum += neighbour;
    }
  }
  mdb_txn_abort(reader);
  return met;
}

typedef double lanes __attribute__((vector_size(32), aligned(8)));
typedef int64_t mask __attribute__((vector_size(32), aligned(8)));

// The sum of the second column where the first is below a bound, four times four at a time.
double floor_scan(double bound, uint64_t *count) {
  MDB_txn *reader = begin();
  lanes sums[4] = {0}, limit = {bound, bound, bound, bound};
  mask counts[4] = {0};
  double rest = 0;
  *count = 0;
  MDB_val first, second;
  for (uint32_t number = 0; get(reader, column_table, number, &first); number++) {
    if (!get(reader, column_table, (uint64_t)1 << 32 | number, &second)) damaged();
    if (first.mv_size != second.mv_size) damaged();
    const double *a = first.mv_data, *b = second.mv_data;
    size_t size = first.mv_size / 8, index = 0;
    for (; index + 16 <= size; index += 16)
      for (int part = 0; part < 4; part++) {
        lanes left = *(const lanes *)(a + index + part * 4);
        lanes right = *(const lanes *)(b + index + part * 4);
        mask holds = left < limit;
        sums[part] += (lanes)((mask)right & holds);
        counts[part] -= holds;
      }
    for (; index < size; index++)
      if (a[index] < bound) {
        rest += b[index];
        ++*count;
      }
  }
  mdb_txn_abort(reader);
  for (int part = 0; part < 4; part++)
    for (int lane = 0; lane < 4; lane++) {
      rest += sums[part][lane];
      *count += (uint64_t)counts[part][lane];
    }
  return rest;
}
