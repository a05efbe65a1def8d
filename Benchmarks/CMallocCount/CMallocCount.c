#define _GNU_SOURCE

#include "CMallocCount.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What malloc and its kin are in glibc, under names that nothing replaces. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

enum owner { OTHER, EXECUTABLE, TLS };

/* Code of the executable and of the libraries of TLS: a handful, each in one or two segments. */
static struct range {
    uintptr_t start, end;
    enum owner owner;
} ranges[32];
static int range_count;
static uintptr_t load_address;

static struct malloc_count own_count;
/* The same in a file that somebody else reads, where MALLOC_COUNT_FILE names one. */
static struct malloc_count *count = &own_count;

/* Whether this thread is leaving a trace, which may allocate. */
static __thread bool is_tracing __attribute__((tls_model("initial-exec")));

static enum owner owner_of(uintptr_t address)
{
    for (int i = 0; i < range_count; i++)
        if (address >= ranges[i].start && address < ranges[i].end) return ranges[i].owner;
    return OTHER;
}

static void leave_trace(void)
{
    void *addresses[MALLOC_COUNT_FRAMES + 8];
    uint64_t trace = __atomic_fetch_add(&count->traces, 1, __ATOMIC_RELAXED);
    if (trace >= MALLOC_COUNT_TRACES) return;
    int depth = backtrace(addresses, MALLOC_COUNT_FRAMES + 8);
    int kept = 0;
    for (int i = 0; i < depth && kept < MALLOC_COUNT_FRAMES; i++)
        if (owner_of((uintptr_t)addresses[i]) == EXECUTABLE)
            count->frames[trace][kept++] = (uintptr_t)addresses[i] - load_address;
}

static void note(void *caller)
{
    enum owner owner = owner_of((uintptr_t)caller);
    uint64_t *counter = owner == EXECUTABLE ? &count->executable
                        : owner == TLS      ? &count->tls
                                            : &count->other;
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
    if (owner == TLS || is_tracing || !__atomic_load_n(&count->tracing, __ATOMIC_RELAXED)) return;
    is_tracing = true;
    leave_trace();
    is_tracing = false;
}

void *malloc(size_t size)
{
    note(__builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t members, size_t size)
{
    note(__builtin_return_address(0));
    return __libc_calloc(members, size);
}

void *realloc(void *memory, size_t size)
{
    note(__builtin_return_address(0));
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size)
{
    note(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    note(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    note(__builtin_return_address(0));
    void *allocated = __libc_memalign(alignment, size);
    if (!allocated) return ENOMEM;
    *memory = allocated;
    return 0;
}

uint64_t malloc_count_executable(void)
{
    return __atomic_load_n(&count->executable, __ATOMIC_RELAXED);
}

uint64_t malloc_count_all(void)
{
    return malloc_count_executable() + __atomic_load_n(&count->tls, __ATOMIC_RELAXED) +
           __atomic_load_n(&count->other, __ATOMIC_RELAXED);
}

/* The libraries that do TLS, and nothing else, in a process of Debian's. */
static bool is_tls(const char *path)
{
    static const char *const names[] = {"/libgnutls.", "/libnettle.", "/libhogweed.", "/libgmp.",
                                        "/libp11-kit.", "/libtasn1.", "/libidn2.",
                                        "/libunistring.", "/libffi."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(path, names[i])) return true;
    return false;
}

static int add_object(struct dl_phdr_info *object, size_t size, void *is_first)
{
    (void)size;
    enum owner owner = OTHER;
    if (*(bool *)is_first) {
        owner = EXECUTABLE;
        load_address = object->dlpi_addr;
        *(bool *)is_first = false;
    } else if (is_tls(object->dlpi_name)) {
        owner = TLS;
    }
    for (int i = 0; owner != OTHER && i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
        if (range_count == sizeof ranges / sizeof *ranges) abort();
        uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        ranges[range_count++] = (struct range){start, start + segment->p_memsz, owner};
    }
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    bool is_first = true;
    dl_iterate_phdr(add_object, &is_first);
    /* The first call loads the unwinder, which allocates. */
    void *address[1];
    backtrace(address, 1);

    const char *path = getenv("MALLOC_COUNT_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof own_count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED) count = shared;
}
