/* How a call ends that the shim itself must refuse. */
#ifndef PODBOND_FAILURE_H
#define PODBOND_FAILURE_H

enum cni_code { IO_FAILURE = 5, DECODING_FAILURE = 6, TRY_AGAIN_LATER = 11 };

#define END ((const char *)0)

/* Prints a CNI error object, its message being the texts up to END, and ends the process. */
_Noreturn void fail(enum cni_code code, const char *details, ...);

#endif
