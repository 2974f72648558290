// SQLite without a language between: runs prepared statements with bound parameters and says what
// each call took. The statements and their parameters come from sqlite_in_c.py as lines:
//
//   P name sql        prepares a statement
//   B                 begins a call
//   R name arguments  runs a statement in it: i1, f0.5, or s and a text without tabs
//   E                 makes the call, and prints its nanoseconds and all numbers that came out
//
// Fields are separated by tabs. What is timed is binding, stepping and reading every column.

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most_statements = 64, most_arguments = 16, most_runs = 32, most_numbers = 1 << 20 };

typedef struct {
  char name[32];
  sqlite3_stmt *statement;
} prepared;

typedef struct {
  sqlite3_stmt *statement;
  char *arguments[most_arguments];
  int count;
  char *line;
} execution;

static sqlite3 *database;
static prepared statements[most_statements];
static execution runs[most_runs];
static int statement_count, run_count;
static double numbers[most_numbers];
static size_t number_count;

static void fail(const char *what) {
  fprintf(stderr, "sqlite_calls: %s: %s\n", what, database ? sqlite3_errmsg(database) : "");
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void prepare(const char *name, const char *sql) {
  if (statement_count == most_statements) fail("too many statements");
  prepared *next = &statements[statement_count++];
  snprintf(next->name, sizeof next->name, "%s", name);
  if (sqlite3_prepare_v2(database, sql, -1, &next->statement, NULL) != SQLITE_OK) fail(sql);
}

static void add_run(char *line) {
  if (run_count == most_runs) fail("too many statements in a call");
  execution *run = &runs[run_count++];
  memset(run, 0, sizeof *run);
  run->line = strdup(line);
  char *rest = run->line;
  char *name = strsep(&rest, "\t");
  for (int index = 0; index < statement_count; index++)
    if (strcmp(statements[index].name, name) == 0) run->statement = statements[index].statement;
  if (run->statement == NULL) fail(name);
  while (rest != NULL && run->count < most_arguments)
    run->arguments[run->count++] = strsep(&rest, "\t");
}

static void step(const execution *run) {
  for (int index = 0; index < run->count; index++) {
    const char *text = run->arguments[index] + 1;
    switch (run->arguments[index][0]) {
      case 'i': sqlite3_bind_int64(run->statement, index + 1, atoll(text)); break;
      case 'f': sqlite3_bind_double(run->statement, index + 1, atof(text)); break;
      default: sqlite3_bind_text(run->statement, index + 1, text, -1, SQLITE_STATIC);
    }
  }
  int columns = sqlite3_column_count(run->statement), result;
  while ((result = sqlite3_step(run->statement)) == SQLITE_ROW)
    for (int column = 0; column < columns && number_count < most_numbers; column++)
      numbers[number_count++] = sqlite3_column_double(run->statement, column);
  if (result != SQLITE_DONE) fail("step");
  sqlite3_reset(run->statement);
}

static void make_call(void) {
  number_count = 0;
  double start = now();
  for (int index = 0; index < run_count; index++) step(&runs[index]);
  printf("%.0f", now() - start);
  for (size_t index = 0; index < number_count; index++) printf("\t%.17g", numbers[index]);
  printf("\n");
  for (int index = 0; index < run_count; index++) free(runs[index].line);
  run_count = 0;
}

int main(int count, char **arguments) {
  if (count != 2) fail("usage: sqlite_calls FILE");
  if (sqlite3_open_v2(arguments[1], &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    fail(arguments[1]);
  // As the adapter in Python sets them.
  sqlite3_exec(
      database,
      "PRAGMA journal_mode=WAL; PRAGMA cache_size=-262144; PRAGMA mmap_size=4294967296;"
      "PRAGMA temp_store=MEMORY; PRAGMA synchronous=FULL;",
      NULL, NULL, NULL);
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  while ((length = getline(&line, &size, stdin)) > 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    char *rest = line;
    char *kind = strsep(&rest, "\t");
    if (*kind == 'P') {
      char *name = strsep(&rest, "\t");
      prepare(name, rest);
    } else if (*kind == 'R') {
      add_run(rest);
    } else if (*kind == 'E') {
      make_call();
    }
  }
  for (int index = 0; index < statement_count; index++)
    sqlite3_finalize(statements[index].statement);
  sqlite3_close(database);
  return 0;
}
