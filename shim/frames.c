/* Frames: built in growing bytes, carried over the socket within a deadline, and taken apart. */
#include "frames.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LENGTH_SIZE = 4, FIELD_HEADER_SIZE = 5, RETRY_MILLIS = 50 };

static void write_u32(char *to, size_t value)
{
    uint32_t digits = htonl((uint32_t)value);
    memcpy(to, &digits, sizeof digits);
}

static uint32_t read_u32(const char *from)
{
    uint32_t digits;
    memcpy(&digits, from, sizeof digits);
    return ntohl(digits);
}

void begin_frame(struct bytes *frame, enum kind kind)
{
    frame->size = 0;
    append(frame, (char[]){0, 0, 0, 0, (char)kind}, LENGTH_SIZE + 1);
}

void end_frame(struct bytes *frame)
{
    write_u32(frame->data, frame->size - LENGTH_SIZE);
}

size_t begin_field(struct bytes *frame, enum tag tag)
{
    append(frame, (char[]){(char)tag, 0, 0, 0, 0}, FIELD_HEADER_SIZE);
    return frame->size;
}

void end_field(struct bytes *frame, size_t begun)
{
    write_u32(frame->data + begun - LENGTH_SIZE, frame->size - begun);
}

void put_field(struct bytes *frame, enum tag tag, const void *value, size_t size)
{
    size_t begun = begin_field(frame, tag);
    append(frame, value, size);
    end_field(frame, begun);
}

void put_u8(struct bytes *frame, enum tag tag, uint8_t value)
{
    put_field(frame, tag, &value, 1);
}

void put_u32(struct bytes *frame, enum tag tag, uint32_t value)
{
    char digits[4];
    write_u32(digits, value);
    put_field(frame, tag, digits, sizeof digits);
}

void append_u64(struct bytes *frame, uint64_t value)
{
    char digits[8];
    write_u32(digits, (uint32_t)(value >> 32));
    write_u32(digits + 4, (uint32_t)value);
    append(frame, digits, sizeof digits);
}

static bool has_right_size(const struct field *field)
{
    switch (field->tag) {
    case PROTOCOL: case OUTCOME: case EXIT: case KIND: return field->size == 1;
    case LIMIT: case STATUS: return field->size == 4;
    default: return true;
    }
}

bool next_field(struct frame *frame, struct field *field)
{
    size_t left = (size_t)(frame->end - frame->next);
    if (left == 0 || frame->broken)
        return false;
    if (left < FIELD_HEADER_SIZE) {
        frame->broken = true;
        return false;
    }
    field->tag = (unsigned char)frame->next[0];
    field->size = read_u32(frame->next + 1);
    field->value = frame->next + FIELD_HEADER_SIZE;
    if (field->size > left - FIELD_HEADER_SIZE || !has_right_size(field)) {
        frame->broken = true;
        return false;
    }
    /* The tag has been read, so its byte can become the NUL that ends the value before it. */
    frame->next[0] = '\0';
    frame->next = field->value + field->size;
    return true;
}

uint32_t number_in(const struct field *field)
{
    return field->size == 1 ? (unsigned char)field->value[0] : read_u32(field->value);
}

int64_t now_millis(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int millis_until(int64_t deadline)
{
    int64_t left = deadline - now_millis();
    return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

void sleep_millis(long millis)
{
    struct timespec pause = {.tv_sec = millis / 1000, .tv_nsec = millis % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* Whether connect(2) fails so while an agent starts, restarts, or is busy. */
static bool may_pass(int error)
{
    return error == ENOENT || error == ECONNREFUSED || error == EAGAIN || error == EINTR;
}

int connect_to(const char *path, int64_t patience)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));

    int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (agent < 0)
        return -errno;
    int64_t deadline = now_millis() + patience;
    while (connect(agent, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        int left = millis_until(deadline);
        if (!may_pass(error) || left == 0) {
            close(agent);
            return -error;
        }
        sleep_millis(left < RETRY_MILLIS ? left : RETRY_MILLIS);
    }
    return agent;
}

/* Waits after a system call on the socket would have blocked. */
static enum loss await(int agent, short event, int64_t deadline)
{
    if (errno == EINTR)
        return NOT_LOST;
    if (errno != EAGAIN)
        return AGENT_ENDED;
    struct pollfd readiness = {.fd = agent, .events = event};
    int count = poll(&readiness, 1, millis_until(deadline));
    return count == 0 ? AGENT_LATE : NOT_LOST;
}

enum loss send_frame(int agent, const struct bytes *frame, int64_t deadline)
{
    size_t sent = 0;
    while (sent < frame->size) {
        ssize_t count = send(agent, frame->data + sent, frame->size - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += (size_t)count;
            continue;
        }
        enum loss loss = await(agent, POLLOUT, deadline);
        if (loss)
            return loss;
    }
    return NOT_LOST;
}

static enum loss receive(int agent, char *to, size_t size, int64_t deadline)
{
    while (size > 0) {
        ssize_t count = recv(agent, to, size, 0);
        if (count == 0)
            return AGENT_ENDED;
        if (count > 0) {
            to += count;
            size -= (size_t)count;
            continue;
        }
        enum loss loss = await(agent, POLLIN, deadline);
        if (loss)
            return loss;
    }
    return NOT_LOST;
}

enum loss receive_frame(int agent, struct bytes *storage, struct frame *frame, int64_t deadline)
{
    /* Otherwise an agent that sends skippable frames without end would keep us here for ever. */
    if (now_millis() >= deadline)
        return AGENT_LATE;
    char length_field[LENGTH_SIZE];
    enum loss loss = receive(agent, length_field, sizeof length_field, deadline);
    if (loss)
        return loss;
    size_t length = read_u32(length_field);
    if (length == 0 || length > LONGEST_FRAME)
        return AGENT_UNINTELLIGIBLE;

    storage->size = 0;
    char *body = room_for(storage, length + 1);
    loss = receive(agent, body, length, deadline);
    if (loss)
        return loss;
    body[length] = '\0';
    *frame = (struct frame){.kind = (unsigned char)body[0], .next = body + 1, .end = body + length};
    return NOT_LOST;
}
