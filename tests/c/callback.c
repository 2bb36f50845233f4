/* A client whose deliveries go to a function. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "suite.h"

struct hearing {
    dingstream_client *client;
    struct bell message, stopped, dropped;
    pthread_t thread;
    uint32_t stop_error;
    bool frees_client;
};

static void hearing_make(struct hearing *hearing)
{
    memset(hearing, 0, sizeof *hearing);
    bell_make(&hearing->message);
    bell_make(&hearing->stopped);
    bell_make(&hearing->dropped);
}

/* The drop has run once. */
static void hearing_free(struct hearing *hearing)
{
    bell_wait(&hearing->dropped);
    CHECK(bell_is_silent(&hearing->dropped));
    bell_free(&hearing->message);
    bell_free(&hearing->stopped);
    bell_free(&hearing->dropped);
}

static void drop(void *user_data)
{
    bell_ring(&((struct hearing *)user_data)->dropped);
}

/* Rings for a state `stopped`; whether the delivery was a state. Takes it where it was. */
static bool was_state(struct hearing *hearing, dingstream_delivery *delivery)
{
    if (dingstream_delivery_kind(delivery) != DINGSTREAM_KIND_STATE) {
        return false;
    }
    bool stopped = strcmp(dingstream_delivery_topic(delivery, NULL), "stopped") == 0;
    dingstream_delivery_free(delivery);
    if (stopped) {
        bell_ring(&hearing->stopped);
    }
    return true;
}

static void hear(void *user_data, dingstream_delivery *delivery)
{
    struct hearing *hearing = user_data;
    if (was_state(hearing, delivery)) {
        return;
    }
    hearing->thread = pthread_self();
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
    if (hearing->frees_client) {
        dingstream_client_free(hearing->client);
    }
    bell_ring(&hearing->message);
}

static void connect_with(struct hearing *hearing, void (*function)(void *, dingstream_delivery *))
{
    simulator_reset();
    hearing->client = bot_made(bot_config(), NULL, 0);
    SUCCEEDS(dingstream_client_on_delivery(hearing->client, function, hearing, drop));
    bot_start(hearing->client);
}

static void a_function_gets_each_delivery_on_another_thread(void)
{
    struct hearing hearing;
    hearing_make(&hearing);
    connect_with(&hearing, hear);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    bell_wait(&hearing.message);
    CHECK(!pthread_equal(hearing.thread, pthread_self()));
    simulator_expect_answer("200", "{\"response\":null}");
    bot_stop(hearing.client);
    bell_wait(&hearing.stopped);
    CHECK(bell_is_silent(&hearing.dropped));
    dingstream_client_free(hearing.client);
    hearing_free(&hearing);
}

static void a_stopped_client_hears_again_when_it_is_started_again(void)
{
    struct hearing hearing;
    hearing_make(&hearing);
    connect_with(&hearing, hear);
    bot_stop(hearing.client);
    bell_wait(&hearing.stopped);
    bot_start(hearing.client);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    bell_wait(&hearing.message);
    bot_stop(hearing.client);
    bell_wait(&hearing.stopped);
    dingstream_client_free(hearing.client);
    hearing_free(&hearing);
}

static void nothing_is_taken_beside_a_function(void)
{
    struct hearing hearing;
    dingstream_view view;
    intptr_t handle;
    size_t count;
    hearing_make(&hearing);
    connect_with(&hearing, hear);
    dingstream_queue *queue = dingstream_client_queue(hearing.client);
    FAILS(CONFIG, dingstream_queue_next(queue, 0, &view));
    FAILS(CONFIG, dingstream_queue_next_batch(queue, 0, &view, 1, &count));
    FAILS(CONFIG, dingstream_queue_on_wake(queue, NULL, NULL, NULL));
    FAILS(CONFIG, dingstream_queue_wake_handle(queue, &handle));
    FAILS(CONFIG, dingstream_call_to_queue(call_of_start(hearing.client), queue, 0));
    dingstream_client_free(hearing.client);
    hearing_free(&hearing);
}

