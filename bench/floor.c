// The least that ADD and DEL of a bond, or of a VF alone, must ask of the kernel: what no plugin can be
// faster than.
// No JSON, no look at anything first, no check afterwards, no record, no IPAM, no announcement, no
// undo. It speaks CNI's environment, so that the runner can call it like a plugin:
//
//   CNI_COMMAND    VERSION does nothing at all: what it costs to start a static program
//   CNI_NETNS      the pod; CNI_IFNAME: the bond, or the one member, which is a VF without a bond then
//   FLOOR_MEMBERS  net1,net2 for members that are in the pod, eth5=net1,eth6=net2 for members to
//                  be taken from the host and renamed, and on DEL given back
//   FLOOR_ADDRESS  without prefix; /16 is meant. FLOOR_GATEWAY: of the default route. A VF without a
//                  bond needs neither
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#define MAX_MEMBERS 16
#define PREFIX_LENGTH 16
// Chosen here, so that nobody has to ask the kernel which index the bond got.
#define BOND_INDEX 4242
enum { ACTIVE_BACKUP = 1, FAIL_OVER_MAC_ACTIVE = 1, MIIMON_MILLIS = 100 };

struct member {
  const char *on_host, *in_pod;
};

// Requests that go to the kernel in one sendmsg; it carries them out in order and answers each.
struct batch {
  int socket;
  unsigned requests;
  size_t size;
  _Alignas(struct nlmsghdr) char bytes[8192];
  struct nlmsghdr *last;
};

__attribute__((noreturn)) static void die(const char *what, int error) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(error));
  exit(1);
}

static const char *variable(const char *name) {
  const char *value = getenv(name);
  if (!value) die(name, EINVAL);
  return value;
}

static void *extend(struct batch *b, size_t size) {
  void *start = b->bytes + b->size;
  b->size += NLMSG_ALIGN(size);
  if (b->size > sizeof b->bytes) die("batch", ENOBUFS);
  memset(start, 0, NLMSG_ALIGN(size));
  if (b->last) b->last->nlmsg_len = (unsigned)(b->bytes + b->size - (char *)b->last);
  return start;
}

static void *request(struct batch *b, unsigned short type, unsigned short flags, size_t body) {
  b->last = NULL;
  struct nlmsghdr *header = extend(b, NLMSG_HDRLEN + body);
  *header = (struct nlmsghdr){.nlmsg_len = (unsigned)(NLMSG_HDRLEN + body), .nlmsg_type = type,
      .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags, .nlmsg_seq = b->requests++};
  b->last = header;
  return NLMSG_DATA(header);
}

static struct ifinfomsg *link_request(struct batch *b, unsigned short type, unsigned short flags) {
  return request(b, type, flags, sizeof(struct ifinfomsg));
}

static struct rtattr *attribute(struct batch *b, unsigned short type, const void *value, size_t size) {
  struct rtattr *a = extend(b, RTA_LENGTH(size));
  a->rta_type = type;
  a->rta_len = (unsigned short)RTA_LENGTH(size);
  if (size > 0) memcpy(RTA_DATA(a), value, size);
  return a;
}

static void text(struct batch *b, unsigned short type, const char *value) {
  attribute(b, type, value, strlen(value) + 1);
}

static void u32(struct batch *b, unsigned short type, unsigned value) {
  attribute(b, type, &value, sizeof value);
}

static void u8(struct batch *b, unsigned short type, unsigned char value) {
  attribute(b, type, &value, sizeof value);
}

static void ip(struct batch *b, unsigned short type, const char *value) {
  struct in_addr address;
  if (inet_pton(AF_INET, value, &address) != 1) die(value, EINVAL);
  attribute(b, type, &address, sizeof address);
}

static void end_nested(struct batch *b, struct rtattr *a) {
  a->rta_len = (unsigned short)(b->bytes + b->size - (char *)a);
}

static void carry_out(struct batch *b) {
  if (b->requests == 0) return;
  if (send(b->socket, b->bytes, b->size, 0) < 0) die("send", errno);
  for (unsigned answered = 0; answered < b->requests;) {
    _Alignas(struct nlmsghdr) char answers[8192];
    ssize_t size = recv(b->socket, answers, sizeof answers, 0);
    if (size < 0) die("recv", errno);
    unsigned left = (unsigned)size;
    for (struct nlmsghdr *h = (void *)answers; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
      const struct nlmsgerr *error = NLMSG_DATA(h);
      char which[32];
      snprintf(which, sizeof which, "request %u", h->nlmsg_seq);
      if (error->error != 0) die(which, -error->error);
      answered++;
    }
  }
  *b = (struct batch){.socket = b->socket};
}

static int open_socket(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) die("socket", errno);
  return fd;
}

static int open_netns(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(path, errno);
  return fd;
}

static void enter(int netns) {
  if (setns(netns, CLONE_NEWNET) < 0) die("setns", errno);
}

