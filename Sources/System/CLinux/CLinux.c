#include "CLinux.h"

_Static_assert(sizeof(clinux_mmsghdr) == sizeof(struct mmsghdr), "layout must match mmsghdr");
_Static_assert(offsetof(clinux_mmsghdr, length) == offsetof(struct mmsghdr, msg_len),
               "layout must match mmsghdr");

int clinux_recvmmsg(int fd, clinux_mmsghdr *messages, unsigned int count, int flags)
{
    return recvmmsg(fd, (struct mmsghdr *)messages, count, flags, NULL);
}
