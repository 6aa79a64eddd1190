/* A request for deletion is a CALL frame in a file. The file is complete whenever it is visible.
 * Once the runtime has been told that the deletion is done, the file survives a node crash. */
#include "pending.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_STATE "/var/lib/cni/podbond"
#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define OF_NAMES LETTERS_AND_DIGITS "_.-"

enum { LONGEST_INTERFACE_NAME = 15 };

static bool consists_of(const char *text, const char *characters)
{
    return text[0] != '\0' && text[strspn(text, characters)] == '\0';
}

static bool is_container_id(const char *id)
{
    return consists_of(id, OF_NAMES) && strchr("_.-", id[0]) == NULL;
}

/* The rule of the agent's plugins: the kernel's rule without the characters that only some locales
 * have. */
bool is_interface_name(const char *name)
{
    size_t length = 0;
    for (; name[length] != '\0'; length++)
        if (name[length] <= ' ' || name[length] > '~' || strchr("/:", name[length]) != NULL)
            return false;
    return length > 0 && length <= LONGEST_INTERFACE_NAME
        && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool is_plugin_name(const char *name)
{
    return consists_of(name, OF_NAMES) && name[0] != '.';
}

static const char *variable(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : otherwise;
}

static const char *name_file(struct bytes *name, const char *plugin)
{
    const char *id = variable("CNI_CONTAINERID", "");
    const char *interface = variable("CNI_IFNAME", "");
    join(name, id, ":", interface, ":", plugin, NO_MORE);
    if (!is_container_id(id))
        return "CNI_CONTAINERID is not valid";
    if (!is_interface_name(interface))
        return "CNI_IFNAME is not valid";
    if (!is_plugin_name(plugin))
        return "the plugin's name is not valid";
    return strlen(name->data) > NAME_MAX ? strerror(ENAMETOOLONG) : NULL;
}

static bool make_directory(const char *path, mode_t mode)
{
    return mkdir(path, mode) == 0 || errno == EEXIST;
}

/* Makes its parents too; others may use those and therefore may read them. */
static bool make_directories(char *path)
{
    bool made = true;
    for (char *slash = strchr(path + 1, '/'); made && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = make_directory(path, 0755);
        *slash = '/';
    }
    return made && make_directory(path, 0700);
}

static bool write_synced(int file, const struct bytes *content)
{
    bool written = write_all(file, content->data, content->size) && fsync(file) == 0;
    return close(file) == 0 && written;
}

/* Makes a new file under an unused name. A process in another process namespace may have the same
 * id, so we never touch an existing file. The agent deletes old files with this prefix. */
static int create_temporary(int directory, struct bytes *name)
{
    int file;
    do {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        name->size = 0;
        append_text(name, ".new-");
        append_number(name, (unsigned long)getpid());
        append_text(name, "-");
        append_number(name, (unsigned long)now.tv_sec);
        append_text(name, "-");
        append_number(name, (unsigned long)now.tv_nsec);
        append(name, "", 1);
        file = openat(directory, name->data,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    } while (file < 0 && errno == EEXIST);
    return file;
}

/* The file appears whole or not at all. */
static bool put_file(int directory, const char *name, const struct bytes *content)
{
    struct bytes temporary = {0};
    int file = create_temporary(directory, &temporary);
    if (file < 0)
        return false;
    if (write_synced(file, content) && renameat(directory, temporary.data, directory, name) == 0)
        return fsync(directory) == 0;
    int error = errno;
    unlinkat(directory, temporary.data, 0);
    errno = error;
    return false;
}

const char *leave_request(const struct bytes *call, const char *plugin, struct bytes *place)
{
    struct bytes name = {0};
    const char *refusal = name_file(&name, plugin);
    if (refusal != NULL) {
        join(place, name.data, NO_MORE);
        return refusal;
    }
    const char *state = variable("PODBOND_STATE", DEFAULT_STATE);
    if (!make_directories(join(place, state, NO_MORE))
        || !make_directory(join(place, state, "/pending", NO_MORE), 0700))
        return strerror(errno);
    int directory = open(place->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return strerror(errno);
    join(place, state, "/pending/", name.data, NO_MORE);
    refusal = put_file(directory, name.data, call) ? NULL : strerror(errno);
    close(directory);
    return refusal;
}
