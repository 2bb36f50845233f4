/* Proves the claims one by one: suite [NAME]. Ends with `N passed, M failed`. */

#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "suite.h"

static const struct claim *const ALL[] = {
    ARGUMENT_CLAIMS, CONFIG_CLAIMS, JSON_CLAIMS,     MESSAGE_CLAIMS, QUEUE_CLAIMS, DELIVERY_CLAIMS, ORDER_CLAIMS,
    LATE_CLAIMS,     CALL_CLAIMS,   CALLBACK_CLAIMS, LIFE_CLAIMS,    STATS_CLAIMS, SENDING_CLAIMS,  WEBHOOK_CLAIMS,
    MARKDOWN_CLAIMS, MEDIA_CLAIMS,  CARD_CLAIMS,     SESSION_CLAIMS, REFUSED_CLAIMS, FORK_CLAIMS,   MEMORY_CLAIMS,
};

static int failures;

void fail_at(const char *file, int line, const char *what)
{
    printf("     %s:%d: %s\n", file, line, what);
    fflush(stdout);
    failures++;
}

int suite_failures(void)
{
    return failures;
}

void check_text(const char *file, int line, const char *found, const char *expected)
{
    if (found == NULL || expected == NULL ? found != expected : strcmp(found, expected) != 0) {
        fail_at(file, line, found == NULL ? "there is no text" : found);
    }
}

void check_success(const char *file, int line, dingstream_error *error)
{
    if (error != NULL) {
        fail_at(file, line, dingstream_error_message(error));
    }
    dingstream_error_free(error);
}

void check_failure(const char *file, int line, uint32_t kind, const char *message, dingstream_error *error)
{
    if (error == NULL) {
        fail_at(file, line, "it succeeded");
    } else if (dingstream_error_kind(error) != kind) {
        fail_at(file, line, dingstream_error_message(error));
    } else if (message != NULL) {
        check_text(file, line, dingstream_error_message(error), message);
    }
    dingstream_error_free(error);
}

/* Whether a checker makes everything slow, so that loops are to be short and sizes mean nothing. */
bool is_slow(void)
{
    return getenv("SLOW") != NULL;
}

static void on_alarm(int signal)
{
    (void)signal;
    static const char told[] = "     the deadline has come\n";
    /* Who listens no longer needs no sentence. */
    (void)!write(STDOUT_FILENO, told, sizeof told - 1);
    abort();
}

static bool prove(const struct claim *claim)
{
    int before = failures;
    alarm(is_slow() ? 300 : 60);
    claim->prove();
    alarm(0);
    bool holds = failures == before;
    printf("%s %s\n", holds ? "ok  " : "FAIL", claim->name);
    fflush(stdout);
    return holds;
}

int main(int count, char **arguments)
{
    int passed = 0, failed = 0;
    signal(SIGALRM, on_alarm);
    signal(SIGPIPE, SIG_IGN);
    for (size_t part = 0; part < sizeof ALL / sizeof *ALL; part++) {
        for (const struct claim *claim = ALL[part]; claim->name != NULL; claim++) {
            if (count > 1 && strcmp(arguments[1], claim->name) != 0) {
                continue;
            }
            if (prove(claim)) {
                passed++;
            } else {
                failed++;
            }
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
