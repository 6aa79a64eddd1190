/* RUN: feeds a child and drains it. Kills its group if the child takes too long or writes too much,
 * or if the agent is lost. */
#include "run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

enum {
    LONGEST_OUTPUT = 16 * MEBIBYTE,
    KEPT_ERRORS = 64 * KIBIBYTE,
    /* A pipe that poll calls writable takes this much without blocking. */
    PASSED_AT_ONCE = 4 * KIBIBYTE,
    /* How long to wait for pipes that a grandchild holds, and for a killed child to end. */
    LINGER_MILLIS = 1000
};

enum outcome { ENDED, NOT_FOUND, NOT_STARTABLE, KILLED_LATE, KILLED_VERBOSE };

struct run {
    /* Its file descriptors are -1 once closed, which poll skips. */
    struct child child;
    /* Readable when a child ends. */
    int endings;
    bool ended;
    const char *unfed;
    size_t unfed_size;
    struct bytes output, kept_errors;
    char passing[PASSED_AT_ONCE];
    size_t passed, to_pass;
};

static int watch_endings(void)
{
    sigset_t endings;
    sigemptyset(&endings);
    sigaddset(&endings, SIGCHLD);
    sigprocmask(SIG_BLOCK, &endings, NULL);
    /* The runtime may have left it ignored; then we could not learn how a child ends. */
    signal(SIGCHLD, SIG_DFL);
    return signalfd(-1, &endings, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Checks whether the child has ended, but leaves it a zombie: until it is reaped no other process
 * gets its id, and we can kill its group safely. */
static bool notice_end(struct run *run)
{
    struct signalfd_siginfo ignored;
    while (read(run->endings, &ignored, sizeof ignored) > 0)
        continue;
    siginfo_t ending = {0};
    waitid(P_PID, (id_t)run->child.id, &ending, WEXITED | WNOHANG | WNOWAIT);
    run->ended = ending.si_pid == run->child.id;
    return run->ended;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void feed(struct run *run)
{
    ssize_t count = write(run->child.input, run->unfed, run->unfed_size);
    if (count > 0) {
        run->unfed += count;
        run->unfed_size -= (size_t)count;
    }
    if (run->unfed_size == 0 || (count < 0 && errno != EAGAIN))
        close_end(&run->child.input);
}

static void take_output(struct run *run)
{
    if (read_more(run->child.output, &run->output, LONGEST_OUTPUT + 1 - run->output.size) <= 0)
        close_end(&run->child.output);
}

static void take_errors(struct run *run)
{
    ssize_t count = read(run->child.errors, run->passing, sizeof run->passing);
    if (count <= 0) {
        close_end(&run->child.errors);
        return;
    }
    size_t room = KEPT_ERRORS - run->kept_errors.size;
    append(&run->kept_errors, run->passing, (size_t)count < room ? (size_t)count : room);
    run->passed = 0;
    run->to_pass = (size_t)count;
}

static void pass_errors(struct run *run)
{
    ssize_t count = write(STDERR_FILENO, run->passing + run->passed, run->to_pass);
    if (count >= 0) {
        run->passed += (size_t)count;
        run->to_pass -= (size_t)count;
    } else if (errno != EAGAIN) {
        run->to_pass = 0;
    }
}

/* Waits for the next event and handles it; returns the loss if the agent is lost. */
static enum loss serve(struct run *run, int agent, int64_t until)
{
    enum { AGENT, ENDINGS, INPUT, OUTPUT, ERRORS, WATCHED };
    struct pollfd watched[WATCHED] = {
        [AGENT] = {.fd = agent, .events = POLLRDHUP},
        [ENDINGS] = {.fd = run->endings, .events = POLLIN},
        [INPUT] = {.fd = run->child.input, .events = POLLOUT},
        [OUTPUT] = {.fd = run->child.output, .events = POLLIN},
        [ERRORS] = {.fd = run->child.errors, .events = POLLIN}};
    /* Perhaps nobody reads our stderr. So we write to it only when it is ready, and take no more
     * from the child until then. */
    bool passing = run->to_pass > 0;
    if (passing)
        watched[ERRORS] = (struct pollfd){.fd = STDERR_FILENO, .events = POLLOUT};
    poll(watched, WATCHED, millis_until(until));

    if (watched[AGENT].revents)
        return AGENT_ENDED;
    if (watched[ENDINGS].revents)
        notice_end(run);
    if (watched[INPUT].revents)
        feed(run);
    if (watched[OUTPUT].revents)
        take_output(run);
    if (watched[ERRORS].revents && passing)
        pass_errors(run);
    else if (watched[ERRORS].revents)
        take_errors(run);
    return NOT_LOST;
}

static bool is_drained(const struct run *run)
{
    return run->child.output < 0 && run->child.errors < 0 && run->to_pass == 0;
}

static enum loss serve_while_running(struct run *run, int agent, int64_t own_end, int64_t deadline,
                                     enum outcome *outcome)
{
    int64_t until = own_end < deadline ? own_end : deadline;
    while (!run->ended) {
        if (run->output.size > LONGEST_OUTPUT) {
            *outcome = KILLED_VERBOSE;
            return NOT_LOST;
        }
        if (millis_until(until) == 0) {
            *outcome = KILLED_LATE;
            return until == deadline ? AGENT_LATE : NOT_LOST;
        }
        enum loss loss = serve(run, agent, until);
        if (loss)
            return loss;
    }
    return NOT_LOST;
}

static enum loss serve_after_end(struct run *run, int agent, enum outcome *outcome)
{
    int64_t until = now_millis() + LINGER_MILLIS;
    close_end(&run->child.input);
    while (!is_drained(run) && millis_until(until) > 0 && run->output.size <= LONGEST_OUTPUT) {
        enum loss loss = serve(run, agent, until);
        if (loss)
            return loss;
    }
    if (run->output.size > LONGEST_OUTPUT)
        *outcome = KILLED_VERBOSE;
    return NOT_LOST;
}

static void kill_group(struct run *run)
{
    kill(-run->child.id, SIGKILL);
    int64_t until = now_millis() + LINGER_MILLIS;
    struct pollfd ending = {.fd = run->endings, .events = POLLIN};
    while (!notice_end(run) && millis_until(until) > 0)
        poll(&ending, 1, millis_until(until));
}

static uint32_t exit_status(const struct run *run, enum outcome outcome)
{
    int status = 0;
    waitpid(run->child.id, &status, WNOHANG);
    if (outcome != ENDED)
        return 128 + SIGKILL;
    return (uint32_t)(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static enum loss accompany(struct run *run, int agent, int64_t own_end, int64_t deadline,
                           enum outcome *outcome)
{
    enum loss loss = serve_while_running(run, agent, own_end, deadline, outcome);
    if (run->ended && !loss)
        loss = serve_after_end(run, agent, outcome);
    if (loss || *outcome != ENDED)
        kill_group(run);
    close_end(&run->child.input);
    close_end(&run->child.output);
    close_end(&run->child.errors);
    return loss;
}

static void report(struct bytes *ran, const struct run *run, const struct bytes *path,
                   enum outcome outcome, uint32_t status)
{
    size_t size = run->output.size;
    begin_frame(ran, RAN);
    put_u8(ran, OUTCOME, outcome);
    put_u32(ran, STATUS, status);
    put_field(ran, STDOUT, run->output.data, size < LONGEST_OUTPUT ? size : LONGEST_OUTPUT);
    put_field(ran, STDERR, run->kept_errors.data, run->kept_errors.size);
    put_field(ran, PATH, path->data, path->size > 0 ? path->size - 1 : 0);
    end_frame(ran);
}

enum loss carry_out(struct frame *frame, int agent, int64_t deadline, struct bytes *ran)
{
    struct order order = {.type = "", .input = "", .limit = INT32_MAX};
    if (!read_order(frame, &order))
        return AGENT_UNINTELLIGIBLE;

    int64_t own_end = now_millis() + order.limit;
    struct run run = {.unfed = order.input, .unfed_size = order.input_size};
    struct bytes path = {0};
    enum outcome outcome = NOT_FOUND;
    uint32_t status = 0;
    enum loss loss = NOT_LOST;
    if (find_executable(&order, &path)) {
        run.endings = watch_endings();
        int error = run.endings < 0 ? errno : start_child(&run.child, path.data, &order);
        outcome = error == 0 ? ENDED : NOT_STARTABLE;
        status = (uint32_t)error;
        if (error == 0) {
            loss = accompany(&run, agent, own_end, deadline, &outcome);
            status = exit_status(&run, outcome);
        }
        close_end(&run.endings);
    }
    report(ran, &run, &path, outcome, status);
    free(run.output.data);
    free(run.kept_errors.data);
    free(path.data);
    free(order.variables.data);
    return loss;
}
