/* Requests for deletion, which the agent carries out once it is there. */
#ifndef PODBOND_PENDING_H
#define PODBOND_PENDING_H

#include "frames.h"

/* Whether an interface of ours may be called so: of any other name nothing was ever attached. */
bool is_interface_name(const char *name);

/* Leaves a CALL frame where the agent looks for it. Returns NULL and sets `place` to the file's path,
 * or why that failed and sets it to what is to blame. It is a C string. */
const char *leave_request(const struct bytes *call, const char *plugin, struct bytes *place);

#endif
