#ifndef CLINUX_H
#define CLINUX_H
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/// `struct mmsghdr`, which glibc shows only under `_GNU_SOURCE`, so Swift cannot see it.
typedef struct clinux_mmsghdr {
    struct msghdr header;
    unsigned int length;
} clinux_mmsghdr;

int clinux_recvmmsg(int fd, clinux_mmsghdr *messages, unsigned int count, int flags);
#endif
