/* Growable bytes, and the texts made in them. */
#ifndef PODBOND_BYTES_H
#define PODBOND_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { KIBIBYTE = 1 << 10, MEBIBYTE = 1 << 20 };

/* Growable bytes. All members zero: empty. */
struct bytes {
    char *data;
    size_t size, capacity;
};

/* Returns the place for `more` bytes after the present ones; the caller then raises `size`. */
char *room_for(struct bytes *bytes, size_t more);
/* read(2) of at most `most` bytes into the free room. */
ssize_t read_more(int file, struct bytes *bytes, size_t most);
void append(struct bytes *bytes, const void *data, size_t size);
void append_text(struct bytes *bytes, const char *text);
void append_number(struct bytes *bytes, unsigned long number);
/* Replaces the content with the texts up to NO_MORE, joined into one C string. */
char *join(struct bytes *bytes, const char *text, ...);
#define NO_MORE ((const char *)0)
void append_json_text(struct bytes *json, const char *text);
/* False, with errno, if not everything could be written. */
bool write_all(int file, const char *data, size_t size);
bool print(int file, const char *text);

#endif
