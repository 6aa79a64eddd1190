#include "world.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const uint8_t *arriving;
size_t arriving_size;
struct record sent, printed[3];
jmp_buf end;
int exit_code;

void begin(const uint8_t *data, size_t size)
{
    arriving = data;
    arriving_size = size;
    sent.size = 0;
    for (int file = 0; file < 3; file++)
        printed[file].size = 0;
    exit_code = -1;
}

void require(bool promise, const char *what)
{
    if (!promise) {
        fprintf(stderr, "broken promise: %s\n", what);
        abort();
    }
}

static ssize_t take(void *to, size_t most)
{
    size_t count = arriving_size < most ? arriving_size : most;
    memcpy(to, arriving, count);
    arriving += count;
    arriving_size -= count;
    return (ssize_t)count;
}

static ssize_t note(struct record *record, const void *data, size_t size)
{
    size_t room = record->size < KEPT ? KEPT - record->size : 0;
    memcpy(record->bytes + (KEPT - room), data, size < room ? size : room);
    record->size += size;
    return (ssize_t)size;
}

ssize_t fuzz_recv(int file, void *to, size_t most, int flags)
{
    (void)file, (void)flags;
    return take(to, most);
}

ssize_t fuzz_send(int file, const void *data, size_t size, int flags)
{
    (void)file, (void)flags;
    /* A response that is sent is the last one that counts. */
    sent.size = 0;
    return note(&sent, data, size);
}

ssize_t fuzz_read(int file, void *to, size_t most)
{
    return file == STDIN_FILENO ? take(to, most) : read(file, to, most);
}

ssize_t fuzz_write(int file, const void *data, size_t size)
{
    return file == STDOUT_FILENO || file == STDERR_FILENO ? note(&printed[file], data, size)
                                                          : write(file, data, size);
}

int fuzz_posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                     const posix_spawnattr_t *attributes, char *const arguments[],
                     char *const environment[])
{
    (void)child, (void)actions, (void)attributes;
    require(path[0] != '\0' && arguments[0] == path, "a child has a path");
    for (char *const *variable = environment; *variable != NULL; variable++)
        require(strlen(*variable) < SIZE_MAX, "the environment of a child is one of C strings");
    return ENOENT;
}

_Noreturn void fuzz_exit(int code)
{
    exit_code = code;
    longjmp(end, 1);
}
