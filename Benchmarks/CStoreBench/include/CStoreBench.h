// The same work as StoreBench's, written in C against liblmdb: what a safe interface is compared
// with.

#ifndef C_STORE_BENCH_H
#define C_STORE_BENCH_H

#include <stddef.h>
#include <stdint.h>

// Each opens `folder`, works in one transaction, and returns a sum of what it read.
uint64_t bench_get(const char *folder, uint64_t rows, uint64_t operations);
uint64_t bench_scan(const char *folder, uint64_t rounds);
uint64_t bench_append(const char *folder, uint64_t first, uint64_t count);

#endif
