/* SIGINT and SIGTERM ask the bot to end: the library installs no handler of its own. */

#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <string.h>

#include "bot.h"

static volatile sig_atomic_t asked;

static void on_signal(int signal)
{
    (void)signal;
    asked = 1;
}

void signals_begin(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int signals_asked_to_end(void)
{
    return asked;
}
