#include "CLinux.h"

static int argument_count;
static char **arguments;

// glibc calls what runs before main with the arguments of main.
__attribute__((constructor)) static void remember(int argc, char **argv) {
    argument_count = argc;
    arguments = argv;
}

int clinux_argument_count(void) {
    return argument_count;
}

const char *clinux_argument(int index) {
    return index >= 0 && index < argument_count ? arguments[index] : NULL;
}

// What the standard library calls for `CommandLine`. The runtime's own functions look for the
// arguments in /proc/self/maps before every main, asked or not, which takes 0.15 ms; where the runtime
// is linked as an archive, these keep that file of it out. They are declared with Swift's calling
// convention, which for such arguments is C's on x86-64 and AArch64.
char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
    *count = argument_count;
    return arguments;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc) {
    argument_count = argc;
    arguments = argv;
}
