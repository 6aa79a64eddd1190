// Executes CNI calls as a container runtime does and prints what each of them cost.
//
//   runner series PLAN             one call after the other
//   runner burst CONCURRENCY PLAN  all calls at once, at most CONCURRENCY of them running
//   runner idle PID SECONDS        CPU time in ns that a process uses while nobody calls it, how often its
//                                  threads wake up meanwhile, and the CPU time in ns of a thread that
//                                  wakes up, every five seconds, and does nothing
//
// A plan holds one call on a line, its fields separated by tabs:
//   ROUND  ROW  CONTESTANT  AGENT  CONFIG  EXECUTABLE  NAME=VALUE...
// AGENT is the id of the resident process that works for the call, or 0. CONFIG is the file that is
// the call's standard input. For each call one line is printed:
//   ROUND  ROW  CONTESTANT  WALL-NS  CPU-NS  AGENT-CPU-NS  PEAK-RSS-KIB  FAILED
// and after a burst the same for all of it, with the row "all". FAILED is 0, or in a burst how many
// calls failed. The first call of a series that fails ends everything: a median over calls that did
// nothing would be worth nothing. A burst goes on, since how many of its calls fail is a figure, too.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// After each call of a series: what it left to do in the kernel or in the agent should neither be
// missed in its own figures nor fall on the next call.
#define SETTLE_NANOS 30000000L
#define CALL_LIMIT_SECONDS 120
#define BURST_LIMIT_SECONDS 300
#define NAP_SECONDS 5
#define MAX_THREADS 256
#define MAX_VARIABLES 15
// Of a burst: if all of its calls fail, they mostly do so for one reason.
#define SHOWN_FAILURES 3

struct call {
  char *round, *row, *contestant, *config, *executable;
  pid_t agent;
  char *variables[MAX_VARIABLES + 2];
  pid_t pid;
  int out, err;
  int64_t started, wall, cpu, agent_cpu, rss;
  int failed;
};

static const char PATH_VARIABLE[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

// Written by a vforked child, which shares this memory, when execve failed.
static volatile int exec_errno;

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fputs("runner: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

static int64_t now(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t) < 0) die("clock_gettime: %s; has the agent died?", strerror(errno));
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void pause_for(int64_t nanos) {
  struct timespec t = {nanos / 1000000000, nanos % 1000000000};
  while (nanosleep(&t, &t) < 0 && errno == EINTR) continue;
}

// CPU time of a process with all its threads, dead ones too, in ns; of the children that it waited
// for only in clock ticks, since the kernel tells no more of them.
static int64_t cpu_of_process(pid_t pid) {
  if (pid == 0) return 0;
  clockid_t clock;
  int error = clock_getcpuclockid(pid, &clock);
  if (error != 0) die("process %d: %s", pid, strerror(error));

  char path[64], stat[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) die("%s: %s", path, strerror(errno));
  stat[fread(stat, 1, sizeof stat - 1, file)] = '\0';
  fclose(file);
  // The command's name may hold anything, so fields are counted after its closing parenthesis.
  const char *rest = strrchr(stat, ')');
  long long user, system;
  if (!rest || sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lld %lld", &user,
                      &system) != 2)
    die("%s is not understood", path);
  return now(clock) + (user + system) * (INT64_C(1000000000) / sysconf(_SC_CLK_TCK));
}

struct thread {
  long id;
  int64_t wake_ups;
};

// The threads of a process, and how often each has woken up after it had waited by itself.
static size_t threads_of(pid_t pid, struct thread threads[MAX_THREADS]) {
  char path[64], line[128];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *directory = opendir(path);
  if (!directory) die("%s: %s", path, strerror(errno));
  size_t count = 0;
  for (struct dirent *entry; count < MAX_THREADS && (entry = readdir(directory));) {
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", pid, entry->d_name);
    FILE *status = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
    if (!status) continue;
    long long switches;
    while (fgets(line, sizeof line, status))
      if (sscanf(line, "voluntary_ctxt_switches: %lld", &switches) == 1)
        threads[count++] = (struct thread){strtol(entry->d_name, NULL, 10), switches};
    fclose(status);
  }
  closedir(directory);
  return count;
}

// A thread that has ended meanwhile has taken its number along.
static int64_t wake_ups_between(const struct thread *before, size_t count_before, const struct thread *after,
                                size_t count_after) {
  int64_t sum = 0;
  for (size_t i = 0; i < count_after; i++) {
    sum += after[i].wake_ups;
    for (size_t k = 0; k < count_before; k++)
      if (before[k].id == after[i].id) sum -= before[k].wake_ups;
  }
  return sum;
}

