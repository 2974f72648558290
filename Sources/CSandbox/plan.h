// What a plan holds between the calls that fill it and the child that carries it out. Only plan.c
// and launch.c know it.
#ifndef CSANDBOX_PLAN_H
#define CSANDBOX_PLAN_H

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>

#include "CSandbox.h"

#define MAXIMUM_GROUPS 8
#define MAXIMUM_LIMITS 16
#define MAXIMUM_DESCRIPTORS 16
#define MAXIMUM_MOUNTS 64

struct csandbox_plan {
  char *program;
  char *options;
  size_t options_count, options_capacity;
  char **command;
  size_t command_count, command_capacity;
  // Folders of version 1 groups; the descriptors are the caller's, as is the next.
  int groups[MAXIMUM_GROUPS];
  int group_count;
  // The folder of the version 2 group, or -1.
  int birthplace;
  struct { int resource; rlim_t value; } limits[MAXIMUM_LIMITS];
  int limit_count;
  int has_processors;
  cpu_set_t processors;
  int has_identity;
  uint32_t user, group;
  int descriptors[MAXIMUM_DESCRIPTORS];
  struct { int descriptor, is_directory; char path[64]; } mounts[MAXIMUM_MOUNTS];
  int mount_count;
  char stage[32];
};

#endif
