#include "CDnstap.h"

#include <endian.h>
#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <string.h>

// The parts of dnstap.proto that are written here, as tables for protobuf-c. What they call uint32
// may be an enumeration there: on the wire the two are the same.

struct message {
    ProtobufCMessage base;
    uint32_t type, family, protocol, query_port, response_port;
    ProtobufCBinaryData query_address, response_address, query, response;
    uint64_t query_seconds, response_seconds;
    uint32_t query_nanoseconds, response_nanoseconds;
    /// Whether the endpoints and times are known; of the messages, there is one or the other.
    protobuf_c_boolean has_asking, has_asked;
    protobuf_c_boolean has_query_time, has_response_time, has_query, has_response;
};

struct dnstap {
    ProtobufCMessage base;
    ProtobufCBinaryData identity, version;
    struct message *message;
    uint32_t type;
};

#define REQUIRED(structure, place, number, kind)                                                   \
    {.name = #place,                                                                               \
     .id = number,                                                                                 \
     .label = PROTOBUF_C_LABEL_REQUIRED,                                                           \
     .type = PROTOBUF_C_TYPE_##kind,                                                               \
     .offset = offsetof(struct structure, place)}

#define OPTIONAL(structure, place, condition, number, kind)                                        \
    {.name = #place,                                                                               \
     .id = number,                                                                                 \
     .label = PROTOBUF_C_LABEL_OPTIONAL,                                                           \
     .type = PROTOBUF_C_TYPE_##kind,                                                               \
     .quantifier_offset = offsetof(struct structure, condition),                                   \
     .offset = offsetof(struct structure, place)}

static const ProtobufCFieldDescriptor message_fields[] = {
    REQUIRED(message, type, 1, UINT32),
    REQUIRED(message, family, 2, UINT32),
    REQUIRED(message, protocol, 3, UINT32),
    OPTIONAL(message, query_address, has_asking, 4, BYTES),
    OPTIONAL(message, response_address, has_asked, 5, BYTES),
    OPTIONAL(message, query_port, has_asking, 6, UINT32),
    OPTIONAL(message, response_port, has_asked, 7, UINT32),
    OPTIONAL(message, query_seconds, has_query_time, 8, UINT64),
    OPTIONAL(message, query_nanoseconds, has_query_time, 9, FIXED32),
    OPTIONAL(message, query, has_query, 10, BYTES),
    OPTIONAL(message, response_seconds, has_response_time, 12, UINT64),
    OPTIONAL(message, response_nanoseconds, has_response_time, 13, FIXED32),
    OPTIONAL(message, response, has_response, 14, BYTES),
};

static const ProtobufCMessageDescriptor message_descriptor = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "dnstap.Message",
    .sizeof_message = sizeof(struct message),
    .n_fields = sizeof message_fields / sizeof *message_fields,
    .fields = message_fields,
};

static const ProtobufCFieldDescriptor dnstap_fields[] = {
    REQUIRED(dnstap, identity, 1, BYTES),
    REQUIRED(dnstap, version, 2, BYTES),
    {.name = "message",
     .id = 14,
     .label = PROTOBUF_C_LABEL_REQUIRED,
     .type = PROTOBUF_C_TYPE_MESSAGE,
     .offset = offsetof(struct dnstap, message),
     .descriptor = &message_descriptor},
    REQUIRED(dnstap, type, 15, UINT32),
};

static const ProtobufCMessageDescriptor dnstap_descriptor = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "dnstap.Dnstap",
    .sizeof_message = sizeof(struct dnstap),
    .n_fields = sizeof dnstap_fields / sizeof *dnstap_fields,
    .fields = dnstap_fields,
};

/// `Type.MESSAGE` of `Dnstap`, the only one that there is.
enum { type_message = 1 };

// protobuf-c only reads what it packs.
static ProtobufCBinaryData binary(cdnstap_octets octets)
{
    return (ProtobufCBinaryData){.data = (uint8_t *)octets.start, .len = octets.count};
}

static protobuf_c_boolean is_known(cdnstap_time time)
{
    return time.seconds != 0 || time.nanoseconds != 0;
}

/// An address as it is on the wire; `room` is where that is kept.
static ProtobufCBinaryData address(cdnstap_endpoint endpoint, uint64_t room[2])
{
    room[0] = htobe64(endpoint.high);
    room[1] = htobe64(endpoint.low);
    int is_v4 = endpoint.family == cdnstap_inet;
    return (ProtobufCBinaryData){
        .data = (uint8_t *)room + (is_v4 ? 12 : 0), .len = is_v4 ? 4 : 16};
}

static protobuf_c_boolean is_query(uint32_t type)
{
    return type == cdnstap_client_query || type == cdnstap_forwarder_query;
}

uint8_t *cdnstap_pack(const cdnstap_event *event, size_t *count)
{
    uint64_t asking[2], asked[2];
    uint32_t family = event->asking.family != 0 ? event->asking.family : event->asked.family;
    struct message message = {
        .base = PROTOBUF_C_MESSAGE_INIT(&message_descriptor),
        .type = event->type,
        .family = family,
        .protocol = event->protocol,
        .query_address = address(event->asking, asking),
        .query_port = event->asking.port,
        .has_asking = event->asking.family != 0,
        .response_address = address(event->asked, asked),
        .response_port = event->asked.port,
        .has_asked = event->asked.family != 0 && event->asked.family == family,
        .query_seconds = event->query_time.seconds,
        .query_nanoseconds = event->query_time.nanoseconds,
        .has_query_time = is_known(event->query_time),
        .response_seconds = event->response_time.seconds,
        .response_nanoseconds = event->response_time.nanoseconds,
        .has_response_time = is_known(event->response_time),
        .query = binary(event->message),
        .has_query = is_query(event->type),
        .response = binary(event->message),
        .has_response = !is_query(event->type),
    };
    struct dnstap whole = {
        .base = PROTOBUF_C_MESSAGE_INIT(&dnstap_descriptor),
        .identity = binary(event->identity),
        .version = binary(event->version),
        .message = &message,
        .type = type_message,
    };
    size_t size = protobuf_c_message_get_packed_size(&whole.base);
    uint8_t *packed = malloc(size);
    if (packed != NULL)
        *count = protobuf_c_message_pack(&whole.base, packed);
    return packed;
}
