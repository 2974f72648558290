// The numbers 0, 1 and 2 belong to the program's input, output and errors, also where the program
// was started without them (`>&-`). Else the next file that is opened gets the number, and what is
// printed is written into it: into the store.

import Glibc

enum StandardDescriptors {
  /// Opens what is closed so that using it fails as before: the output cannot be written, the input
  /// cannot be read. To be called before any other file is opened.
  static func occupy() {
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that was found to be closed.
      let way = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
      guard open("/dev/null", way) == descriptor else { _exit(2) }
    }
  }
}
