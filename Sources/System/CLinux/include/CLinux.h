#ifndef CLINUX_H
#define CLINUX_H
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

// Calls that glibc shows only under _GNU_SOURCE, which the importer of Swift does not define, and
// macros it cannot read. Each does what the function of the same name does; see its man page.

/// `struct mmsghdr`, declared again so that Swift can see it; CLinux.c asserts that the two agree.
typedef struct clinux_mmsghdr {
    struct msghdr header;
    unsigned int length;
} clinux_mmsghdr;

int clinux_recvmmsg(int fd, clinux_mmsghdr *messages, unsigned int count, int flags);
int clinux_sendmmsg(int fd, clinux_mmsghdr *messages, unsigned int count, int flags);
int clinux_accept4(int fd, void *address, socklen_t *length, int flags);
ssize_t clinux_getrandom(void *buffer, size_t length);
int clinux_eventfd(void);
int clinux_set_thread_name(const char *name);
/// Makes a file in memory that can be sealed (`memfd_create`).
int clinux_memfd(const char *name);
/// Seals it: neither its size nor its contents nor its seals change any more (`F_ADD_SEALS`).
int clinux_seal(int fd);
/// 1 when it is sealed in this way, 0 when it is not, -1 with `errno` set.
int clinux_is_sealed(int fd);

/// Makes a signalfd of the given signals, or replaces the signals of `fd` when that is not -1.
int clinux_signalfd(int fd, const sigset_t *signals);
/// The number of one queued signal, 0 when there is none, -1 with `errno` set.
int clinux_signalfd_read(int fd);

/// `ECONNREFUSED` for its number; NULL for a number that has no name.
const char *clinux_error_name(int code);
/// What the number means, untranslated; NULL when unknown. Unlike `strerror`, safe in any thread.
const char *clinux_error_text(int code);

/// `struct in_pktinfo` and `struct in6_pktinfo`, which are seen only under _GNU_SOURCE; CLinux.c
/// asserts that they agree, and that 8 and 50 are IP_PKTINFO and IPV6_PKTINFO.
struct clinux_in_pktinfo {
    int interface;
    uint32_t local;
    uint32_t destination;
};
struct clinux_in6_pktinfo {
    uint8_t address[16];
    uint32_t interface;
};

/// The contents of an `in_pktinfo` or `in6_pktinfo` control message, in host byte order.
typedef struct clinux_packet_info {
    uint64_t high;
    uint64_t low;
    uint32_t interface;
    /// AF_INET, AF_INET6, or 0 for none.
    uint32_t family;
} clinux_packet_info;

/// Room for one control message of either family.
enum { clinux_packet_info_space = 64 };

/// How many words the command line has, the name of the program among them.
int clinux_argument_count(void);
/// One of them; NULL for an index that has none.
const char *clinux_argument(int index);

/// Asks for packet information with every received datagram.
int clinux_packet_info_enable(int fd, int family);
/// The packet information among a received header's control messages.
clinux_packet_info clinux_packet_info_read(const struct msghdr *header);
/// Writes a control message that makes a datagram leave from an address; returns its length.
///
/// The interface is left to the routing table. `control` has `clinux_packet_info_space` octets
/// and the alignment of `size_t`.
size_t clinux_packet_info_write(void *control, clinux_packet_info info);
/// Turns the packet information received with a datagram around, in its place, so that sending it
/// makes an answer leave from where the datagram arrived; returns the length.
///
/// The interface is left to the routing table here as well. 0 when there is something else or more,
/// or a group address, from which nobody can answer: then nothing has changed.
static inline size_t clinux_packet_info_turn(struct msghdr *header)
{
    struct cmsghdr *c = (struct cmsghdr *)header->msg_control;
    const size_t v4 = CMSG_SPACE(sizeof(struct clinux_in_pktinfo));
    const size_t v6 = CMSG_SPACE(sizeof(struct clinux_in6_pktinfo));

    if (header->msg_controllen == v4 && c->cmsg_level == IPPROTO_IP && c->cmsg_type == 8) {
        ((struct clinux_in_pktinfo *)CMSG_DATA(c))->interface = 0;
        return v4;
    }
    if (header->msg_controllen == v6 && c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == 50) {
        struct clinux_in6_pktinfo *info = (struct clinux_in6_pktinfo *)CMSG_DATA(c);
        if (info->address[0] == 0xff)
            return 0;
        info->interface = 0;
        return v6;
    }
    return 0;
}
/// How many processors this thread may run on (`sched_getaffinity`); 0 when that is not known.
int clinux_processor_count(void);

/// Whether something keeps the system clock right (adjtimex(2)): 1 or 0, or -1 with errno.
int clinux_clock_is_synchronized(void);

/// Opens a netlink socket that tells of changes of links, addresses and routes; -1 with errno.
int clinux_network_monitor(void);

/// Listens on a Unix socket at `path`, in the place of a socket that is there; -1 with errno.
int clinux_local_listen(const char *path, unsigned int mode, int backlog);
/// Connects to the Unix socket at `path`; -1 with errno.
///
/// The descriptor blocks, this call and later ones for at most so many milliseconds.
int clinux_local_connect(const char *path, int milliseconds);
/// The user at the other end of a Unix socket (`SO_PEERCRED`); -1 with errno.
int clinux_peer_user(int fd, uid_t *user);

/// Opens an inotify(7) descriptor that never blocks; -1 with errno.
int clinux_inotify(void);
/// Watches what is at a path for being written, replaced or removed; -1 with errno.
///
/// Of a folder that means the entries in it. Watching it twice is the same as once.
int clinux_inotify_watch(int fd, const char *path);

/// Has the heap of each thread begin with so many octets, and that of the main one grow by as many.
void clinux_set_heap_extent(int octets);

/// Lets go of the pages of the program's and its libraries' code and constants.
///
/// They come back from the page cache when they are touched. Nothing that was written is lost:
/// only segments that nobody may write are considered, and those the loader writes to before it
/// protects them (RELRO) are part of others.
void clinux_release_image(void);

#endif
