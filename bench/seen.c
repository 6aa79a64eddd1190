// Looks at a bond as Prometheus and people do, and says when they see what the kernel knows.
//
//   seen delays BONDING MEMBER POD SOCKET PORT ROUNDS
//       Sets a member of a pod's bond down and up in turn. For each time one line: how many ms after
//       /proc/net/bonding says so (BONDING, as a process of the pod has it) the agent's metrics at PORT
//       do, and its answer about bonds on SOCKET. It asks whenever the agent has news, and every 50 ms:
//       who asks all the time keeps the agent from what is measured.
//   seen scrapes PORT COUNT MILLIS
//       Asks for metrics so often, with such pauses: for each time one line with ms and bytes.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES (8 << 20)
#define LIMIT_SECONDS 60
#define ASK_MILLIS 50
#define LOOK_NANOS 1000000L
// The frame kind and the field of docs/shim-protocol.md.
#define QUERY 6
#define SUBJECT 25

static char answer[MOST_BYTES + 1];

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("seen: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static double millis(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void pause_for(long nanos) {
  struct timespec pause = {nanos / 1000000000L, nanos % 1000000000L};
  nanosleep(&pause, NULL);
}

static void write_all(int fd, const void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t written = write(fd, (const char *)bytes + done, length - done);
    if (written <= 0) die("cannot ask: %s", strerror(errno));
    done += (size_t)written;
  }
}

// All that the other side sends until it closes.
static size_t read_all(int fd) {
  size_t length = 0;
  ssize_t got;
  while (length < MOST_BYTES && (got = read(fd, answer + length, MOST_BYTES - length)) > 0) length += (size_t)got;
  close(fd);
  // Octets of a frame's header must not end the text.
  for (size_t i = 0; i < length; i++)
    if (answer[i] == 0) answer[i] = ' ';
  answer[length] = 0;
  return length;
}

static size_t ask_metrics(int port) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&where, sizeof where) != 0) die("no metrics: %s", strerror(errno));
  static const char request[] = "GET /metrics HTTP/1.1\r\nHost: node\r\n\r\n";
  write_all(fd, request, sizeof request - 1);
  size_t length = read_all(fd);
  if (strncmp(answer, "HTTP/1.1 200", 12) != 0) die("metrics: %.60s", answer);
  return length;
}

// A connection that has asked about a subject of less than 128 bytes.
static int ask(const char *path, const char *subject) {
  struct sockaddr_un where = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof where.sun_path) die("%s is too long", path);
  strcpy(where.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&where, sizeof where) != 0) die("%s: %s", path, strerror(errno));
  size_t length = strlen(subject);
  unsigned char octets = (unsigned char)length;
  unsigned char frame[10 + 127] = {0, 0, 0, 1 + 5 + octets, QUERY, SUBJECT, 0, 0, 0, octets};
  memcpy(frame + 10, subject, length);
  write_all(fd, frame, 10 + length);
  return fd;
}

static void ask_bonds(const char *path) {
  read_all(ask(path, "bonds"));
}

// Waits for the next frame of a connection that asked for news, but no longer than so many ms.
static void await_news(int news, int limit) {
  char frames[4096];
  struct pollfd one = {.fd = news, .events = POLLIN};
  if (poll(&one, 1, limit) > 0 && read(news, frames, sizeof frames) <= 0) die("the agent tells no news any more");
}

// Whether the text says the word about the member: it follows the first such key after the member's name.
static int says(const char *before, const char *member, const char *key, const char *word) {
  char name[256];
  snprintf(name, sizeof name, "%s%s", before, member);
  const char *found = strstr(answer, name);
  found = found == NULL ? NULL : strstr(found, key);
  return found != NULL && strncmp(found + strlen(key), word, strlen(word)) == 0;
}

static int kernel_says(const char *file, const char *member, const char *word) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die("%s: %s", file, strerror(errno));
  read_all(fd);
  return says("Slave Interface: ", member, "MII Status: ", word);
}

static void set_link(const char *pod, const char *member, const char *state) {
  pid_t child = fork();
  if (child < 0) die("fork: %s", strerror(errno));
  if (child == 0) {
    execlp("ip", "ip", "-netns", pod, "link", "set", member, state, (char *)NULL);
    _exit(127);
  }
  int status;
  if (waitpid(child, &status, 0) != child || status != 0) die("ip link set %s %s failed", member, state);
}

// Whether the metrics give the member of these labels this value.
static int metrics_say(const char *labels, const char *member, char value) {
  for (char *line = strstr(answer, "podbond_member_up{"); line != NULL; line = strstr(line + 1, "podbond_member_up{")) {
    char *end = strchr(line, '\n');
    if (end == NULL) return 0;
    *end = 0;
    const char *found = strstr(line, labels);
    int said = found != NULL && strncmp(found + strlen(labels), member, strlen(member)) == 0 && end[-1] == value;
    *end = '\n';
    if (said) return 1;
  }
  return 0;
}

static void delays(char **arguments) {
  const char *file = arguments[0], *member = arguments[1], *pod = arguments[2], *path = arguments[3];
  int port = atoi(arguments[4]), rounds = atoi(arguments[5]);
  char labels[128];
  snprintf(labels, sizeof labels, "pod=\"%s\",bond=\"bond0\",member=\"", pod);
  int news = ask(path, "news");
  for (int round = 0; round < rounds; round++) {
    const char *state = round % 2 ? "up" : "down";
    set_link(pod, member, state);
    double began = millis();
    while (!kernel_says(file, member, state)) {
      if (millis() - began > LIMIT_SECONDS * 1e3) die("the kernel does not say that %s is %s", member, state);
      pause_for(LOOK_NANOS);
    }
    double known = millis(), metric = 0, bonds = 0;
    while (metric == 0 || bonds == 0) {
      if (metric == 0) {
        ask_metrics(port);
        if (metrics_say(labels, member, round % 2 ? '1' : '0')) metric = millis();
      }
      if (bonds == 0) {
        ask_bonds(path);
        if (says("\"name\": \"", member, "\"mii\": \"", state)) bonds = millis();
      }
      if (millis() - known > LIMIT_SECONDS * 1e3) die("nobody says that %s is %s: %s", member, state, answer);
      if (metric == 0 || bonds == 0) await_news(news, ASK_MILLIS);
    }
    printf("%.1f\t%.1f\n", metric - known, bonds - known);
    // What came of it must not fall on the next.
    pause_for(700000000L);
    await_news(news, 0);
  }
  close(news);
}

static void scrapes(char **arguments) {
  int port = atoi(arguments[0]), count = atoi(arguments[1]);
  long pause = atol(arguments[2]) * 1000000L;
  for (int i = 0; i < count; i++) {
    double began = millis();
    size_t bytes = ask_metrics(port);
    printf("%.2f\t%zu\n", millis() - began, bytes);
    pause_for(pause);
  }
}

int main(int count, char **arguments) {
  if (count == 8 && strcmp(arguments[1], "delays") == 0) {
    delays(arguments + 2);
  } else if (count == 5 && strcmp(arguments[1], "scrapes") == 0) {
    scrapes(arguments + 2);
  } else {
    die("usage: seen delays BONDING MEMBER POD SOCKET PORT ROUNDS | seen scrapes PORT COUNT MILLIS");
  }
  return 0;
}
