/* The shim's side of the conversation: whatever an agent sends, the shim says something that is
 * well-formed, prints an answer as it came, or gives up. */
#define main shim_main
#include "../../shim/main.c"
#undef main

#include "world.h"

/* What was sent is one whole frame. */
static void check_sent(void)
{
    if (sent.size == 0 || sent.size > KEPT)
        return;
    require(sent.size > 4, "a frame has a length and a kind");
    unsigned char *bytes = sent.bytes;
    size_t length = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    require(length == sent.size - 4, "a frame is as long as it says");
    char *copy = malloc(length + 1);
    memcpy(copy, bytes + 4, length);
    copy[length] = '\0';
    struct frame frame = {.kind = (unsigned char)copy[0], .next = copy + 1, .end = copy + length};
    struct field field;
    while (next_field(&frame, &field))
        continue;
    require(!frame.broken, "the fields of a frame fill it");
    require(frame.kind == CALL || frame.kind == RAN || frame.kind == UNSUPPORTED,
            "the shim sends what a shim may send");
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin(data, size);
    static char *none[] = {"CNI_PATH=/nowhere", NULL};
    environ = none;
    struct call call = {.plugin = "bond", .verb = "ADD", .socket = ""};
    enum loss loss = NOT_LOST;
    if (setjmp(end) == 0) {
        loss = converse(&call, -1, now_millis() + 60000);
        require(loss == AGENT_ENDED || loss == AGENT_UNINTELLIGIBLE || loss == AGENT_DIFFERENT,
                "there is a reason for giving up");
    } else {
        require(exit_code >= 0 && exit_code <= 255, "an answer has an exit code");
        require(printed[1].size + printed[2].size <= size, "what is printed was in the answer");
    }
    check_sent();
    return 0;
}
