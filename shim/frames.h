/* The frames of docs/shim-protocol.md, and the connection that carries them. */
#ifndef PODBOND_FRAMES_H
#define PODBOND_FRAMES_H

#include "bytes.h"

#include <stdint.h>

enum { LONGEST_FRAME = 17 * MEBIBYTE };

enum kind { CALL = 1, RUN = 2, RAN = 3, ANSWER = 4, UNSUPPORTED = 5, QUERY = 6, FIRST_SKIPPED = 128 };

enum tag {
    PROTOCOL = 1, PLUGIN = 2, ENV = 3, STDIN = 4, FOUND = 5, SEEN = 6,
    TYPE = 16, LIMIT = 17, OUTCOME = 18, STATUS = 19, STDOUT = 20, STDERR = 21, PATH = 22,
    EXIT = 23, KIND = 24, SUBJECT = 25
};

/* Why no answer will come. */
enum loss { NOT_LOST, AGENT_ENDED, AGENT_LATE, AGENT_UNINTELLIGIBLE, AGENT_DIFFERENT };

void begin_frame(struct bytes *frame, enum kind kind);
size_t begin_field(struct bytes *frame, enum tag tag);
void end_field(struct bytes *frame, size_t begun);
void put_field(struct bytes *frame, enum tag tag, const void *value, size_t size);
void put_u8(struct bytes *frame, enum tag tag, uint8_t value);
void put_u32(struct bytes *frame, enum tag tag, uint32_t value);
/* The number as eight bytes, of a field that has begun. */
void append_u64(struct bytes *frame, uint64_t value);
void end_frame(struct bytes *frame);

/* A received frame, of which the fields before `next` have been read. */
struct frame {
    unsigned kind;
    char *next, *end;
    bool broken;
};

/* A field of a received frame. The value is also a C string once the next field has been asked for. */
struct field {
    unsigned tag;
    size_t size;
    char *value;
};

/* False at the end of the frame. If the frame breaks the rules, false as well, and it sets
 * `broken`. */
bool next_field(struct frame *frame, struct field *field);
uint32_t number_in(const struct field *field);

/* Milliseconds of a clock that is never set. */
int64_t now_millis(void);
int millis_until(int64_t deadline);
void sleep_millis(long millis);

/* A non-blocking socket, or minus an errno after `patience` milliseconds of trying. */
int connect_to(const char *path, int64_t patience);
enum loss send_frame(int agent, const struct bytes *frame, int64_t deadline);
/* The frame's bytes are in `storage`, which has one byte more. */
enum loss receive_frame(int agent, struct bytes *storage, struct frame *frame, int64_t deadline);

#endif
