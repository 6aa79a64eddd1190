/* The Podbond shim: started under the name of a CNI plugin, it hands the call to the node's agent
 * (docs/shim-protocol.md). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "frames.h"
#include "pending.h"
#include "run.h"

#define AGENT_DIRECTORY "/run/podbond"
#define ADVICE "see `systemctl status podbond-agent`, or the podbond-agent pod of this node"

/* Seconds that the agent has for its answer. Tests use fewer. */
#ifndef ANSWER_SECONDS
#define ANSWER_SECONDS 230
#define DELETION_ANSWER_SECONDS 120
#endif

enum {
    PROTOCOL_VERSION = 1,
    LONGEST_INPUT = 16 * MEBIBYTE,
    ORDINARY_CALL = 12 * KIBIBYTE,
    CONNECT_MILLIS = 30000,
    /* A deletion need not wait for the agent: it can be queued. */
    DELETION_CONNECT_MILLIS = 1000,
    /* Less than the time that the chart gives kubelet for a probe. */
    PROBE_MILLIS = 5000
};

enum cni_code { IO_FAILURE = 5, DECODING_FAILURE = 6, TRY_AGAIN_LATER = 11 };

struct call {
    const char *plugin, *verb, *socket;
    struct bytes frame;
};

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static _Noreturn void fail(enum cni_code code, const char *message, const char *details)
{
    struct bytes json = {0};
    append_text(&json, "{\"cniVersion\":\"1.0.0\",\"code\":");
    append_number(&json, code);
    append_text(&json, ",\"msg\":");
    append_json_text(&json, message);
    append_text(&json, ",\"details\":");
    append_json_text(&json, details);
    append_text(&json, "}\n");
    write_all(STDOUT_FILENO, json.data, json.size);
    exit(1);
}

static bool introduce(const char *plugin)
{
    return print(STDERR_FILENO, "Podbond CNI plugin ") && print(STDERR_FILENO, plugin)
        && print(STDERR_FILENO, "\nCNI protocol versions supported: "
                                "0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n");
}

static bool print_versions(void)
{
    return print(STDOUT_FILENO,
                 "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":"
                 "[\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n");
}

/* Becomes the plugin that needs no agent, if its Java runtime is installed in `home`. */
static void become_one_shot_of(const char *home, const char *plugin)
{
    struct bytes path = {0};
    if (access(join(&path, home, "/bin/java", NO_MORE), X_OK) != 0)
        return;
    char *arguments[] = {join(&path, home, "/bin/cni-plugin", NO_MORE), (char *)plugin, NULL};
    execv(arguments[0], arguments);
    const char *error = strerror(errno);
    struct bytes message = {0};
    fail(IO_FAILURE, join(&message, arguments[0], " cannot be started: ", error, NO_MORE),
         "there is neither an agent nor a working one-shot plugin: install Podbond again");
}

static void become_one_shot(const char *plugin)
{
    struct bytes own = {0}, home = {0};
    ssize_t length = readlink("/proc/self/exe", room_for(&own, PATH_MAX), PATH_MAX - 1);
    if (length > 0) {
        own.data[length] = '\0';
        *strrchr(own.data, '/') = '\0';
        become_one_shot_of(join(&home, own.data, "/../../podbond", NO_MORE), plugin);
    }
    become_one_shot_of("/opt/podbond", plugin);
}

/* Otherwise a socket or file of this process could get the number of a standard stream. */
static void keep_standard_streams_taken(void)
{
    int file;
    do
        file = open("/dev/null", O_RDONLY);
    while (file >= 0 && file <= STDERR_FILENO);
    close(file);
}

static bool is_for_agent(const char *entry)
{
    return begins_with(entry, "CNI_") || begins_with(entry, "TRACEPARENT=")
        || begins_with(entry, "TRACESTATE=") || begins_with(entry, "BAGGAGE=");
}

/* What tells an agent, perhaps in a container, whether it can do the work of an IPAM plugin itself:
 * which of those that it has built in are on this host, and which directory their addresses are in. */
static void put_sight(struct bytes *frame)
{
    static const char *const built_in[] = {"host-local", "static"};
    static const char *const places[] = {"/var/lib/cni/networks", "/var/lib/cni"};
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        if (has_executable(variable("CNI_PATH"), built_in[i]))
            put_field(frame, FOUND, built_in[i], strlen(built_in[i]));
    struct stat status;
    size_t place = 0;
    while (place < sizeof places / sizeof *places && stat(places[place], &status) != 0)
        place++;
    if (place == sizeof places / sizeof *places || !S_ISDIR(status.st_mode))
        return;
    size_t begun = begin_field(frame, SEEN);
    append_u64(frame, status.st_dev);
    append_u64(frame, status.st_ino);
    append_text(frame, places[place]);
    end_field(frame, begun);
}

