/* Growable bytes, the texts made in them, and their input and output. */
#include "bytes.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEAST_ROOM = 4 * KIBIBYTE };

static _Noreturn void run_out_of_memory(void)
{
    static const char error[] = "{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"out of memory\"}\n";
    write_all(STDOUT_FILENO, error, sizeof error - 1);
    _exit(1);
}

char *room_for(struct bytes *bytes, size_t more)
{
    if (bytes->capacity - bytes->size < more) {
        size_t needed = bytes->size + more;
        size_t doubled = bytes->capacity * 2;
        bytes->capacity = needed > doubled ? needed : doubled;
        bytes->data = realloc(bytes->data, bytes->capacity);
        if (bytes->data == NULL)
            run_out_of_memory();
    }
    return bytes->data + bytes->size;
}

ssize_t read_more(int file, struct bytes *bytes, size_t most)
{
    char *room = room_for(bytes, LEAST_ROOM);
    size_t free = bytes->capacity - bytes->size;
    ssize_t count = read(file, room, free < most ? free : most);
    if (count > 0)
        bytes->size += (size_t)count;
    return count;
}

void append(struct bytes *bytes, const void *data, size_t size)
{
    if (size > 0) {
        memcpy(room_for(bytes, size), data, size);
        bytes->size += size;
    }
}

void append_text(struct bytes *bytes, const char *text)
{
    append(bytes, text, strlen(text));
}

void append_number(struct bytes *bytes, unsigned long number)
{
    if (number > 9)
        append_number(bytes, number / 10);
    append(bytes, &"0123456789"[number % 10], 1);
}

char *join(struct bytes *bytes, const char *text, ...)
{
    va_list texts;
    va_start(texts, text);
    bytes->size = 0;
    for (; text != NO_MORE; text = va_arg(texts, const char *))
        append_text(bytes, text);
    va_end(texts);
    append(bytes, "", 1);
    return bytes->data;
}

bool write_all(int file, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t count = write(file, data, size);
        if (count >= 0) {
            data += count;
            size -= (size_t)count;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = file, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool print(int file, const char *text)
{
    return write_all(file, text, strlen(text));
}

void append_json_text(struct bytes *json, const char *text)
{
    append_text(json, "\"");
    for (; *text != '\0'; text++) {
        unsigned char character = (unsigned char)*text;
        if (character < ' ') {
            append_text(json, "\\u00");
            append(json, &"01"[character >> 4], 1);
            append(json, &"0123456789abcdef"[character & 0xf], 1);
        } else if (character > '~') {
            /* Paths need not be UTF-8, but JSON must. */
            append_text(json, "?");
        } else {
            if (character == '"' || character == '\\')
                append_text(json, "\\");
            append(json, text, 1);
        }
    }
    append_text(json, "\"");
}
