/* One thread tells, another waits with a deadline. */

#define _POSIX_C_SOURCE 200809L

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "suite.h"

void bell_make(struct bell *bell)
{
    if (pipe(bell->descriptors) != 0) {
        abort();
    }
}

void bell_ring(struct bell *bell)
{
    if (write(bell->descriptors[1], "!", 1) != 1) {
        perror("a bell that is gone was rung");
        abort();
    }
}

void bell_wait(struct bell *bell)
{
    struct pollfd wanted = {bell->descriptors[0], POLLIN, 0};
    char heard;
    int ready = poll(&wanted, 1, DEADLINE_MS);
    CHECK(ready == 1);
    if (ready == 1 && read(bell->descriptors[0], &heard, 1) != 1) {
        abort();
    }
}

bool bell_is_silent(struct bell *bell)
{
    struct pollfd wanted = {bell->descriptors[0], POLLIN, 0};
    return poll(&wanted, 1, 0) == 0;
}

void bell_free(struct bell *bell)
{
    close(bell->descriptors[0]);
    close(bell->descriptors[1]);
}
