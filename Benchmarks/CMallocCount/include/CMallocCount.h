#ifndef CMALLOCCOUNT_H
#define CMALLOCCOUNT_H

#include <stdint.h>

/* Counts the allocations of a process, by who asked for the memory.
 *
 * Linked into an executable or preloaded into one, this replaces malloc and its kin by functions
 * that count and then do what glibc's do. Memory is freed by glibc as always. */

/* Traces kept, and return addresses kept of each. */
#define MALLOC_COUNT_TRACES 64
#define MALLOC_COUNT_FRAMES 24

/* What was counted. Benchmarks/load/counter.py reads this layout from a file. */
struct malloc_count {
    /* Asked for by the executable itself, what is linked into it included. */
    uint64_t executable;
    /* Asked for by GnuTLS or a library that it stands on. */
    uint64_t tls;
    /* Asked for by anybody else: glibc, libsystemd, the C++ library, whoever came too early to
     * be told. */
    uint64_t other;
    /* Written by the reader: while it is not 0, allocations leave traces, those of TLS aside. */
    uint64_t tracing;
    /* Traces left, more than are kept perhaps. */
    uint64_t traces;
    /* Return addresses in the executable, innermost first, as offsets from where it was loaded;
     * 0 ends them. */
    uint64_t frames[MALLOC_COUNT_TRACES][MALLOC_COUNT_FRAMES];
};

/* Allocations so far that the executable itself asked for. */
uint64_t malloc_count_executable(void);

/* All allocations so far. */
uint64_t malloc_count_all(void);

#endif
