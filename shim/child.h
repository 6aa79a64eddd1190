/* The process that RUN asks for. */
#ifndef PODBOND_CHILD_H
#define PODBOND_CHILD_H

#include "frames.h"

/* The content of RUN. Its texts are in the frame. */
struct order {
    const char *type, *input;
    size_t input_size;
    int64_t limit;
    struct bytes variables; /* of char * */
};

/* A process that leads its own group, and our ends of its pipes. */
struct child {
    pid_t id;
    int input, output, errors;
};

/* False if the frame breaks the rules. */
bool read_order(struct frame *frame, struct order *order);
/* Whether the directories of a CNI_PATH have an executable of this name. */
bool has_executable(const char *search_path, const char *name);
/* Makes `path` a C string. Returns false and empties `path` if there is no such executable. */
bool find_executable(const struct order *order, struct bytes *path);
/* Returns 0 or an errno. The input is non-blocking. */
int start_child(struct child *child, char *path, const struct order *order);

#endif
