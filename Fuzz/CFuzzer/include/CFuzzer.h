#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Holds some properties of the octets; ends the process where one does not hold. */
typedef int cfuzzer_test(const uint8_t *data, size_t size);

/* Tries `test` with inputs as the program's arguments say, and ends the process. */
void cfuzzer_run(int argc, char **argv, cfuzzer_test *test);

#endif
