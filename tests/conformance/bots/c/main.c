/* The conformance bot: one behaviour a run, written with the public header alone. */

#include <stdio.h>
#include <string.h>

#include "bot.h"

static const struct {
    const char *name;
    int (*play)(void);
} BEHAVIOURS[] = {
    {"answer", play_answer}, {"card", play_card}, {"cards", play_cards}, {"decline", play_decline},
    {"echo", play_echo}, {"errors", play_errors}, {"fail", play_fail}, {"gate", play_gate},
    {"graph", play_graph}, {"iterate", play_iterate}, {"later", play_later}, {"media", play_media},
    {"read", play_read}, {"reply", play_reply}, {"restart", play_restart}, {"say", play_say},
    {"silent", play_silent}, {"slow", play_slow}, {"start", play_start}, {"stats", play_stats},
    {"stop", play_stop}, {"twice", play_twice}, {"two", play_two}, {"type", play_type},
    {"types", play_types}, {"wait", play_wait},
};

int main(int count, char **arguments)
{
    const char *wanted = count > 1 ? arguments[1] : "";
    for (size_t index = 0; index < sizeof BEHAVIOURS / sizeof *BEHAVIOURS; index++) {
        if (strcmp(BEHAVIOURS[index].name, wanted) == 0) {
            int code = BEHAVIOURS[index].play();
            report_handled();
            return code;
        }
    }
    fprintf(stderr, "there is no behaviour \"%s\"\n", wanted);
    return 2;
}
