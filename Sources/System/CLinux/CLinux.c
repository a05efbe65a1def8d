#include "CLinux.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(sizeof(clinux_mmsghdr) == sizeof(struct mmsghdr), "layout must match mmsghdr");
_Static_assert(offsetof(clinux_mmsghdr, length) == offsetof(struct mmsghdr, msg_len),
               "layout must match mmsghdr");
_Static_assert(CMSG_SPACE(sizeof(struct in6_pktinfo)) <= clinux_packet_info_space,
               "room for an IPv6 control message");
_Static_assert(CMSG_SPACE(sizeof(struct in_pktinfo)) <= clinux_packet_info_space,
               "room for an IPv4 control message");
_Static_assert(sizeof(struct clinux_in_pktinfo) == sizeof(struct in_pktinfo) &&
                   offsetof(struct in_pktinfo, ipi_ifindex) == 0 && IP_PKTINFO == 8,
               "layout must match in_pktinfo");
_Static_assert(sizeof(struct clinux_in6_pktinfo) == sizeof(struct in6_pktinfo) &&
                   offsetof(struct in6_pktinfo, ipi6_ifindex) == 16 && IPV6_PKTINFO == 50,
               "layout must match in6_pktinfo");

int clinux_recvmmsg(int fd, clinux_mmsghdr *messages, unsigned int count, int flags)
{
    return recvmmsg(fd, (struct mmsghdr *)messages, count, flags, NULL);
}

int clinux_sendmmsg(int fd, clinux_mmsghdr *messages, unsigned int count, int flags)
{
    return sendmmsg(fd, (struct mmsghdr *)messages, count, flags);
}

int clinux_accept4(int fd, void *address, socklen_t *length, int flags)
{
    return accept4(fd, address, length, flags);
}

ssize_t clinux_getrandom(void *buffer, size_t length)
{
    return getrandom(buffer, length, 0);
}

int clinux_eventfd(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

enum { clinux_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

int clinux_memfd(const char *name)
{
    return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int clinux_seal(int fd)
{
    return fcntl(fd, F_ADD_SEALS, clinux_seals);
}

int clinux_is_sealed(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS);
    return seals < 0 ? -1 : (seals & clinux_seals) == clinux_seals;
}

int clinux_set_thread_name(const char *name)
{
    return pthread_setname_np(pthread_self(), name);
}

int clinux_signalfd(int fd, const sigset_t *signals)
{
    return signalfd(fd, signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_signalfd_read(int fd)
{
    struct signalfd_siginfo information;
    ssize_t count = read(fd, &information, sizeof information);
    if (count == (ssize_t)sizeof information)
        return (int)information.ssi_signo;
    return count < 0 && errno != EAGAIN ? -1 : 0;
}

const char *clinux_error_name(int code)
{
    return strerrorname_np(code);
}

const char *clinux_error_text(int code)
{
    return strerrordesc_np(code);
}

int clinux_packet_info_enable(int fd, int family)
{
    int on = 1;
    if (family == AF_INET)
        return setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    return setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
}

/// Eight octets in network order as a number.
static uint64_t load64(const uint8_t *octets)
{
    uint64_t value;
    memcpy(&value, octets, sizeof value);
    return be64toh(value);
}

static void store64(uint8_t *octets, uint64_t value)
{
    value = htobe64(value);
    memcpy(octets, &value, sizeof value);
}

clinux_packet_info clinux_packet_info_read(const struct msghdr *header)
{
    clinux_packet_info info = {0};
    struct msghdr *mutable = (struct msghdr *)header;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(mutable, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO &&
            c->cmsg_len >= CMSG_LEN(sizeof(struct in_pktinfo))) {
            struct in_pktinfo v4;
            memcpy(&v4, CMSG_DATA(c), sizeof v4);
            info.low = ntohl(v4.ipi_addr.s_addr);
            info.interface = (uint32_t)v4.ipi_ifindex;
            info.family = AF_INET;
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO &&
                   c->cmsg_len >= CMSG_LEN(sizeof(struct in6_pktinfo))) {
            struct in6_pktinfo v6;
            memcpy(&v6, CMSG_DATA(c), sizeof v6);
            info.high = load64(v6.ipi6_addr.s6_addr);
            info.low = load64(v6.ipi6_addr.s6_addr + 8);
            info.interface = v6.ipi6_ifindex;
            info.family = AF_INET6;
        }
    }
    return info;
}

size_t clinux_packet_info_write(void *control, clinux_packet_info info)
{
    struct cmsghdr *c = control;

    if (info.family == AF_INET) {
        struct in_pktinfo v4 = {.ipi_spec_dst.s_addr = htonl((uint32_t)info.low)};
        c->cmsg_level = IPPROTO_IP;
        c->cmsg_type = IP_PKTINFO;
        c->cmsg_len = CMSG_LEN(sizeof v4);
        memcpy(CMSG_DATA(c), &v4, sizeof v4);
        return CMSG_SPACE(sizeof v4);
    }
    struct in6_pktinfo v6 = {0};
    store64(v6.ipi6_addr.s6_addr, info.high);
    store64(v6.ipi6_addr.s6_addr + 8, info.low);
    c->cmsg_level = IPPROTO_IPV6;
    c->cmsg_type = IPV6_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof v6);
    memcpy(CMSG_DATA(c), &v6, sizeof v6);
    return CMSG_SPACE(sizeof v6);
}

int clinux_processor_count(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

int clinux_clock_is_synchronized(void)
{
    struct timex state = {0};

    return adjtimex(&state) < 0 ? -1 : !(state.status & STA_UNSYNC);
}

int clinux_network_monitor(void)
{
    struct sockaddr_nl address = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                     RTMGRP_IPV6_ROUTE,
    };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        fd = -1;
    }
    return fd;
}

/// An unconnected Unix socket and the address of `path`; -1 with errno.
static int local_socket(const char *path, int flags, struct sockaddr_un *address)
{
    size_t length = strlen(path);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (length == 0 || length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length);
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

/// Closes `fd` and gives -1, with `errno` as it was.
static int abandon(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int clinux_local_listen(const char *path, unsigned int mode, int backlog)
{
    struct sockaddr_un address;
    struct stat status;
    int fd = local_socket(path, SOCK_NONBLOCK, &address);
    if (fd < 0)
        return -1;
    if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode))
        unlink(path);
    // Nobody can connect before it listens, so there is no moment with the wrong mode.
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || chmod(path, mode) < 0 ||
        listen(fd, backlog) < 0)
        return abandon(fd);
    return fd;
}

int clinux_local_connect(const char *path, int milliseconds)
{
    struct sockaddr_un address;
    struct timeval patience = {milliseconds / 1000, milliseconds % 1000 * 1000};
    int fd = local_socket(path, 0, &address);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return abandon(fd);
    return fd;
}

int clinux_peer_user(int fd, uid_t *user)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
        return -1;
    *user = peer.uid;
    return 0;
}

int clinux_inotify(void)
{
    return inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

int clinux_inotify_watch(int fd, const char *path)
{
    return inotify_add_watch(fd, path,
                             IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_DELETE_SELF |
                                 IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF);
}

static int release_segments(struct dl_phdr_info *image, size_t size, void *context)
{
    (void)size, (void)context;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < image->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &image->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0)
            continue;
        uintptr_t start = (image->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = image->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        // What is refused stays as it is; the vDSO's pages come back like those of files.
        (void)madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void clinux_release_image(void)
{
    dl_iterate_phdr(release_segments, NULL);
}

void clinux_set_heap_extent(int octets)
{
    mallopt(M_TOP_PAD, octets);
}
