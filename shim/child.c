/* Finds the executable that RUN names and starts it as the runtime would have. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_RETRIES = 5, BUSY_PAUSE_MILLIS = 200 };

bool read_order(struct frame *frame, struct order *order)
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

/* The variable of RUN with the name of `wanted`, which may have a value after its '='. */
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
    if (given == NULL) {
        const char *own = getenv("CNI_PATH");
        return own != NULL ? own : "";
    }
    const char *value = strchr(given, '=');
    return value != NULL ? value + 1 : "";
}

static bool is_executable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool find_in(const char *search_path, const char *name, struct bytes *path)
{
    size_t length;
    for (const char *rest = search_path; *rest != '\0'; rest += length) {
        length = strcspn(rest, ":");
        path->size = 0;
        append(path, rest, length);
        append_text(path, "/");
        append(path, name, strlen(name) + 1);
        if (length > 0 && is_executable(path->data))
            return true;
        length += rest[length] == ':';
    }
    path->size = 0;
    return false;
}

bool has_executable(const char *search_path, const char *name)
{
    struct bytes path = {0};
    bool found = find_in(search_path, name, &path);
    free(path.data);
    return found;
}

bool find_executable(const struct order *order, struct bytes *path)
{
    bool is_name = order->type[0] != '\0' && strchr(order->type, '/') == NULL;
    return is_name && find_in(search_path_of(order), order->type, path);
}

/* The child gets its own process group and default signals, even if this process ignores some. */
static void describe_child(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setflags(attributes,
        POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
}

/* Starts a child with these standard streams. Returns 0 or an errno. */
static int spawn(pid_t *child, char *path, char **environment, int streams[3])
{
    posix_spawnattr_t attributes;
    describe_child(&attributes);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int error = 0;
    for (int stream = 0; stream < 3 && error == 0; stream++)
        error = posix_spawn_file_actions_adddup2(&actions, streams[stream], stream);
    if (error != 0)
        return error;

    char *arguments[] = {path, NULL};
    /* An executable is busy while an installer writes to it. */
    for (int busy = 0; busy <= BUSY_RETRIES; busy++) {
        error = posix_spawn(child, path, &actions, &attributes, arguments, environment);
        if (error != ETXTBSY)
            break;
        sleep_millis(BUSY_PAUSE_MILLIS);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void close_ends(int pipes[3][2])
{
    for (int stream = 0; stream < 3; stream++)
        for (int end = 0; end < 2; end++)
            if (pipes[stream][end] >= 0)
                close(pipes[stream][end]);
}

static bool open_pipes(int pipes[3][2])
{
    return pipe2(pipes[0], O_CLOEXEC) == 0 && pipe2(pipes[1], O_CLOEXEC) == 0
        && pipe2(pipes[2], O_CLOEXEC) == 0 && fcntl(pipes[0][1], F_SETFL, O_NONBLOCK) == 0;
}

int start_child(struct child *child, char *path, const struct order *order)
{
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    int error = open_pipes(pipes) ? 0 : errno;
    if (error == 0) {
        int streams[3] = {pipes[0][0], pipes[1][1], pipes[2][1]};
        char **environment = environment_of(order);
        error = spawn(&child->id, path, environment, streams);
        free(environment);
    }
    if (error == 0) {
        child->input = pipes[0][1];
        child->output = pipes[1][0];
        child->errors = pipes[2][0];
        pipes[0][1] = pipes[1][0] = pipes[2][0] = -1;
    }
    close_ends(pipes);
    return error;
}
