// What Store uses: liblmdb, and the kind of file system that a folder lies on.
#include <lmdb.h>
#include <sys/vfs.h>
