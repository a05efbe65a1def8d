#include "CLinux.h"

static int argument_count;
static char *const *arguments;

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
