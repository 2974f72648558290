// What the SQLite copy of a graph is written with: libsqlite3 as the system has it.
#include <sqlite3.h>
