/* A call on its way: whatever environment and stdin are, the frame has just them, and a request for
 * deletion is left under a name in the directory of requests, or nowhere. The input is container id,
 * interface, plugin and the configuration, with NULs between them. */
#define main shim_main
#include "../../shim/main.c"
#undef main

#include "world.h"

#include <sys/stat.h>

enum { NAMES = 3, LONGEST = 400 };

static char state[] = "/dev/shm/podbond-fuzz-requests";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    mkdir(state, 0700);
    return 0;
}

static bool is_file_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL && strlen(name) < 256;
}

static void check_call(struct call *call, char *variables[], const uint8_t *input, size_t size)
{
    append(&call->frame, "", 1);
    char *data = call->frame.data;
    struct frame frame = {.kind = (unsigned char)data[4],
                          .next = data + 5,
                          .end = data + call->frame.size - 1};
    struct field field;
    int found = 0;
    while (next_field(&frame, &field)) {
        if (field.tag == ENV) {
            require(variables[found] != NULL && field.size == strlen(variables[found])
                        && memcmp(field.value, variables[found], field.size) == 0,
                    "each variable is in the call as it is");
            found++;
        } else if (field.tag == STDIN) {
            require(field.size == size && memcmp(field.value, input, size) == 0,
                    "stdin is in the call as it is");
        }
    }
    require(!frame.broken && variables[found] == NULL, "a call is a frame of all it should have");
}

static void check_request(const struct bytes *place)
{
    struct bytes directory = {0};
    join(&directory, state, "/pending/", NO_MORE);
    size_t length = strlen(directory.data);
    require(strncmp(place->data, directory.data, length) == 0, "a request is among the requests");
    require(is_file_name(place->data + length), "a request has a name");
    struct stat status;
    require(lstat(place->data, &status) == 0 && S_ISREG(status.st_mode)
                && (status.st_mode & 0777) == 0600,
            "a request is a file of its owner");
    unlink(place->data);
    free(directory.data);
}

static void check_text(const char *text)
{
    struct bytes json = {0};
    append_json_text(&json, text);
    for (size_t i = 0; i < json.size; i++)
        require(json.data[i] >= ' ' && json.data[i] <= '~', "JSON text is printable");
    for (size_t i = 1; i < json.size - 1; i++) {
        if (json.data[i] == '\\')
            i++;
        else
            require(json.data[i] != '"', "a quote within JSON text is escaped");
    }
    free(json.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char names[NAMES][LONGEST + 32];
    static const char *const prefixes[NAMES] = {"CNI_CONTAINERID=", "CNI_IFNAME=", ""};
    for (int name = 0; name < NAMES; name++) {
        const uint8_t *nul = memchr(data, '\0', size);
        size_t length = nul != NULL ? (size_t)(nul - data) : size;
        size_t kept = length < LONGEST ? length : LONGEST;
        size_t prefix = strlen(prefixes[name]);
        memcpy(names[name], prefixes[name], prefix);
        memcpy(names[name] + prefix, data, kept);
        names[name][prefix + kept] = '\0';
        size_t used = nul != NULL ? length + 1 : size;
        data += used;
        size -= used;
    }
    static char place_of_state[64];
    struct bytes text = {0};
    strcpy(place_of_state, join(&text, "PODBOND_STATE=", state, NO_MORE));
    free(text.data);
    char *own[] = {names[0], names[1], place_of_state, NULL};
    char *for_agent[] = {names[0], names[1], NULL};
    environ = own;

    begin(data, size);
    struct call call = {.plugin = names[2], .verb = "DEL", .socket = ""};
    struct bytes place = {0};
    if (setjmp(end) == 0) {
        put_call(&call);
        if (leave_request(&call.frame, call.plugin, &place) == NULL)
            check_request(&place);
        check_call(&call, for_agent, data, size);
    }
    check_text(names[2]);
    free(place.data);
    free(call.frame.data);
    return 0;
}
