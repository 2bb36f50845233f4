/* An AI card that types its answer, with a button whose click gets a response. */

#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <dingstream.h>

/* Tells what went wrong, if anything did. */
static bool is_fine(dingstream_error *error)
{
    bool fine = error == NULL;
    if (!fine) {
        fprintf(stderr, "%s: %s\n", dingstream_error_message(error), dingstream_error_hint(error));
    }
    dingstream_error_free(error);
    return fine;
}

/* Ends the program where something went wrong. */
static void check(dingstream_error *error)
{
    if (!is_fine(error)) {
        exit(1);
    }
}

/* Stands for a model, which takes its time for each word: the length of the next one, 0 at the end. */
static size_t model(const char *answer)
{
    struct timespec pause = {0, 100000000};
    nanosleep(&pause, NULL);
    size_t word = strcspn(answer, " ");
    return word + strspn(answer + word, " ");
}

static void type(dingstream_card_session *card, const char *question)
{
    char text[1000];
    snprintf(text, sizeof text, "You asked: **%.800s**. Let me think about that.", question);
    bool open = true;
    size_t length;
    for (const char *word = text; open && (length = model(word)) > 0; word += length) {
        open = is_fine(dingstream_card_session_push(card, word, length));
    }
    is_fine(dingstream_card_session_add_action(card, "Helpful", 7, "helpful", 7));
    dingstream_call *end;
    dingstream_json *shown = NULL;
    check(dingstream_card_session_finish(card, &end));
    is_fine(dingstream_call_wait(end, -1, &shown));
    dingstream_json_free(shown);
    dingstream_call_free(end);
}

static void answer(dingstream_delivery *delivery)
{
    const char *pointer = "/text/content", *options = "{\"text\":\"Thinking…\"}";
    const char *question = dingstream_json_text(dingstream_delivery_json(delivery), pointer, strlen(pointer), NULL);
    dingstream_card_session *card;
    if (is_fine(dingstream_delivery_card(delivery, options, strlen(options), &card))) {
        type(card, question == NULL ? "" : question + strspn(question, " "));
        dingstream_card_session_free(card); /* One that has not ended would show its fallback now. */
    }
    is_fine(dingstream_delivery_ok(delivery, NULL));
}

static void thank(dingstream_delivery *delivery)
{
    const char *data = "{\"msgTitle\":\"Thank you!\"}";
    dingstream_json *response;
    check(dingstream_card_response(data, strlen(data), NULL, 0, &response));
    is_fine(dingstream_delivery_ok(delivery, response));
    dingstream_json_free(response);
}

/* Called from several threads of the library, so that it may wait. */
static void on_delivery(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    if (dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_MESSAGE) {
        answer(delivery);
    } else if (dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_CARD) {
        thank(delivery);
    }
    dingstream_delivery_free(delivery);
}

static void on_started(void *user_data, dingstream_json *json, dingstream_error *error)
{
    (void)user_data;
    dingstream_json_free(json);
    if (dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_CLOSED) {
        dingstream_error_free(error); /* It was asked to end before. */
    } else {
        check(error);
    }
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

int main(void)
{
    /* Blocked here and in the threads to come, they wait for sigwait. */
    sigset_t signals;
    int asked_to_end;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);

    const char *id = variable("DINGTALK_CLIENT_ID");
    const char *secret = variable("DINGTALK_CLIENT_SECRET");
    dingstream_config *config;
    check(dingstream_config_new(id, strlen(id), secret, strlen(secret), &config));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    check(dingstream_config_set_dispatchers(config, 16));
    dingstream_client *client;
    check(dingstream_client_new(config, NULL, 0, &client));
    dingstream_config_free(config);
    check(dingstream_client_on_delivery(client, on_delivery, NULL, NULL));

    dingstream_call *start, *stop;
    check(dingstream_client_start(client, &start));
    check(dingstream_call_on_done(start, on_started, NULL, NULL));
    sigwait(&signals, &asked_to_end);

    dingstream_json *stopped = NULL;
    check(dingstream_client_stop(client, 10000, &stop));
    check(dingstream_call_wait(stop, -1, &stopped));
    dingstream_json_free(stopped);
    dingstream_call_free(stop);
    dingstream_client_free(client);
    return 0;
}
