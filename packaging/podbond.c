/* The podbond command: starts it on the Java runtime beside it. A program and no script, since the image has
   no shell; a link to it, as in /usr/local/bin, works.
   Usage: podbond [ARGUMENT]... */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failed(const char *what) {
  fprintf(stderr, "podbond: %s: %s\n", what, strerror(errno));
  return 127;
}

int main(int argc, char **argv) {
  char home[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", home, sizeof home - 1);
  if (length < 0) return failed("/proc/self/exe");
  home[length] = '\0';
  /* Without bin/podbond. */
  for (int i = 0; i < 2; i++) {
    char *const slash = strrchr(home, '/');
    if (slash == NULL) return failed(home);
    *slash = '\0';
  }
  char java[PATH_MAX + 16], cache[PATH_MAX + 64], property[PATH_MAX + 32];
  snprintf(java, sizeof java, "%s/bin/java", home);
  snprintf(cache, sizeof cache, "-XX:AOTCache=%s/lib/podbond.aot", home);
  snprintf(property, sizeof property, "-Dpodbond.home=%s", home);
  /* What reads a cluster's objects needs more. All else runs in the agent's container too, beside the agent's own
     Java runtime and within the limit of both. */
  const char *const command = argc > 1 ? argv[1] : "";
  const int reads_objects =
      strcmp(command, "apply") == 0 || strcmp(command, "delete") == 0 || strcmp(command, "follow") == 0;
  /* Most calls end before it is worth compiling what they run, but for what they run very often. */
  const char *const first[] = {
      java, cache, "-Xlog:disable", "-Xlog:all=error:stderr", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
      "-XX:CompileThresholdScaling=10", "-XX:-UsePerfData", reads_objects ? "-Xmx128m" : "-Xmx64m",
      "--enable-native-access=dev.podbond.netlink", property, "-m", "dev.podbond.cli/dev.podbond.cli.Podbond"};
  const size_t options = sizeof first / sizeof *first;
  const size_t given = argc > 1 ? (size_t)argc - 1 : 0;
  const char **const all = calloc(options + given + 1, sizeof *all);
  if (all == NULL) return failed("its arguments");
  memcpy(all, first, sizeof first);
  if (given > 0) memcpy(all + options, argv + 1, given * sizeof *all);
  execv(java, (char *const *)all);
  return failed(java);
}
