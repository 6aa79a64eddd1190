/* Requests for deletion, which the agent carries out once it is there. */
#ifndef PODBOND_PENDING_H
#define PODBOND_PENDING_H

#include "frames.h"

/* Whether our interfaces can have this name: nothing was ever attached under any other name. */
bool is_interface_name(const char *name);

/* Leaves a CALL frame where the agent looks for it. Returns NULL and sets `place` to the file's
 * path; on failure returns the reason and sets `place` to its cause. `place` is a C string. */
const char *leave_request(const struct bytes *call, const char *plugin, struct bytes *place);

#endif
