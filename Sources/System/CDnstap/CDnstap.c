#include "CDnstap.h"

#include <endian.h>
#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <string.h>

// The parts of dnstap.proto that are written here, as tables for protobuf-c. What they call uint32
// may be an enumeration there: on the wire the two are the same.

struct message {
    ProtobufCMessage base;
    uint32_t type, family, protocol, port;
    ProtobufCBinaryData address, query, response;
    uint64_t query_seconds, response_seconds;
    uint32_t query_nanoseconds, response_nanoseconds;
    /// Whether the times are known; of the messages, there is one or the other.
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
    REQUIRED(message, address, 4, BYTES),
    REQUIRED(message, port, 6, UINT32),
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

uint8_t *cdnstap_pack(const cdnstap_event *event, size_t *count)
{
    uint64_t address[] = {htobe64(event->address_high), htobe64(event->address_low)};
    int is_v4 = event->family == cdnstap_inet;
    cdnstap_octets octets = {(uint8_t *)address + (is_v4 ? 12 : 0), is_v4 ? 4 : 16};
    struct message message = {
        .base = PROTOBUF_C_MESSAGE_INIT(&message_descriptor),
        .type = event->type,
        .family = event->family,
        .protocol = event->protocol,
        .port = event->port,
        .address = binary(octets),
        .query_seconds = event->query_time.seconds,
        .query_nanoseconds = event->query_time.nanoseconds,
        .has_query_time = is_known(event->query_time),
        .response_seconds = event->response_time.seconds,
        .response_nanoseconds = event->response_time.nanoseconds,
        .has_response_time = is_known(event->response_time),
        .query = binary(event->message),
        .has_query = event->type == cdnstap_client_query,
        .response = binary(event->message),
        .has_response = event->type == cdnstap_client_response,
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
