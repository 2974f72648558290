// What the shell uses of libedit: its readline interface.
#include <stdio.h>
#include <editline/readline.h>