static void put_input(struct bytes *frame)
{
    size_t begun = begin_field(frame, STDIN);
    ssize_t count;
    do
        count = read_more(STDIN_FILENO, frame, begun + LONGEST_INPUT + 1 - frame->size);
    while (count > 0 && frame->size - begun <= LONGEST_INPUT);
    if (count < 0)
        fail(IO_FAILURE, "the network configuration cannot be read from stdin", strerror(errno));
    if (count > 0)
        fail(DECODING_FAILURE, "the network configuration on stdin is longer than 16 MiB",
             "a CNI configuration has a few KiB: look at what the runtime passes");
    end_field(frame, begun);
}

static void put_call(struct call *call)
{
    room_for(&call->frame, ORDINARY_CALL);
    begin_frame(&call->frame, CALL);
    put_u8(&call->frame, PROTOCOL, PROTOCOL_VERSION);
    put_field(&call->frame, PLUGIN, call->plugin, strlen(call->plugin));
    for (char **own = environ; *own != NULL; own++)
        if (is_for_agent(*own))
            put_field(&call->frame, ENV, *own, strlen(*own));
    put_sight(&call->frame);
    put_input(&call->frame);
    end_frame(&call->frame);
    if (call->frame.size > LONGEST_FRAME)
        fail(DECODING_FAILURE, "environment and network configuration are longer than 17 MiB",
             "a CNI configuration has a few KiB: look at what the runtime passes");
}

static bool is_deletion(const struct call *call)
{
    return strcmp(call->verb, "DEL") == 0;
}

/* Ends the call without an answer: leaves a deletion to the agent, reports an error otherwise. */
static _Noreturn void give_up(const struct call *call, const char *problem, const char *consequence)
{
    struct bytes message = {0};
    if (!is_deletion(call))
        fail(TRY_AGAIN_LATER, join(&message, problem, "; " ADVICE, NO_MORE), consequence);
    struct bytes place = {0};
    const char *interface = variable("CNI_IFNAME");
    if (*interface != '\0' && !is_interface_name(interface)) {
        print(STDERR_FILENO, join(&message, "podbond: ", problem,
                                  "; nothing is queued: no interface was ever attached under the name"
                                  " in CNI_IFNAME\n", NO_MORE));
        exit(0);
    }
    const char *refusal = leave_request(&call->frame, call->plugin, &place);
    if (refusal != NULL)
        fail(TRY_AGAIN_LATER,
             join(&message, problem, ", and the deletion cannot be queued: ", place.data, ": ",
                  refusal, "; " ADVICE, NO_MORE),
             "the runtime will try to delete again");
    print(STDERR_FILENO, join(&message, "podbond: ", problem, "; the deletion is queued in ",
                              place.data, ", and the agent will carry it out\n", NO_MORE));
    exit(0);
}

static int64_t connect_patience(const struct call *call)
{
    const char *wish = variable("PODBOND_WAIT_MILLIS");
    bool is_number = *wish != '\0' && wish[strspn(wish, "0123456789")] == '\0' && strlen(wish) < 9;
    int64_t patience = is_number ? atol(wish) : CONNECT_MILLIS;
    bool hurry = is_deletion(call) && patience > DELETION_CONNECT_MILLIS;
    return hurry ? DELETION_CONNECT_MILLIS : patience;
}

static int connect_agent(const struct call *call)
{
    int agent = connect_to(call->socket, connect_patience(call));
    if (agent < 0) {
        struct bytes problem = {0};
        give_up(call,
                join(&problem, "the Podbond agent does not answer on ", call->socket, ": ",
                     strerror(-agent), NO_MORE),
                "nothing has been changed");
    }
    return agent;
}

static enum loss print_answer(struct frame *frame)
{
    struct field field, output = {0}, errors = {0};
    int code = -1;
    while (next_field(frame, &field)) {
        switch (field.tag) {
        case STDOUT: output = field; break;
        case STDERR: errors = field; break;
        case EXIT: code = (int)number_in(&field); break;
        }
    }
    if (frame->broken || code < 0)
        return AGENT_UNINTELLIGIBLE;
    write_all(STDERR_FILENO, errors.value, errors.size);
    exit(write_all(STDOUT_FILENO, output.value, output.size) ? code : 1);
}

