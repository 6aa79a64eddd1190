/* What the shim's targets see of the world: no socket, no file and no child is real. The build gives
 * the shim's own sources these functions for those of the C library. */
#ifndef PODBOND_FUZZ_WORLD_H
#define PODBOND_FUZZ_WORLD_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What comes from the agent, or on stdin. */
extern const uint8_t *arriving;
extern size_t arriving_size;

/* What was sent to the agent, and printed to stdout and stderr. The first `size` bytes of each, of
 * which at most KEPT are kept. */
enum { KEPT = 1 << 16 };
struct record {
    unsigned char bytes[KEPT];
    size_t size;
};
extern struct record sent, printed[3];

/* Where to go on when the shim ends itself, and with what code it did. */
extern jmp_buf end;
extern int exit_code;

void begin(const uint8_t *data, size_t size);
/* Ends the fuzzer with a report of the input that broke the promise. */
void require(bool promise, const char *what);

#endif
