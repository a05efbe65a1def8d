#ifndef CDNSTAP_H
#define CDNSTAP_H
#include <stddef.h>
#include <stdint.h>

// The payload of dnstap (dnstap.info): DNS messages with who asked and when, as protocol buffers.

/// What happened, by the numbers of `Message.Type` in dnstap.proto.
enum { cdnstap_client_query = 5, cdnstap_client_response = 6 };
enum { cdnstap_forwarder_query = 7, cdnstap_forwarder_response = 8 };

/// `SocketFamily` and `SocketProtocol` in dnstap.proto.
enum { cdnstap_inet = 1, cdnstap_inet6 = 2 };
enum { cdnstap_udp = 1, cdnstap_tcp = 2, cdnstap_dot = 3 };

/// A time since 1970; none at all when both are zero.
typedef struct cdnstap_time {
    uint64_t seconds;
    uint32_t nanoseconds;
} cdnstap_time;

/// Octets that belong to somebody else.
typedef struct cdnstap_octets {
    const void *start;
    size_t count;
} cdnstap_octets;

/// An address in host byte order, an IPv4 one in the last 32 bits, and a port; of no family where it
/// is not known.
typedef struct cdnstap_endpoint {
    uint64_t high, low;
    uint32_t family;
    uint32_t port;
} cdnstap_endpoint;

/// One DNS message that came or went.
typedef struct cdnstap_event {
    /// The name of this host, and of the program and its version.
    cdnstap_octets identity, version;
    uint32_t type;
    uint32_t protocol;
    /// Who asked and who was asked; of one family, or the latter is left out.
    cdnstap_endpoint asking, asked;
    cdnstap_time query_time, response_time;
    /// The query or the response, as the type says.
    cdnstap_octets message;
} cdnstap_event;

/// The event as octets of `malloc`, which the caller frees; NULL when there is no memory.
uint8_t *cdnstap_pack(const cdnstap_event *event, size_t *count);

#endif
