// What the files of `traffic` share: one clock, one way to fail, one line for each thing that happens.
#ifndef PODBOND_FAILOVER_TRAFFIC_H
#define PODBOND_FAILOVER_TRAFFIC_H

#include <stdbool.h>
#include <stdint.h>

__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...);

// Microseconds of CLOCK_MONOTONIC.
int64_t now(void);

// A socket of the network namespace /run/netns/NETNS, or of our own for NULL. Never blocks.
int socket_in(const char *netns, int family, int type, int protocol);

// The kernel's announcements of links in one network namespace.
struct announcements {
  const char *place;
  int fd;
};

struct announcements announcements_of(const char *place, const char *netns);

// Prints what has changed since the last call.
void announcements_read(const struct announcements *from);

#endif
