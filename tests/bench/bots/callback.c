/* A bot in C whose handler the library calls, one thread at a time. It shares what the conformance bot is made of. */

#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <time.h>

#include "bot.h"

/* How long a handler takes. */
static struct timespec work;

static void answer(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    text_of(delivery);
    if (work.tv_nsec > 0) {
        nanosleep(&work, NULL);
    }
    check(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

int main(int count, char **arguments)
{
    work.tv_nsec = count > 1 ? strtol(arguments[1], NULL, 10) * 1000000 : 0;
    int code = called(config_from_environment(), answer);
    report_handled();
    return code;
}
