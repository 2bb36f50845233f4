/* The life of a client: started, stopped, started again, freed. */

#define _POSIX_C_SOURCE 200809L

#include <poll.h>

#include "suite.h"

static void a_client_tells_its_states(void)
{
    simulator_reset();
    dingstream_client *client = bot_made(bot_config(), NULL, 0);
    dingstream_queue *queue = dingstream_client_queue(client);
    CHECK(dingstream_client_state(client) == DINGSTREAM_STATE_IDLE);
    bot_start(client);
    CHECK(dingstream_client_state(client) == DINGSTREAM_STATE_OPEN);
    bot_take_state(queue, "connecting");
    bot_take_state(queue, "open");
    bot_stop(client);
    CHECK(dingstream_client_state(client) == DINGSTREAM_STATE_STOPPED);
    bot_take_state(queue, "stopping");
    bot_take_state(queue, "stopped");
    dingstream_client_free(client);
}

static void started_twice_is_started_once(void)
{
    dingstream_client *client = bot_connected();
    bot_start(client);
    dingstream_json *state = simulator_get("state");
    CHECK(dingstream_json_len(state, T("/connections")) == 1);
    dingstream_json_free(state);
    bot_stop(client);
    bot_stop(client);
    dingstream_client_free(client);
}

static void a_stopped_client_starts_again(void)
{
    dingstream_client *client = bot_connected();
    for (int run = 0; run < 3; run++) {
        dingstream_delivery *delivery = bot_message(client);
        SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
        dingstream_delivery_free(delivery);
        simulator_expect_answer("200", "{\"response\":null}");
        bot_stop(client);
        bot_take_state(dingstream_client_queue(client), "stopped");
        bot_start(client);
    }
    dingstream_client_free(client);
}

static void stopping_waits_for_what_is_out(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_json *result = NULL;
    dingstream_call *stop = call_of_stop(client, DEADLINE_MS);
    SUCCEEDS(dingstream_call_wait(stop, 50, &result));
    CHECK(result == NULL);
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    SUCCEEDS(call_result(stop));
    simulator_expect_answer("200", "{\"response\":null}");
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void what_is_settled_after_the_stop_is_settled(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    bot_stop(client);
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    FAILS(ANSWERED, dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void a_stop_outlives_its_client(void)
{
    dingstream_client *client = bot_connected();
    dingstream_call *stop = call_of_stop(client, DEADLINE_MS);
    dingstream_client_free(client);
    SUCCEEDS(call_result(stop));
}

static void a_freed_client_leaves_its_queue_alone(void)
{
    dingstream_queue *queue;
    simulator_reset();
    SUCCEEDS(dingstream_queue_new(&queue));
    dingstream_client *first = bot_made(bot_config(), queue, 1), *second = bot_made(bot_config(), queue, 2);
    bot_start(first);
    bot_start(second);
    dingstream_client_free(first);
    simulator_expect("close", 1);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    dingstream_view view = bot_take(queue, DINGSTREAM_KIND_MESSAGE);
    CHECK(view.source == 2);
    view_free(&view);
    dingstream_client_free(second);
    bot_take_state(queue, "stopped");
    dingstream_queue_free(queue);
}

static void what_waits_in_a_freed_queue_is_declined(void)
{
    dingstream_client *client = bot_connected();
    struct pollfd wanted = {-1, POLLIN, 0};
    intptr_t handle = -1;
    bot_take_state(dingstream_client_queue(client), "open");
    SUCCEEDS(dingstream_queue_wake_handle(dingstream_client_queue(client), &handle));
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    wanted.fd = (int)handle;
    CHECK(poll(&wanted, 1, DEADLINE_MS) == 1);
    dingstream_client_free(client);
    simulator_expect_answer("500", "{\"response\":null}");
}

const struct claim LIFE_CLAIMS[] = {
    CLAIM(a_client_tells_its_states),
    CLAIM(started_twice_is_started_once),
    CLAIM(a_stopped_client_starts_again),
    CLAIM(stopping_waits_for_what_is_out),
    CLAIM(what_is_settled_after_the_stop_is_settled),
    CLAIM(a_stop_outlives_its_client),
    CLAIM(a_freed_client_leaves_its_queue_alone),
    CLAIM(what_waits_in_a_freed_queue_is_declined),
    CLAIMS_END,
};
