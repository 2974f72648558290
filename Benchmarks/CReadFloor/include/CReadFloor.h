// What reading costs without a graph store: liblmdb from C, a loop over two columns in memory, and
// SQLite from C. Every function aborts on an error: this is a measure, not a store.

#ifndef C_READ_FLOOR_H
#define C_READ_FLOOR_H

#include <stddef.h>
#include <stdint.h>

// A node as the floor keeps it: all of its numbers in one record.
typedef struct {
  uint8_t is_ended;
  int64_t batch;
  double rate;
} floor_node;

// One end of an edge.
typedef struct {
  uint64_t neighbour;
  uint64_t edge;
} floor_entry;

// Liblmdb. `direction` is 0 for outgoing and 1 for incoming edges.
void floor_open(const char *folder, int is_new);
void floor_put_limits(uint64_t nodes, uint64_t edges);
void floor_put_node(uint64_t identity, floor_node node);
void floor_put_entries(int direction, uint64_t identity, const floor_entry *entries, size_t count);
void floor_put_chunk(uint32_t column, uint32_t number, const double *values, size_t count);
void floor_commit(void);

double floor_points(const uint64_t *identities, size_t count);
double floor_points_apart(const uint64_t *identities, size_t count);
uint64_t floor_neighbours(int direction, const uint64_t *identities, size_t count);
uint64_t floor_closure(int direction, uint64_t start, uint64_t *sum);
double floor_scan(double bound, uint64_t *count);

// SQLite.
void sqlite_open(const char *file, int is_new);
void sqlite_put_node(uint64_t identity, floor_node node);
void sqlite_put_edge(uint64_t edge, uint64_t from, uint64_t to);
void sqlite_put_row(uint64_t identity, double first, double second);
void sqlite_commit(void);

double sqlite_points(const uint64_t *identities, size_t count);
uint64_t sqlite_neighbours(int direction, const uint64_t *identities, size_t count);
uint64_t sqlite_closure(int direction, uint64_t start, uint64_t *sum);
double sqlite_scan(double bound, uint64_t *count);

#endif
