/* A bot that says back what it hears. */

#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dingstream.h>

static volatile sig_atomic_t asked_to_end;

static void on_signal(int signal)
{
    (void)signal;
    asked_to_end = 1;
}

/* Ends the program where something went wrong. */
static void check(dingstream_error *error)
{
    if (error != NULL) {
        fprintf(stderr, "%s: %s\n", dingstream_error_message(error), dingstream_error_hint(error));
        exit(1);
    }
}

static void echo(dingstream_delivery *delivery)
{
    const char *pointer = "/text/content";
    const char *text = dingstream_json_text(dingstream_delivery_json(delivery), pointer, strlen(pointer), NULL);
    text = text == NULL ? "" : text + strspn(text, " ");
    size_t size = strlen(text) + sizeof "****";
    char *answer = malloc(size);
    if (answer == NULL) {
        return; /* Freed unsettled, the delivery is declined. */
    }
    snprintf(answer, size, "**%s**", text);

    dingstream_message *message;
    check(dingstream_message_new_markdown("echo", 4, answer, strlen(answer), &message));
    free(answer);
    dingstream_call *reply;
    check(dingstream_delivery_reply(delivery, message, &reply));
    dingstream_call_free(reply); /* The reply goes on; an error of it is logged. */
    check(dingstream_delivery_ok(delivery, NULL));
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    const char *id = variable("DINGTALK_CLIENT_ID");
    const char *secret = variable("DINGTALK_CLIENT_SECRET");
    dingstream_config *config;
    check(dingstream_config_new(id, strlen(id), secret, strlen(secret), &config));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    dingstream_client *client;
    check(dingstream_client_new(config, NULL, 0, &client));
    dingstream_config_free(config);

    dingstream_call *start, *stop = NULL;
    check(dingstream_client_start(client, &start));
    dingstream_view view;
    bool stopped = false;
    while (!stopped) {
        if (asked_to_end && stop == NULL) {
            check(dingstream_client_stop(client, 10000, &stop));
        }
        check(dingstream_queue_next(dingstream_client_queue(client), 200, &view));
        if (view.kind == DINGSTREAM_KIND_MESSAGE) {
            echo(view.delivery);
        } else if (view.kind == DINGSTREAM_KIND_STATE) {
            stopped = strcmp(view.topic, "stopped") == 0;
        } else if (view.kind == DINGSTREAM_KIND_LOG) {
            fprintf(stderr, "%s %s: %s\n", view.topic, view.id, view.data);
        }
        dingstream_delivery_free(view.delivery);
        dingstream_json_free(view.json);
    }

    /* A start that was refused stops the client, and says why. */
    dingstream_json *started = NULL;
    if (stop == NULL) {
        check(dingstream_call_wait(start, 0, &started));
    }
    dingstream_json_free(started);
    dingstream_call_free(start);
    dingstream_call_free(stop);
    dingstream_client_free(client);
    return 0;
}
