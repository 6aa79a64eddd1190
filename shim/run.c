/* RUN: finds an executable, starts it in a process group of its own, feeds and drains it, and kills
 * it when it takes too long, writes too much, or is no longer wanted. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LONGEST_OUTPUT = 16 * MEBIBYTE,
    KEPT_ERRORS = 64 * KIBIBYTE,
    /* A pipe that poll calls writable takes this much without blocking. */
    PASSED_AT_ONCE = 4 * KIBIBYTE,
    /* For pipes that a grandchild still holds, and for a killed child to be gone. */
    LINGER_MILLIS = 1000,
    BUSY_RETRIES = 5,
    BUSY_PAUSE_MILLIS = 200
};

enum outcome { ENDED, NOT_FOUND, NOT_STARTABLE, KILLED_LATE, KILLED_VERBOSE };

struct order {
    const char *type, *input;
    size_t input_size;
    int64_t limit;
    struct bytes variables; /* of char * */
};

struct run {
    pid_t child;
    bool ended;
    /* This side's ends of the child's pipes, and what becomes readable when a child ends. One that
     * is closed is -1, which poll skips. */
    int input, output, errors, endings;
    const char *unfed;
    size_t unfed_size;
    struct bytes collected, kept_errors;
    char passing[PASSED_AT_ONCE];
    size_t passed, to_pass;
};

static bool read_order(struct frame *frame, struct order *order)
{
    struct field field;
    while (next_field(frame, &field)) {
        switch (field.tag) {
        case TYPE:
            order->type = field.value;
            break;
        case ENV:
            append(&order->variables, &field.value, sizeof field.value);
            break;
        case STDIN:
            order->input = field.value;
            order->input_size = field.size;
            break;
        case LIMIT:
            order->limit = number_in(&field);
            break;
        }
    }
    return !frame->broken;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* The variable of RUN of the same name as `wanted`, which may go on behind its '='. */
static const char *variable_in(const struct order *order, const char *wanted)
{
    const char *const *variables = (const void *)order->variables.data;
    size_t count = order->variables.size / sizeof *variables;
    size_t length = strcspn(wanted, "=");
    for (size_t i = 0; i < count; i++)
        if (strcspn(variables[i], "=") == length && memcmp(variables[i], wanted, length) == 0)
            return variables[i];
    return NULL;
}

static char **environment_of(const struct order *order)
{
    struct bytes variables = {0};
    for (char **own = environ; *own != NULL; own++)
        if (!begins_with(*own, "CNI_") && variable_in(order, *own) == NULL)
            append(&variables, own, sizeof *own);
    append(&variables, order->variables.data, order->variables.size);
    append(&variables, &(char *){NULL}, sizeof(char *));
    return (void *)variables.data;
}

static const char *search_path_of(const struct order *order)
{
    const char *given = variable_in(order, "CNI_PATH");
    const char *own = getenv("CNI_PATH");
    return given != NULL ? given + strcspn(given, "=") + 1 : own != NULL ? own : "";
}

static bool is_executable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool find_executable(const struct order *order, struct bytes *path)
{
    if (order->type[0] == '\0' || strchr(order->type, '/') != NULL)
        return false;
    size_t length;
    for (const char *rest = search_path_of(order); *rest != '\0'; rest += length) {
        length = strcspn(rest, ":");
        path->size = 0;
        append(path, rest, length);
        append_text(path, "/");
        append(path, order->type, strlen(order->type) + 1);
        if (length > 0 && is_executable(path->data))
            return true;
        length += rest[length] == ':';
    }
    path->size = 0;
    return false;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void close_ends(struct run *run)
{
    close_end(&run->input);
    close_end(&run->output);
    close_end(&run->errors);
    close_end(&run->endings);
}

static int watch_endings(void)
{
    sigset_t endings;
    sigemptyset(&endings);
    sigaddset(&endings, SIGCHLD);
    sigprocmask(SIG_BLOCK, &endings, NULL);
    /* The runtime may have left it ignored, which would hide how children end. */
    signal(SIGCHLD, SIG_DFL);
    return signalfd(-1, &endings, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Starts a child with the given standard streams. Returns 0 or an errno. */
static int spawn(pid_t *child, const char *path, char **environment, const int streams[3])
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes,
        POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int error = 0;
    for (int stream = 0; stream < 3 && error == 0; stream++)
        error = posix_spawn_file_actions_adddup2(&actions, streams[stream], stream);

    char *const arguments[] = {(char *)path, NULL};
    for (int busy = 0; error == 0; busy++) {
        error = posix_spawn(child, path, &actions, &attributes, arguments, environment);
        /* Someone is still writing the executable: an installer, or a fork that is about to exec. */
        if (error != ETXTBSY || busy == BUSY_RETRIES)
            break;
        sleep_millis(BUSY_PAUSE_MILLIS);
        error = 0;
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}
