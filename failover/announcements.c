// What the kernel announces of links by rtnetlink, one line for each thing that has changed:
//   TIME link PLACE NAME up|down          set administratively
//   TIME link PLACE NAME carrier|no-carrier   as its driver reports it
//   TIME link PLACE NAME member-WORD      as its bond sees it: up, going-down, down, coming-back
//   TIME link PLACE NAME active MEMBER    the bond's active member, or none
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "traffic.h"

#define MAX_LINKS 32
#define LOWER_UP 0x10000U
#define UNNAMED ""

// What was last printed of a link; -1 before anything was.
struct seen {
  const char *place;
  int index;
  char name[IFNAMSIZ];
  int up, carrier, status, active;
};

static struct seen links[MAX_LINKS];
static int link_count;

static struct seen *seen_link(const char *place, int index) {
  for (int i = 0; i < link_count; i++)
    if (links[i].place == place && links[i].index == index) return &links[i];
  if (link_count == MAX_LINKS) die("more than %d links", MAX_LINKS);
  links[link_count] = (struct seen){place, index, UNNAMED, -1, -1, -1, -1};
  return &links[link_count++];
}

static const struct rtattr *attribute(const void *data, size_t size, int type) {
  const struct rtattr *each = data;
  for (int left = (int)size; RTA_OK(each, left); each = RTA_NEXT(each, left))
    if ((each->rta_type & NLA_TYPE_MASK) == type) return each;
  return NULL;
}

static const struct rtattr *inside(const struct rtattr *nest, int type) {
  return nest ? attribute(RTA_DATA(nest), RTA_PAYLOAD(nest), type) : NULL;
}

static int number(const struct rtattr *from) {
  if (RTA_PAYLOAD(from) == 1) return *(const uint8_t *)RTA_DATA(from);
  uint32_t value;
  memcpy(&value, RTA_DATA(from), sizeof value);
  return (int)value;
}

static bool is_bond(const struct rtattr *kind) {
  return kind && strcmp(RTA_DATA(kind), "bond") == 0;
}

static void print_change(const struct seen *link, int64_t time, const char *what) {
  printf("%lld link %s %s %s\n", (long long)time, link->place, link->name, what);
}

static void tell_active(struct seen *bond, int64_t time, int active) {
  const char *name = active ? seen_link(bond->place, active)->name : "none";
  // A member that the first listing has yet to come to is named when something changes.
  if (active == bond->active || strcmp(name, UNNAMED) == 0) return;
  bond->active = active;
  printf("%lld link %s %s active %s\n", (long long)time, bond->place, bond->name, name);
}

static void tell_status(struct seen *member, int64_t time, int status) {
  static const char *const words[] = {"member-up", "member-going-down", "member-down",
                                      "member-coming-back"};
  if (status == member->status) return;
  member->status = status;
  if (status < 0 || status > 3) die("%s has the unknown MII status %d", member->name, status);
  print_change(member, time, words[status]);
}

static void tell_link(const char *place, int64_t time, const struct nlmsghdr *message) {
  const struct ifinfomsg *info = NLMSG_DATA(message);
  const void *data = IFLA_RTA(info);
  size_t size = IFLA_PAYLOAD(message);
  struct seen *link = seen_link(place, info->ifi_index);
  const struct rtattr *name = attribute(data, size, IFLA_IFNAME);
  if (name) snprintf(link->name, sizeof link->name, "%s", (const char *)RTA_DATA(name));

  int up = (info->ifi_flags & IFF_UP) != 0, carrier = (info->ifi_flags & LOWER_UP) != 0;
  if (up != link->up) print_change(link, time, up ? "up" : "down");
  if (carrier != link->carrier) print_change(link, time, carrier ? "carrier" : "no-carrier");
  link->up = up;
  link->carrier = carrier;

  const struct rtattr *details = attribute(data, size, IFLA_LINKINFO);
  if (is_bond(inside(details, IFLA_INFO_KIND))) {
    const struct rtattr *active =
        inside(inside(details, IFLA_INFO_DATA), IFLA_BOND_ACTIVE_SLAVE);
    tell_active(link, time, active ? number(active) : 0);
  }
  if (is_bond(inside(details, IFLA_INFO_SLAVE_KIND))) {
    const struct rtattr *status =
        inside(inside(details, IFLA_INFO_SLAVE_DATA), IFLA_BOND_SLAVE_MII_STATUS);
    if (status) tell_status(link, time, number(status));
  }
}

void announcements_read(const struct announcements *from) {
  static _Alignas(struct nlmsghdr) char buffer[65536];
  for (;;) {
    ssize_t size = recv(from->fd, buffer, sizeof buffer, 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size < 0) die("announcements of links in %s: %s", from->place, strerror(errno));
    int64_t time = now();
    const struct nlmsghdr *message = (const void *)buffer;
    for (unsigned left = (unsigned)size; NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_ERROR) die("the links in %s cannot be listed", from->place);
      if (message->nlmsg_type == RTM_NEWLINK) tell_link(from->place, time, message);
    }
    fflush(stdout);
  }
}

// Joined first and listed then, so that nothing falls between.
struct announcements announcements_of(const char *place, const char *netns) {
  struct announcements made = {place, socket_in(netns, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)};
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
  if (bind(made.fd, (struct sockaddr *)&address, sizeof address) < 0)
    die("bind to the announcements of links: %s", strerror(errno));
  struct {
    struct nlmsghdr header;
    struct ifinfomsg info;
  } list = {.header = {.nlmsg_len = sizeof list,
                       .nlmsg_type = RTM_GETLINK,
                       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
  if (send(made.fd, &list, sizeof list, 0) < 0) die("list of links: %s", strerror(errno));
  return made;
}