static void a_function_that_comes_too_late_is_refused(void)
{
    struct hearing hearing, late;
    dingstream_queue *queue;
    hearing_make(&hearing);
    hearing_make(&late);
    connect_with(&hearing, hear);
    FAILS_AS(CONFIG, "on_delivery came after the start",
             dingstream_client_on_delivery(hearing.client, hear, &late, drop));
    hearing_free(&late);
    dingstream_client_free(hearing.client);
    hearing_free(&hearing);

    hearing_make(&late);
    SUCCEEDS(dingstream_queue_new(&queue));
    dingstream_client *client = bot_made(bot_config(), queue, 0);
    FAILS(CONFIG, dingstream_client_on_delivery(client, hear, &late, drop));
    hearing_free(&late);
    hearing_make(&late);
    FAILS(ARGUMENT, dingstream_client_on_delivery(client, NULL, &late, drop));
    hearing_free(&late);
    dingstream_client_free(client);
    dingstream_queue_free(queue);
}

static void the_second_function_replaces_the_first(void)
{
    struct hearing first, second;
    hearing_make(&first);
    hearing_make(&second);
    dingstream_client *client = bot_made(bot_config(), NULL, 0);
    SUCCEEDS(dingstream_client_on_delivery(client, hear, &first, drop));
    SUCCEEDS(dingstream_client_on_delivery(client, hear, &second, drop));
    hearing_free(&first);
    CHECK(bell_is_silent(&second.dropped));
    dingstream_client_free(client);
    hearing_free(&second);
}

static void wait_for_the_stop_inside(void *user_data, dingstream_delivery *delivery)
{
    struct hearing *hearing = user_data;
    if (was_state(hearing, delivery)) {
        return;
    }
    dingstream_json *result = NULL;
    dingstream_call *call = call_of_stop(hearing->client, DEADLINE_MS);
    dingstream_error *error = dingstream_call_wait(call, -1, &result);
    hearing->stop_error = dingstream_error_kind(error);
    dingstream_error_free(error);
    dingstream_call_free(call);
    dingstream_delivery_free(delivery);
    bell_ring(&hearing->message);
}

static void a_callback_does_not_wait_for_its_own_stop(void)
{
    struct hearing hearing;
    hearing_make(&hearing);
    connect_with(&hearing, wait_for_the_stop_inside);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    bell_wait(&hearing.message);
    CHECK(hearing.stop_error == DINGSTREAM_ERROR_KIND_REENTRANT);
    bell_wait(&hearing.stopped);
    dingstream_client_free(hearing.client);
    hearing_free(&hearing);
}

static void reply_inside(void *user_data, dingstream_delivery *delivery)
{
    struct hearing *hearing = user_data;
    if (was_state(hearing, delivery)) {
        return;
    }
    dingstream_call *call;
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    SUCCEEDS(call_result(call));
    dingstream_client *other = bot_made(bot_config(), NULL, 0);
    bot_start(other);
    bot_stop(other);
    dingstream_client_free(other);
    dingstream_delivery_free(delivery);
    bell_ring(&hearing->message);
}

static void a_callback_may_wait_for_everything_else(void)
{
    struct hearing hearing;
    hearing_make(&hearing);
    connect_with(&hearing, reply_inside);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    bell_wait(&hearing.message);
    dingstream_client_free(hearing.client);
    hearing_free(&hearing);
}

static void a_callback_may_free_its_client(void)
{
    struct hearing hearing;
    hearing_make(&hearing);
    hearing.frees_client = true;
    connect_with(&hearing, hear);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    bell_wait(&hearing.message);
    bell_wait(&hearing.stopped);
    hearing_free(&hearing);
}

const struct claim CALLBACK_CLAIMS[] = {
    CLAIM(a_function_gets_each_delivery_on_another_thread),
    CLAIM(a_stopped_client_hears_again_when_it_is_started_again),
    CLAIM(nothing_is_taken_beside_a_function),
    CLAIM(a_function_that_comes_too_late_is_refused),
    CLAIM(the_second_function_replaces_the_first),
    CLAIM(a_callback_does_not_wait_for_its_own_stop),
    CLAIM(a_callback_may_wait_for_everything_else),
    CLAIM(a_callback_may_free_its_client),
    CLAIMS_END,
};
