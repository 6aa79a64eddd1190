// Sends through a bond at a constant rate and writes down what became of every packet, beside what
// the kernel announced of the links meanwhile: all of it on one clock, in one process, which has a
// socket in each network namespace that takes part.
//
//   traffic POD POD-ADDRESS GATEWAY GATEWAY-ADDRESS INTERVAL-MICROSECONDS
//
// Two streams of UDP, up (pod to gateway) and down, send a numbered packet every interval, and a TCP
// connection from the pod a few bytes. If the process is late it skips: no burst ever makes up for
// a stall of the machine, so that packets measure what the bond did and not what the machine did.
//
// From standard input come lines that are written to the output with their time:
//   TIME mark WORDS
// announcements.c prints its own while they happen. At the end of the input sending stops, and when
// all that is on its way has come, or 30 s later, there follow
//   TIME udp up|down NUMBER COPIES    a packet: when it was sent, and how often it arrived
//   TIME tcp BYTES                    bytes arrived at this time
//   TIME end SENT RECEIVED            bytes of the TCP connection
#include "traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAX_PACKETS 100000
#define PACKET_BYTES 200
#define CHUNK_BYTES 200
#define SETTLE_MICROS 1000000
#define DRAIN_MICROS 30000000
#define PORT 7007

struct stream {
  const char *name;
  int from, to;
  uint32_t count;
  int64_t sent[MAX_PACKETS];
  uint8_t copies[MAX_PACKETS];
};

struct progress {
  int64_t time;
  size_t bytes;
};

static struct stream up, down;
static struct progress progress[MAX_PACKETS];
static size_t progress_count;
static int client, server;
static size_t tcp_sent, tcp_received;

void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fputs("traffic: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void enter(int netns) {
  if (setns(netns, CLONE_NEWNET) < 0) die("setns: %s", strerror(errno));
}

// A socket stays in the namespace it was made in, wherever its process goes.
int socket_in(const char *netns, int family, int type, int protocol) {
  int own = -1;
  if (netns) {
    char path[256];
    snprintf(path, sizeof path, "/run/netns/%s", netns);
    int there = open(path, O_RDONLY | O_CLOEXEC);
    own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (there < 0 || own < 0) die("%s: %s", path, strerror(errno));
    enter(there);
    close(there);
  }
  int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) die("socket: %s", strerror(errno));
  if (netns) {
    enter(own);
    close(own);
  }
  return fd;
}

static struct addrinfo *address(const char *text) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM}, *found;
  int error = getaddrinfo(text, NULL, &hints, &found);
  if (error) die("%s: %s", text, gai_strerror(error));
  // The port is at the same place in both families.
  ((struct sockaddr_in *)found->ai_addr)->sin_port = htons(PORT);
  return found;
}

static int bound(const char *netns, const struct addrinfo *to, int type) {
  int fd = socket_in(netns, to->ai_family, type, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, to->ai_addr, to->ai_addrlen) < 0) die("bind in %s: %s", netns, strerror(errno));
  return fd;
}

static void await(int fd, short events, const char *what) {
  struct pollfd wait = {fd, events, 0};
  if (poll(&wait, 1, DRAIN_MICROS / 1000) != 1) die("%s", what);
}

