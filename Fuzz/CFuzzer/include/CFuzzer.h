// The one function of libFuzzer that a program with a main of its own calls. It is only there where
// the program was linked with -sanitize=fuzzer (`make fuzz`); nothing else may call it.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));
