// The same questions to SQLite, through its C interface: prepared statements, the whole file
// mapped, an index for each direction of the edges.

#include "CReadFloor.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static sqlite3 *database;
static sqlite3_stmt *put_node, *put_edge, *put_row, *points, *neighbours[2], *closures[2], *scan;

static void check(int result) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(database));
  abort();
}

static void run(const char *text) { check(sqlite3_exec(database, text, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(const char *text) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v2(database, text, -1, &statement, NULL));
  return statement;
}

void sqlite_open(const char *file, int is_new) {
  check(sqlite3_open(file, &database));
  run("PRAGMA journal_mode = WAL; PRAGMA mmap_size = 8589934592; PRAGMA cache_size = -262144");
  if (is_new) {
    run("PRAGMA synchronous = OFF; BEGIN;"
        "CREATE TABLE node (id INTEGER PRIMARY KEY, batch INTEGER, rate REAL);"
        "CREATE TABLE edge (id INTEGER, source INTEGER, target INTEGER);"
        "CREATE TABLE measure (id INTEGER PRIMARY KEY, first REAL, second REAL)");
    put_node = prepare("INSERT INTO node VALUES (?, ?, ?)");
    put_edge = prepare("INSERT INTO edge VALUES (?, ?, ?)");
    put_row = prepare("INSERT INTO measure VALUES (?, ?, ?)");
    return;
  }
  points = prepare("SELECT batch, rate FROM node WHERE id = ?");
  neighbours[0] = prepare("SELECT target FROM edge WHERE source = ?");
  neighbours[1] = prepare("SELECT source FROM edge WHERE target = ?");
  closures[0] = prepare(
      "WITH RECURSIVE met(id) AS (SELECT target FROM edge WHERE source = ?1 UNION "
      "SELECT target FROM edge JOIN met ON source = met.id) SELECT count(*), sum(id) FROM met");
  closures[1] = prepare(
      "WITH RECURSIVE met(id) AS (SELECT source FROM edge WHERE target = ?1 UNION "
      "SELECT source FROM edge JOIN met ON target = met.id) SELECT count(*), sum(id) FROM met");
  scan = prepare("SELECT count(*), sum(second) FROM measure WHERE first < ?");
}

void sqlite_put_node(uint64_t identity, floor_node node) {
  sqlite3_bind_int64(put_node, 1, (int64_t)identity);
  sqlite3_bind_int64(put_node, 2, node.batch);
  sqlite3_bind_double(put_node, 3, node.rate);
  check(sqlite3_step(put_node));
  check(sqlite3_reset(put_node));
}

void sqlite_put_edge(uint64_t edge, uint64_t from, uint64_t to) {
  sqlite3_bind_int64(put_edge, 1, (int64_t)edge);
  sqlite3_bind_int64(put_edge, 2, (int64_t)from);
  sqlite3_bind_int64(put_edge, 3, (int64_t)to);
  check(sqlite3_step(put_edge));
  check(sqlite3_reset(put_edge));
}

void sqlite_put_row(uint64_t identity, double first, double second) {
  sqlite3_bind_int64(put_row, 1, (int64_t)identity);
  sqlite3_bind_double(put_row, 2, first);
  sqlite3_bind_double(put_row, 3, second);
  check(sqlite3_step(put_row));
  check(sqlite3_reset(put_row));
}

void sqlite_commit(void) {
  run("CREATE INDEX edge_source ON edge (source, target);"
      "CREATE INDEX edge_target ON edge (target, source); COMMIT;"
      "PRAGMA wal_checkpoint(TRUNCATE); ANALYZE");
  sqlite3_finalize(put_node);
  sqlite3_finalize(put_edge);
  sqlite3_finalize(put_row);
  check(sqlite3_close(database));
}

double sqlite_points(const uint64_t *identities, size_t count) {
  double sum = 0;
  for (size_t index = 0; index < count; index++) {
    sqlite3_bind_int64(points, 1, (int64_t)identities[index]);
    if (sqlite3_step(points) == SQLITE_ROW)
      sum += (double)sqlite3_column_int64(points, 0) + sqlite3_column_double(points, 1);
    check(sqlite3_reset(points));
  }
  return sum;
}

uint64_t sqlite_neighbours(int direction, const uint64_t *identities, size_t count) {
  uint64_t sum = 0;
  sqlite3_stmt *statement = neighbours[direction];
  for (size_t index = 0; index < count; index++) {
    sqlite3_bind_int64(statement, 1, (int64_t)identities[index]);
    while (sqlite3_step(statement) == SQLITE_ROW)
      sum += (uint64_t)sqlite3_column_int64(statement, 0);
    check(sqlite3_reset(statement));
  }
  return sum;
}

uint64_t sqlite_closure(int direction, uint64_t start, uint64_t *sum) {
  sqlite3_stmt *statement = closures[direction];
  sqlite3_bind_int64(statement, 1, (int64_t)start);
  check(sqlite3_step(statement));
  uint64_t met = (uint64_t)sqlite3_column_int64(statement, 0);
  *sum = (uint64_t)sqlite3_column_int64(statement, 1);
  check(sqlite3_reset(statement));
  return met;
}

double sqlite_scan(double bound, uint64_t *count) {
  sqlite3_bind_double(scan, 1, bound);
  check(sqlite3_step(scan));
  *count = (uint64_t)sqlite3_column_int64(scan, 0);
  double sum = sqlite3_column_double(scan, 1);
  check(sqlite3_reset(scan));
  return sum;
}
