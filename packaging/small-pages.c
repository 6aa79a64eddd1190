/* Runs a program that gets no huge pages: many kernels give them to whoever does not decline
   (transparent_hugepage is "always"), and a program that is small and idle then holds megabytes that nobody
   fills. What is declined here stays so over execve, but not what a program has touched before it declines
   by itself, so the JVM cannot do it (prctl(2), PR_SET_THP_DISABLE). A kernel that refuses is no reason not
   to run.
   Usage: small-pages PROGRAM [ARGUMENT]... */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2) {
    fputs("small-pages: it needs a program to run\n", stderr);
    return 2;
  }
  prctl(PR_SET_THP_DISABLE, 1UL, 0UL, 0UL, 0UL);
  execv(argv[1], argv + 1);
  perror(argv[1]);
  return 127;
}
