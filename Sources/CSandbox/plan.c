// Fills a plan: what is joined, limited, mounted and passed. It decides nothing and starts nothing.
#define _GNU_SOURCE
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

csandbox_plan *csandbox_plan_create(const char *program) {
  csandbox_plan *plan = calloc(1, sizeof *plan);
  if (plan == NULL) return NULL;
  plan->program = strdup(program);
  plan->birthplace = -1;
  for (int i = 0; i < MAXIMUM_DESCRIPTORS; i++) plan->descriptors[i] = -1;
  return plan;
}

void csandbox_plan_destroy(csandbox_plan *plan) {
  for (int i = 0; i < plan->mount_count; i++) close(plan->mounts[i].descriptor);
  for (size_t i = 0; i < plan->command_count; i++) free(plan->command[i]);
  free(plan->command);
  free(plan->options);
  free(plan->program);
  free(plan);
}

int csandbox_plan_option(csandbox_plan *plan, const char *option) {
  size_t length = strlen(option) + 1;
  if (plan->options_count + length > plan->options_capacity) {
    size_t capacity = (plan->options_capacity + length) * 2 + 1024;
    char *grown = realloc(plan->options, capacity);
    if (grown == NULL) return -ENOMEM;
    plan->options = grown;
    plan->options_capacity = capacity;
  }
  memcpy(plan->options + plan->options_count, option, length);
  plan->options_count += length;
  return 0;
}

int csandbox_plan_command(csandbox_plan *plan, const char *word) {
  if (plan->command_count + 1 >= plan->command_capacity) {
    size_t capacity = plan->command_capacity * 2 + 16;
    char **grown = realloc(plan->command, capacity * sizeof *grown);
    if (grown == NULL) return -ENOMEM;
    plan->command = grown;
    plan->command_capacity = capacity;
  }
  char *copy = strdup(word);
  if (copy == NULL) return -ENOMEM;
  plan->command[plan->command_count++] = copy;
  plan->command[plan->command_count] = NULL;
  return 0;
}

int csandbox_plan_join(csandbox_plan *plan, int folder) {
  if (plan->group_count == MAXIMUM_GROUPS) return -E2BIG;
  plan->groups[plan->group_count++] = folder;
  return 0;
}

void csandbox_plan_birthplace(csandbox_plan *plan, int folder) { plan->birthplace = folder; }

void csandbox_plan_limit(csandbox_plan *plan, int limit, uint64_t value) {
  static const int resources[] = {
      [CSANDBOX_LIMIT_OPEN_FILES] = RLIMIT_NOFILE,
      [CSANDBOX_LIMIT_CORE] = RLIMIT_CORE,
      [CSANDBOX_LIMIT_FILE_SIZE] = RLIMIT_FSIZE,
      [CSANDBOX_LIMIT_CPU_SECONDS] = RLIMIT_CPU,
      [CSANDBOX_LIMIT_LOCKED_MEMORY] = RLIMIT_MEMLOCK,
      [CSANDBOX_LIMIT_MESSAGE_QUEUES] = RLIMIT_MSGQUEUE,
      [CSANDBOX_LIMIT_PROCESSES] = RLIMIT_NPROC,
      [CSANDBOX_LIMIT_ADDRESS_SPACE] = RLIMIT_AS,
  };
  if (plan->limit_count == MAXIMUM_LIMITS) return;
  struct rlimit now;
  // Nobody but root raises a limit; where there may be no dumps at all it stays at that.
  if (limit == CSANDBOX_LIMIT_CORE && getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_max < value)
    value = now.rlim_max;
  plan->limits[plan->limit_count].resource = resources[limit];
  plan->limits[plan->limit_count++].value = value;
}

void csandbox_plan_processors(csandbox_plan *plan, int count) {
  cpu_set_t allowed;
  CPU_ZERO(&plan->processors);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  int total = CPU_COUNT(&allowed);
  if (count >= total) return;
  // Start where this thread runs now, so that runs beside each other spread out.
  int here = sched_getcpu();
  for (int i = 0; i < CPU_SETSIZE && count > 0; i++) {
    int processor = (here + i) % CPU_SETSIZE;
    if (!CPU_ISSET(processor, &allowed)) continue;
    CPU_SET(processor, &plan->processors);
    count--;
  }
  plan->has_processors = 1;
}

void csandbox_plan_identity(csandbox_plan *plan, uint32_t user, uint32_t group) {
  plan->has_identity = 1;
  plan->user = user;
  plan->group = group;
}

int csandbox_plan_descriptor(csandbox_plan *plan, int number, int descriptor) {
  if (number < 0 || number >= MAXIMUM_DESCRIPTORS) return -EINVAL;
  plan->descriptors[number] = descriptor;
  return 0;
}

int csandbox_plan_stage(csandbox_plan *plan, const char *folder) {
  if (strlen(folder) >= sizeof plan->stage) return -ENAMETOOLONG;
  strcpy(plan->stage, folder);
  return 0;
}

int csandbox_plan_mount(csandbox_plan *plan, int mount_descriptor, int is_directory) {
  if (plan->mount_count == MAXIMUM_MOUNTS) return -E2BIG;
  int number = plan->mount_count++;
  plan->mounts[number].descriptor = mount_descriptor;
  plan->mounts[number].is_directory = is_directory;
  char *path = plan->mounts[number].path;
  snprintf(path, sizeof plan->mounts[number].path, "%s/%d", plan->stage, number);
  return number;
}