static enum loss respond(struct frame *frame, int agent, int64_t deadline)
{
    static struct bytes response;
    enum loss loss = NOT_LOST;
    switch (frame->kind) {
    case ANSWER:
        return print_answer(frame);
    case UNSUPPORTED:
        return AGENT_DIFFERENT;
    case RUN:
        loss = carry_out(frame, agent, deadline, &response);
        break;
    default:
        if (frame->kind >= FIRST_SKIPPED)
            return NOT_LOST;
        begin_frame(&response, UNSUPPORTED);
        put_u8(&response, KIND, (uint8_t)frame->kind);
        end_frame(&response);
    }
    return loss ? loss : send_frame(agent, &response, deadline);
}

/* Exits the process with the answer; returns only if no answer comes. */
static enum loss converse(const struct call *call, int agent, int64_t deadline)
{
    static struct bytes storage;
    enum loss loss = send_frame(agent, &call->frame, deadline);
    while (!loss) {
        struct frame frame;
        loss = receive_frame(agent, &storage, &frame, deadline);
        if (!loss)
            loss = respond(&frame, agent, deadline);
    }
    return loss;
}

static _Noreturn void lose(const struct call *call, enum loss loss, unsigned long seconds)
{
    struct bytes limit = {0}, problem = {0};
    append_number(&limit, seconds);
    append(&limit, "", 1);
    switch (loss) {
    case AGENT_LATE:
        join(&problem, "the Podbond agent did not answer within ", limit.data, " s", NO_MORE);
        break;
    case AGENT_UNINTELLIGIBLE:
        join(&problem, "the Podbond agent answered nonsense", NO_MORE);
        break;
    case AGENT_DIFFERENT:
        join(&problem, "the Podbond agent is of a release that does not understand this plugin's",
             NO_MORE);
        break;
    default:
        join(&problem, "the Podbond agent ended the connection without an answer: perhaps it is being"
                       " stopped, or has no memory for the call", NO_MORE);
    }
    give_up(call, problem.data, "the runtime will delete what has been begun and try again");
}

static bool has_agent(void)
{
    return *variable("PODBOND_SOCKET") != '\0' || access(AGENT_DIRECTORY, F_OK) == 0;
}

static bool says_it_is_well(struct frame *frame)
{
    struct field field;
    int code = -1;
    while (next_field(frame, &field))
        if (field.tag == EXIT)
            code = (int)number_in(&field);
    return frame->kind == ANSWER && !frame->broken && code == 0;
}

/* `podbond-shim probe`, for kubelet: returns 0 if the agent answers. */
static int probe(const char *socket)
{
    static struct bytes question, storage;
    struct frame frame;
    int64_t deadline = now_millis() + PROBE_MILLIS;
    signal(SIGPIPE, SIG_IGN);
    begin_frame(&question, QUERY);
    put_field(&question, SUBJECT, "alive", strlen("alive"));
    end_frame(&question);
    int agent = connect_to(socket, 0);
    bool well = agent >= 0 && !send_frame(agent, &question, deadline)
        && !receive_frame(agent, &storage, &frame, deadline) && says_it_is_well(&frame);
    if (well)
        return 0;
    struct bytes message = {0};
    print(STDERR_FILENO, join(&message, "podbond: the agent does not answer on ", socket,
                              agent < 0 ? ": " : "", agent < 0 ? strerror(-agent) : "", "\n",
                              NO_MORE));
    return 1;
}

int main(int count, char **arguments)
{
    const char *name = count > 0 ? arguments[0] : "podbond";
    const char *slash = strrchr(name, '/');
    struct call call = {.plugin = slash != NULL ? slash + 1 : name,
                        .verb = variable("CNI_COMMAND"),
                        .socket = variable("PODBOND_SOCKET")};
    /* A runtime sets a verb and passes no arguments. */
    if (*call.verb == '\0' && count == 2 && strcmp(arguments[1], "probe") == 0)
        return probe(*call.socket != '\0' ? call.socket : AGENT_DIRECTORY "/agent.sock");
    if (*call.verb == '\0')
        return introduce(call.plugin) ? 0 : 1;
    if (strcmp(call.verb, "VERSION") == 0)
        return print_versions() ? 0 : 1;
    if (!has_agent())
        become_one_shot(call.plugin);
    if (*call.socket == '\0')
        call.socket = AGENT_DIRECTORY "/agent.sock";

    keep_standard_streams_taken();
    signal(SIGPIPE, SIG_IGN);
    put_call(&call);
    unsigned long seconds = is_deletion(&call) ? DELETION_ANSWER_SECONDS : ANSWER_SECONDS;
    int agent = connect_agent(&call);
    int64_t deadline = now_millis() + (int64_t)seconds * 1000;
    lose(&call, converse(&call, agent, deadline), seconds);
}
