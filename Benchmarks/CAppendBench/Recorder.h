// What the recorder keeps, for the floor that carries it out again.

#ifndef RECORDER_H
#define RECORDER_H

#include <stddef.h>
#include <stdint.h>

enum { recorded_put = 1, recorded_delete = 2, recorded_commit = 3 };

typedef struct {
  uint32_t what, table, flags, key_count, value_count;
} recorded_step;

typedef struct {
  unsigned char *bytes;
  size_t count, capacity;
} recording;

extern recording recorded;

#endif
