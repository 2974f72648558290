// Everything that the handler does is on the list of signal-safety(7): write, execve, sigprocmask,
// sigaction, raise, _exit.

#define _GNU_SOURCE
#include "CFaultGuard.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const int watched[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE};
enum { WATCHED = sizeof watched / sizeof watched[0] };

// What a fault leads to. Replaced whole, and never freed: a handler may be reading the old one.
struct continuation {
  char *arguments[FAULT_GUARD_ARGUMENTS + 2];
  char number[4];
};
struct last_words {
  char *text;
  size_t count;
  int exit_code;
};

static _Atomic(struct continuation *) continuation;
static _Atomic(struct last_words *) last_words;
static atomic_flag is_handling = ATOMIC_FLAG_INIT;

static void unblock_all(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

void fault_guard_die(int signal_number) {
  signal(signal_number, SIG_DFL);
  unblock_all();
  kill(getpid(), signal_number);
  _exit(128 + signal_number);
}

static void handle(int signal_number) {
  // A second thread that fails meanwhile waits for the end of the process.
  if (atomic_flag_test_and_set(&is_handling)) {
    for (;;) pause();
  }
  struct last_words *words = atomic_load(&last_words);
  if (words) {
    size_t done = 0;
    while (done < words->count) {
      ssize_t count = write(2, words->text + done, words->count - done);
      if (count <= 0) break;
      done += (size_t)count;
    }
    _exit(words->exit_code);
  }
  struct continuation *next = atomic_load(&continuation);
  if (next) {
    next->number[0] = (char)('0' + signal_number / 10);
    next->number[1] = (char)('0' + signal_number % 10);
    // The new program starts with the mask of this one, in which the signal is blocked.
    unblock_all();
    execve("/proc/self/exe", next->arguments, environ);
  }
  fault_guard_die(signal_number);
}

void fault_guard_install(void) {
  size_t size = 64 * 1024;
  stack_t stack = {.ss_sp = malloc(size), .ss_size = size, .ss_flags = 0};
  // Without a stack of its own a stack overflow cannot be handled; everything else can.
  int has_stack = stack.ss_sp && sigaltstack(&stack, NULL) == 0;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handle;
  action.sa_flags = has_stack ? SA_ONSTACK : 0;
  // A fault inside the handler must end the process, not begin again.
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < WATCHED; index++) sigaddset(&action.sa_mask, watched[index]);
  for (int index = 0; index < WATCHED; index++) sigaction(watched[index], &action, NULL);
}

int fault_guard_continue(const char *const *arguments, int count) {
  if (count < 0 || count > FAULT_GUARD_ARGUMENTS) return -1;
  struct continuation *next = calloc(1, sizeof *next);
  if (!next) return -1;
  for (int index = 0; index < count; index++) {
    next->arguments[index] = strdup(arguments[index]);
    if (!next->arguments[index]) return -1;
  }
  next->arguments[count] = next->number;
  atomic_store(&continuation, next);
  return 0;
}

int fault_guard_say(const char *text, int exit_code) {
  struct last_words *words = malloc(sizeof *words);
  char *copy = strdup(text);
  if (!words || !copy) return -1;
  words->text = copy;
  words->count = strlen(copy);
  words->exit_code = exit_code;
  atomic_store(&last_words, words);
  return 0;
}