static int64_t nanos_of(struct timeval t) {
  return t.tv_sec * INT64_C(1000000000) + t.tv_usec * INT64_C(1000);
}

static struct call parse_call(char *line, int number) {
  struct call c = {0};
  char *agent = NULL;
  char **fields[] = {&c.round, &c.row, &c.contestant, &agent, &c.config, &c.executable};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    *fields[i] = strtok(i == 0 ? line : NULL, "\t\n");
    if (!*fields[i]) die("line %d of the plan has too few fields", number);
  }
  c.agent = atoi(agent);
  size_t count = 0;
  c.variables[count++] = (char *)PATH_VARIABLE;
  for (char *v = strtok(NULL, "\t\n"); v; v = strtok(NULL, "\t\n")) {
    if (count > MAX_VARIABLES) die("line %d of the plan has too many variables", number);
    c.variables[count++] = v;
  }
  return c;
}

static struct call *read_plan(const char *path, size_t *count) {
  FILE *file = fopen(path, "r");
  if (!file) die("%s: %s", path, strerror(errno));
  struct call *calls = NULL;
  char *line = NULL;
  size_t size = 0;
  for (*count = 0; getline(&line, &size, file) > 0; line = NULL, size = 0) {
    calls = realloc(calls, (*count + 1) * sizeof *calls);
    if (!calls) die("out of memory");
    calls[*count] = parse_call(line, (int)*count + 1);
    ++*count;
  }
  fclose(file);
  if (*count == 0) die("%s is empty", path);
  return calls;
}

static void show_output(const char *what, int fd) {
  char text[4096];
  ssize_t size = pread(fd, text, sizeof text, 0);
  fprintf(stderr, "--- %s:\n%.*s\n", what, size < 0 ? 0 : (int)size, text);
}

static void show_call(const struct call *c, const char *how, int number) {
  static int shown;
  if (shown++ >= SHOWN_FAILURES) return;
  fflush(stdout);
  fprintf(stderr, "--- %s < %s with", c->executable, c->config);
  for (char *const *v = c->variables; *v; v++) fprintf(stderr, " %s", *v);
  fputc('\n', stderr);
  show_output("stdout", c->out);
  show_output("stderr", c->err);
  fprintf(stderr, "--- round %s, %s by %s: %s %d\n", c->round, c->row, c->contestant, how, number);
}

__attribute__((noreturn)) static void call_failed(const struct call *c, const char *how, int number) {
  show_call(c, how, number);
  die("ended by a call that failed");
}

static int captured(const char *name) {
  int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) die("memfd_create: %s", strerror(errno));
  return fd;
}

// Apart from start(), so that nothing that start() still needs is live across vfork.
static pid_t spawn(const struct call *c, int in) {
  char *const arguments[] = {c->executable, NULL};
  pid_t pid = vfork();
  if (pid == 0) {
    if (dup2(in, 0) == 0 && dup2(c->out, 1) == 1 && dup2(c->err, 2) == 2)
      execve(c->executable, arguments, c->variables);
    exec_errno = errno;
    _exit(127);
  }
  return pid;
}

static void start(struct call *c) {
  int in = open(c->config, O_RDONLY | O_CLOEXEC);
  if (in < 0) die("%s: %s", c->config, strerror(errno));
  c->out = captured("stdout");
  c->err = captured("stderr");
  exec_errno = 0;
  c->started = now(CLOCK_MONOTONIC);
  c->pid = spawn(c, in);
  if (c->pid < 0) die("vfork: %s", strerror(errno));
  if (exec_errno) die("%s: %s", c->executable, strerror(exec_errno));
  close(in);
}

static void finish(struct call *c, int64_t ended, int status, const struct rusage *usage) {
  c->pid = 0;
  c->failed = status != 0;
  if (WIFSIGNALED(status)) show_call(c, "killed by signal", WTERMSIG(status));
  else if (c->failed) show_call(c, "exit code", WEXITSTATUS(status));
  close(c->out);
  close(c->err);
  c->wall = ended - c->started;
  c->cpu = nanos_of(usage->ru_utime) + nanos_of(usage->ru_stime);
  c->rss = usage->ru_maxrss;
}

static void interrupt(int signal) { (void)signal; }

// Lets SIGALRM end a wait4 instead of this process, which would die without naming the call.
static void limit_waits(void) {
  struct sigaction action = {.sa_handler = interrupt};
  if (sigaction(SIGALRM, &action, NULL) < 0) die("sigaction: %s", strerror(errno));
}