static size_t read_members(char *list, struct member *members) {
  size_t count = 0;
  for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
    if (count == MAX_MEMBERS) die("FLOOR_MEMBERS", E2BIG);
    char *equals = strchr(word, '=');
    if (equals) *equals = '\0';
    members[count++] = (struct member){equals ? word : NULL, equals ? equals + 1 : word};
  }
  return count;
}

static int index_of(const char *name) {
  unsigned index = if_nametoindex(name);
  if (index == 0) die(name, errno);
  return (int)index;
}

// A rename needs the link to be named by its index.
static void move(struct batch *b, const char *from, const char *to, int netns) {
  int index = index_of(from);
  link_request(b, RTM_SETLINK, 0)->ifi_index = index;
  u32(b, IFLA_NET_NS_FD, (unsigned)netns);
  text(b, IFLA_IFNAME, to);
}

static void make_bond(struct batch *b, const char *name) {
  link_request(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL)->ifi_index = BOND_INDEX;
  text(b, IFLA_IFNAME, name);
  struct rtattr *info = attribute(b, IFLA_LINKINFO, NULL, 0);
  text(b, IFLA_INFO_KIND, "bond");
  struct rtattr *options = attribute(b, IFLA_INFO_DATA, NULL, 0);
  u8(b, IFLA_BOND_MODE, ACTIVE_BACKUP);
  u32(b, IFLA_BOND_MIIMON, MIIMON_MILLIS);
  u8(b, IFLA_BOND_FAIL_OVER_MAC, FAIL_OVER_MAC_ACTIVE);
  end_nested(b, options);
  end_nested(b, info);
}

// Members are down, as links that were just made or just moved are, so none is taken down first.
static void enslave(struct batch *b, const char *member) {
  link_request(b, RTM_SETLINK, 0);
  text(b, IFLA_IFNAME, member);
  u32(b, IFLA_MASTER, BOND_INDEX);
}

static void up(struct batch *b, int index) {
  struct ifinfomsg *link = link_request(b, RTM_SETLINK, 0);
  link->ifi_index = index;
  link->ifi_flags = link->ifi_change = IFF_UP;
}

static void address(struct batch *b, const char *value, int index) {
  struct ifaddrmsg *body = request(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *body);
  *body = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = PREFIX_LENGTH, .ifa_index = (unsigned)index};
  ip(b, IFA_LOCAL, value);
  ip(b, IFA_ADDRESS, value);
}

static void default_route(struct batch *b, const char *gateway, int index) {
  struct rtmsg *body = request(b, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *body);
  *body = (struct rtmsg){.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT,
      .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST};
  ip(b, RTA_GATEWAY, gateway);
  u32(b, RTA_OIF, (unsigned)index);
}

static bool is_bond(const struct member *members, size_t count) {
  return count > 1 || strcmp(members[0].in_pod, variable("CNI_IFNAME")) != 0;
}

static void add(const struct member *members, size_t count, int pod) {
  if (members[0].on_host) {
    struct batch host = {.socket = open_socket()};
    for (size_t i = 0; i < count; i++) move(&host, members[i].on_host, members[i].in_pod, pod);
    carry_out(&host);
  }
  enter(pod);
  struct batch b = {.socket = open_socket()};
  int index = BOND_INDEX;
  if (is_bond(members, count)) {
    make_bond(&b, variable("CNI_IFNAME"));
    for (size_t i = 0; i < count; i++) enslave(&b, members[i].in_pod);
  } else {
    index = index_of(members[0].in_pod);
  }
  up(&b, index);
  if (getenv("FLOOR_ADDRESS")) {
    address(&b, variable("FLOOR_ADDRESS"), index);
    default_route(&b, variable("FLOOR_GATEWAY"), index);
  }
  carry_out(&b);
}

static void del(const struct member *members, size_t count, int pod) {
  int host = open_netns("/proc/self/ns/net");
  enter(pod);
  struct batch b = {.socket = open_socket()};
  if (is_bond(members, count)) {
    link_request(&b, RTM_DELLINK, 0);
    text(&b, IFLA_IFNAME, variable("CNI_IFNAME"));
  }
  if (members[0].on_host)
    for (size_t i = 0; i < count; i++) move(&b, members[i].in_pod, members[i].on_host, host);
  carry_out(&b);
}

int main(void) {
  const char *command = variable("CNI_COMMAND");
  if (strcmp(command, "VERSION") == 0) return 0;
  struct member members[MAX_MEMBERS];
  size_t count = read_members(strdup(variable("FLOOR_MEMBERS")), members);
  if (count == 0) die("FLOOR_MEMBERS", EINVAL);
  int pod = open_netns(variable("CNI_NETNS"));
  if (strcmp(command, "ADD") == 0)
    add(members, count, pod);
  else if (strcmp(command, "DEL") == 0)
    del(members, count, pod);
  else
    die(command, EINVAL);
  return 0;
}