// So that nothing of this connection waits in the gateway for the next one.
static void end_by_reset(int connection) {
  struct linger none = {.l_onoff = 1, .l_linger = 0};
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

static void connect_all(const char *pod, const struct addrinfo *pod_address, const char *gateway,
                        const struct addrinfo *gateway_address) {
  up.name = "up";
  down.name = "down";
  up.from = down.to = bound(pod, pod_address, SOCK_DGRAM);
  up.to = down.from = bound(gateway, gateway_address, SOCK_DGRAM);
  if (connect(up.from, gateway_address->ai_addr, gateway_address->ai_addrlen) < 0 ||
      connect(down.from, pod_address->ai_addr, pod_address->ai_addrlen) < 0)
    die("connect by UDP: %s", strerror(errno));

  int listener = bound(gateway, gateway_address, SOCK_STREAM);
  if (listen(listener, 1) < 0) die("listen: %s", strerror(errno));
  client = socket_in(pod, pod_address->ai_family, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(client, gateway_address->ai_addr, gateway_address->ai_addrlen) < 0 &&
      errno != EINPROGRESS)
    die("connect by TCP: %s", strerror(errno));
  await(listener, POLLIN, "no TCP connection came from the pod to the gateway");
  server = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (server < 0) die("accept: %s", strerror(errno));
  await(client, POLLOUT, "the pod's TCP connection to the gateway does not open");
  close(listener);
  end_by_reset(client);
  end_by_reset(server);
}

// What cannot be sent, as there is no link, is as lost as what is sent in vain.
static void send_packet(struct stream *stream) {
  if (stream->count == MAX_PACKETS) die("more than %d packets", MAX_PACKETS);
  char packet[PACKET_BYTES] = {0};
  memcpy(packet, &stream->count, sizeof stream->count);
  stream->sent[stream->count++] = now();
  (void)send(stream->from, packet, sizeof packet, 0);
}

static void receive_packets(struct stream *stream) {
  char packet[PACKET_BYTES];
  ssize_t size;
  while ((size = recv(stream->to, packet, sizeof packet, 0)) >= 0 || errno != EAGAIN) {
    uint32_t number;
    // An error here is an ICMP message's, by which the kernel says why a packet was lost.
    if (size < 0) continue;
    memcpy(&number, packet, sizeof number);
    if (size != PACKET_BYTES || number >= stream->count)
      die("a packet that was not sent came %s", stream->name);
    if (stream->copies[number] < UINT8_MAX) stream->copies[number]++;
  }
}

static uint8_t byte_at(size_t position) { return (uint8_t)(position * 31 + position / 251); }

static void send_bytes(void) {
  uint8_t chunk[CHUNK_BYTES];
  for (size_t i = 0; i < sizeof chunk; i++) chunk[i] = byte_at(tcp_sent + i);
  ssize_t size = send(client, chunk, sizeof chunk, MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN) die("the TCP connection is lost: %s", strerror(errno));
  if (size > 0) tcp_sent += (size_t)size;
}

static void receive_bytes(void) {
  uint8_t bytes[65536];
  ssize_t size;
  while ((size = recv(server, bytes, sizeof bytes, 0)) > 0) {
    for (ssize_t i = 0; i < size; i++)
      if (bytes[i] != byte_at(tcp_received + (size_t)i)) die("TCP delivered another byte");
    tcp_received += (size_t)size;
    if (progress_count == MAX_PACKETS) die("too many TCP segments");
    progress[progress_count++] = (struct progress){now(), (size_t)size};
  }
  if (size == 0 || errno != EAGAIN) die("the TCP connection has ended");
}

// Returns whether there is more to come.
static bool read_marks(void) {
  char text[256];
  ssize_t size = read(STDIN_FILENO, text, sizeof text - 1);
  if (size <= 0) return false;
  text[size] = '\0';
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
    printf("%lld mark %s\n", (long long)now(), line);
  fflush(stdout);
  return true;
}

static int timer(long interval_micros) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct timespec interval = {interval_micros / 1000000, interval_micros % 1000000 * 1000};
  struct itimerspec every = {interval, interval};
  if (fd < 0 || timerfd_settime(fd, 0, &every, NULL) < 0) die("timer: %s", strerror(errno));
  return fd;
}

static bool has_drained(int64_t stopped) {
  int64_t since = now() - stopped;
  return since > DRAIN_MICROS || (since > SETTLE_MICROS && tcp_received == tcp_sent);
}

static void run(const struct announcements *host, const struct announcements *pod, int ticks) {
  struct pollfd sources[] = {{host->fd, POLLIN, 0}, {pod->fd, POLLIN, 0}, {ticks, POLLIN, 0},
                             {up.to, POLLIN, 0},    {down.to, POLLIN, 0}, {server, POLLIN, 0},
                             {STDIN_FILENO, POLLIN, 0}};
  int64_t stopped = -1;
  while (stopped < 0 || !has_drained(stopped)) {
    if (poll(sources, sizeof sources / sizeof *sources, -1) < 0) die("poll: %s", strerror(errno));
    // The announcements first: their time is that of reading them.
    announcements_read(host);
    announcements_read(pod);
    if (sources[6].revents && !read_marks()) {
      stopped = now();
      sources[6].fd = -1;
    }
    uint64_t expired;
    if (read(ticks, &expired, sizeof expired) > 0 && stopped < 0) {
      send_packet(&up);
      send_packet(&down);
      send_bytes();
    }
    receive_packets(&up);
    receive_packets(&down);
    receive_bytes();
  }
}

static void print_packets(const struct stream *stream) {
  for (uint32_t i = 0; i < stream->count; i++)
    printf("%lld udp %s %u %u\n", (long long)stream->sent[i], stream->name, i, stream->copies[i]);
}

int main(int count, char **arguments) {
  if (count != 6) {
    fputs("usage: traffic POD POD-ADDRESS GATEWAY GATEWAY-ADDRESS INTERVAL-MICROSECONDS\n", stderr);
    return 2;
  }
  const char *pod = arguments[1], *gateway = arguments[3];
  long interval_micros = strtol(arguments[5], NULL, 10);
  if (interval_micros <= 0) die("'%s' is no interval", arguments[5]);
  struct announcements of_host = announcements_of("host", NULL);
  struct announcements of_pod = announcements_of("pod", pod);
  connect_all(pod, address(arguments[2]), gateway, address(arguments[4]));
  run(&of_host, &of_pod, timer(interval_micros));
  print_packets(&up);
  print_packets(&down);
  for (size_t i = 0; i < progress_count; i++)
    printf("%lld tcp %zu\n", (long long)progress[i].time, progress[i].bytes);
  printf("%lld end %zu %zu\n", (long long)now(), tcp_sent, tcp_received);
  return 0;
}
