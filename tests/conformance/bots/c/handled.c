/* The behaviours that the library calls. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "bot.h"

/* Settles by what the reply brought, and frees the delivery. */
static void settle(dingstream_delivery *delivery, dingstream_error *error)
{
    if (error != NULL) {
        complain("the reply failed", error);
        check(dingstream_delivery_fail(delivery, AT("the handler failed")));
    } else {
        check(dingstream_delivery_ok(delivery, NULL));
    }
    dingstream_delivery_free(delivery);
}

static void on_replied(void *user_data, dingstream_json *result, dingstream_error *error)
{
    dingstream_json_free(result);
    settle(user_data, error);
}

/* Lets the thread go on, and settles when the reply is through. */
static void echo(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    dingstream_call *call;
    check(dingstream_delivery_reply(delivery, message_markdown("echo", text_of(delivery)), &call));
    check(dingstream_call_on_done(call, on_replied, delivery, NULL));
}

int play_echo(void)
{
    return called(config_with("/answer_message", "\"on_receipt\""), echo);
}

/* Blocks its thread; the client has others. */
static void slow(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    struct timespec second = {1, 0};
    report_handled_one();
    nanosleep(&second, NULL);
    settle(delivery, reply_and_wait(delivery, message_text("slow: ", text_of(delivery))));
}

int play_slow(void)
{
    return called(config_with("/dispatchers", "8"), slow);
}

static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_opened = PTHREAD_COND_INITIALIZER;
static int gate_is_open;

static void gate(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    struct text nothing = {"", 0};
    report_handled_one();
    if (text_is(text_of(delivery), "wait")) {
        pthread_mutex_lock(&gate_lock);
        while (!gate_is_open) {
            pthread_cond_wait(&gate_opened, &gate_lock);
        }
        pthread_mutex_unlock(&gate_lock);
        settle(delivery, reply_and_wait(delivery, message_text("waited", nothing)));
        return;
    }
    settle(delivery, reply_and_wait(delivery, message_text("gone", nothing)));
    pthread_mutex_lock(&gate_lock);
    gate_is_open = 1;
    pthread_cond_broadcast(&gate_opened);
    pthread_mutex_unlock(&gate_lock);
}

int play_gate(void)
{
    return called(config_with("/dispatchers", "2"), gate);
}

static void stop(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    struct text nothing = {"", 0};
    dingstream_call *call;
    report_handled_one();
    dingstream_error *error = reply_and_wait(delivery, message_text("stopping", nothing));
    check(dingstream_client_stop(called_client(), PATIENCE_MS, &call));
    dingstream_call_free(call);
    settle(delivery, error);
}

int play_stop(void)
{
    return called(config_from_environment(), stop);
}

static void reply(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    dingstream_json *result = NULL;
    dingstream_call *call;
    report_handled_one();
    check(dingstream_delivery_reply(delivery, message_text("", text_of(delivery)), &call));
    dingstream_error *error = dingstream_call_wait(call, -1, &result);
    if (error == NULL) {
        report_text("/replied", dingstream_json_text(result, AT("/via"), NULL));
    }
    end(error);
    dingstream_json_free(result);
    dingstream_call_free(call);
    settle(delivery, NULL);
}

int play_reply(void)
{
    return called(config_from_environment(), reply);
}
