// The last resort of a program that reads a store: liblmdb follows page numbers without looking,
// so a damaged file can make it touch memory that is not there, or abort. Where that happens, this
// program becomes `stemma verify`, which reads the file without liblmdb and says what it found. It
// must never swallow a fault of the program itself: where the store is sound, the signal goes on.
#ifndef CFAULTGUARD_H
#define CFAULTGUARD_H

// Watches for the signals of a fault (SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE) and gives
// this thread a stack of its own to handle them on. Without a text or a command to go on with, the
// signal acts as it always does.
void fault_guard_install(void);

// From now on a fault starts this program again, with these arguments and the number of the signal
// behind them. The copy is made here, because nothing can be allocated in a handler. At most
// FAULT_GUARD_ARGUMENTS; more are refused with -1.
enum { FAULT_GUARD_ARGUMENTS = 8 };
int fault_guard_continue(const char *const *arguments, int count);

// From now on a fault writes this text to standard error and ends the program with the exit code.
// The memory is kept. -1 where there is none for a copy.
int fault_guard_say(const char *text, int exit_code);

// Ends this process by a signal, as if nothing had watched for it.
_Noreturn void fault_guard_die(int signal_number);

#endif
