/* RUN: the shim starts another plugin for the agent, as the runtime would have. */
#ifndef PODBOND_RUN_H
#define PODBOND_RUN_H

#include "frames.h"

/* Executes RUN and writes RAN, unless the agent is lost before the child has ended. */
enum loss carry_out(struct frame *order, int agent, int64_t deadline, struct bytes *ran);

#endif