static void print_call(const struct call *c) {
  printf("%s\t%s\t%s\t%lld\t%lld\t%lld\t%lld\t%d\n", c->round, c->row, c->contestant, (long long)c->wall,
         (long long)c->cpu, (long long)c->agent_cpu, (long long)c->rss, c->failed);
}

static void series(struct call *calls, size_t count) {
  for (struct call *c = calls; c < calls + count; c++) {
    int64_t agent_before = cpu_of_process(c->agent);
    int status;
    struct rusage usage;
    alarm(CALL_LIMIT_SECONDS);
    start(c);
    if (wait4(c->pid, &status, 0, &usage) < 0) {
      kill(c->pid, SIGKILL);
      call_failed(c, "not ended after seconds:", CALL_LIMIT_SECONDS);
    }
    int64_t ended = now(CLOCK_MONOTONIC);
    alarm(0);
    finish(c, ended, status, &usage);
    if (c->failed) die("ended by a call that failed");
    pause_for(SETTLE_NANOS);
    c->agent_cpu = cpu_of_process(c->agent) - agent_before;
    print_call(c);
  }
}

static struct call *running_as(struct call *calls, size_t count, pid_t pid) {
  for (struct call *c = calls; c < calls + count; c++)
    if (c->pid == pid) return c;
  die("process %d is not ours", pid);
}

static void wait_for_one(struct call *calls, size_t count) {
  int status;
  struct rusage usage;
  pid_t pid = wait4(-1, &status, 0, &usage);
  int64_t ended = now(CLOCK_MONOTONIC);
  if (pid < 0) {
    for (struct call *c = calls; c < calls + count; c++)
      if (c->pid > 0) call_failed(c, "burst not ended after seconds:", BURST_LIMIT_SECONDS);
    die("wait4: %s", strerror(errno));
  }
  finish(running_as(calls, count, pid), ended, status, &usage);
}

static void burst(struct call *calls, size_t count, size_t concurrency) {
  struct call all = calls[0];
  all.row = (char *)"all";
  all.agent_cpu = -cpu_of_process(all.agent);
  alarm(BURST_LIMIT_SECONDS);
  int64_t started = now(CLOCK_MONOTONIC);
  size_t running = 0;
  for (size_t next = 0; next < count || running > 0;) {
    if (next < count && running < concurrency) {
      start(&calls[next++]);
      running++;
    } else {
      wait_for_one(calls, count);
      running--;
    }
  }
  all.wall = now(CLOCK_MONOTONIC) - started;
  alarm(0);
  pause_for(SETTLE_NANOS);
  all.agent_cpu += cpu_of_process(all.agent);
  for (struct call *c = calls; c < calls + count; c++) {
    print_call(c);
    all.cpu += c->cpu;
    all.failed += c->failed;
    if (c->rss > all.rss) all.rss = c->rss;
  }
  print_call(&all);
}

static void idle(pid_t pid, long seconds) {
  static struct thread before[MAX_THREADS], after[MAX_THREADS];
  size_t count_before = threads_of(pid, before);
  int64_t cpu = -cpu_of_process(pid), own = 0, naps = 0;
  for (long left = seconds; left > 0; left -= NAP_SECONDS, naps++) {
    own -= now(CLOCK_THREAD_CPUTIME_ID);
    pause_for((left < NAP_SECONDS ? left : NAP_SECONDS) * INT64_C(1000000000));
    own += now(CLOCK_THREAD_CPUTIME_ID);
  }
  cpu += cpu_of_process(pid);
  size_t count_after = threads_of(pid, after);
  printf("%lld\t%lld\t%lld\n", (long long)cpu,
         (long long)wake_ups_between(before, count_before, after, count_after), (long long)(own / naps));
}

static long number(const char *text) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end != '\0' || value <= 0) die("'%s' is not a positive number", text);
  return value;
}

int main(int count, char **arguments) {
  const char *mode = count > 1 ? arguments[1] : "";
  size_t calls_count;
  limit_waits();
  if (strcmp(mode, "series") == 0 && count == 3) {
    struct call *calls = read_plan(arguments[2], &calls_count);
    series(calls, calls_count);
  } else if (strcmp(mode, "burst") == 0 && count == 4) {
    struct call *calls = read_plan(arguments[3], &calls_count);
    burst(calls, calls_count, (size_t)number(arguments[2]));
  } else if (strcmp(mode, "idle") == 0 && count == 4) {
    idle((pid_t)number(arguments[2]), number(arguments[3]));
  } else {
    fputs("usage: runner series PLAN | runner burst CONCURRENCY PLAN | runner idle PID SECONDS\n", stderr);
    return 2;
  }
  return 0;
}
