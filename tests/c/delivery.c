/* Deliveries: read, settled once, freed anywhere. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "suite.h"

static dingstream_client *with_everything(void)
{
    simulator_reset();
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_OTHER, T("/v1.0/x")));
    dingstream_client *client = bot_made(config, NULL, 7);
    bot_start(client);
    return client;
}

static dingstream_delivery *pushed(dingstream_client *client, uint32_t kind, const char *order)
{
    simulator_push(order);
    return bot_take(dingstream_client_queue(client), kind).delivery;
}

static void a_delivery_is_read(void)
{
    dingstream_client *client = with_everything();
    dingstream_delivery *delivery =
        pushed(client, DINGSTREAM_KIND_EVENT, "{\"kind\":\"event\",\"eventType\":\"user_add_org\",\"data\":{\"k\":\"v\"}}");
    size_t length;
    CHECK(dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_EVENT && dingstream_delivery_source(delivery) == 7);
    CHECK_TEXT(dingstream_delivery_topic(delivery, &length), "*");
    CHECK(length == 1);
    CHECK_TEXT(dingstream_json_text(dingstream_delivery_headers(delivery), T("/eventType"), NULL), "user_add_org");
    CHECK_TEXT(dingstream_json_text(dingstream_delivery_json(delivery), T("/k"), NULL), "v");
    CHECK_TEXT(dingstream_delivery_id(delivery, NULL),
               dingstream_json_text(dingstream_delivery_headers(delivery), T("/messageId"), NULL));
    CHECK(strstr(dingstream_delivery_data(delivery, &length), "\"k\"") != NULL && length > 0);
    CHECK(!dingstream_delivery_is_settled(delivery));
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void each_settling_is_its_answer(void)
{
    dingstream_client *client = with_everything();
    dingstream_json *json;
    SUCCEEDS(dingstream_json_new(&json));
    SUCCEEDS(dingstream_json_set_int(json, T("/a"), 1));

    static const char EVENT[] = "{\"kind\":\"event\",\"eventType\":\"user_add_org\"}";
    static const char OTHER[] = "{\"kind\":\"callback\",\"topic\":\"/v1.0/x\"}";
    dingstream_delivery *delivery = pushed(client, DINGSTREAM_KIND_OTHER, OTHER);
    SUCCEEDS(dingstream_delivery_ok(delivery, json));
    simulator_expect_answer("200", "{\"response\":{\"a\":1}}");
    dingstream_delivery_free(delivery);
    delivery = pushed(client, DINGSTREAM_KIND_EVENT, EVENT);
    SUCCEEDS(dingstream_delivery_later(delivery, T("busy")));
    simulator_expect_answer("200", "{\"status\":\"LATER\",\"message\":\"busy\"}");
    dingstream_delivery_free(delivery);
    delivery = pushed(client, DINGSTREAM_KIND_EVENT, EVENT);
    SUCCEEDS(dingstream_delivery_fail(delivery, T("broken")));
    simulator_expect_answer("500", "{\"status\":\"LATER\",\"message\":\"broken\"}");
    dingstream_delivery_free(delivery);
    delivery = pushed(client, DINGSTREAM_KIND_OTHER, OTHER);
    SUCCEEDS(dingstream_delivery_unhandled(delivery));
    simulator_expect_answer("404", "{}");
    dingstream_delivery_free(delivery);
    delivery = pushed(client, DINGSTREAM_KIND_OTHER, OTHER);
    dingstream_delivery_free(delivery);
    simulator_expect_answer("500", "{\"response\":{}}");

    dingstream_json_free(json);
    dingstream_client_free(client);
}

static void a_delivery_is_settled_once(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    CHECK(dingstream_delivery_is_settled(delivery));
    FAILS(ANSWERED, dingstream_delivery_ok(delivery, NULL));
    FAILS(ANSWERED, dingstream_delivery_later(delivery, T("x")));
    FAILS(ANSWERED, dingstream_delivery_fail(delivery, T("x")));
    FAILS(ANSWERED, dingstream_delivery_unhandled(delivery));
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void a_state_owes_nothing(void)
{
    dingstream_client *client = bot_connected();
    dingstream_view view = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_STATE);
    CHECK(dingstream_delivery_is_settled(view.delivery));
    SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
    SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
    dingstream_call *call;
    SUCCEEDS(dingstream_delivery_reply(view.delivery, hello(), &call));
    FAILS_AS(ARGUMENT, "a delivery of kind state can't be replied to", call_result(call));
    view_free(&view);
    dingstream_client_free(client);
}

static void a_delivery_outlives_its_client_and_queue(void)
{
    simulator_reset();
    dingstream_queue *queue;
    dingstream_call *call;
    SUCCEEDS(dingstream_queue_new(&queue));
    dingstream_client *client = bot_made(bot_config(), queue, 7);
    bot_start(client);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    dingstream_view view = bot_take(queue, DINGSTREAM_KIND_MESSAGE);
    dingstream_client_free(client);
    bot_take_state(queue, "stopped");
    dingstream_queue_free(queue);
    CHECK_TEXT(dingstream_json_text(dingstream_delivery_json(view.delivery), T("/text/content"), NULL), "hi");
    CHECK(dingstream_delivery_source(view.delivery) == 7 && strlen(view.data) == view.data_len);
    SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
    SUCCEEDS(dingstream_delivery_reply(view.delivery, hello(), &call));
    dingstream_delivery_free(view.delivery);
    SUCCEEDS(call_result(call));
}

static void *free_it(void *delivery)
{
    dingstream_delivery_free(delivery);
    return NULL;
}

static void a_delivery_is_freed_by_any_thread(void)
{
    dingstream_client *client = bot_connected();
    pthread_t thread;
    pthread_create(&thread, NULL, free_it, bot_message(client));
    pthread_join(thread, NULL);
    simulator_expect_answer("500", "{\"response\":null}");
    dingstream_client_free(client);
}

static void *settle_it(void *delivery)
{
    dingstream_error *error = dingstream_delivery_ok(delivery, NULL);
    bool first = error == NULL;
    CHECK(first || dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_ANSWERED);
    dingstream_error_free(error);
    return first ? delivery : NULL;
}

static void of_several_threads_one_settles(void)
{
    enum { THREADS = 4 };
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    pthread_t threads[THREADS];
    int first = 0;
    for (int index = 0; index < THREADS; index++) {
        pthread_create(&threads[index], NULL, settle_it, delivery);
    }
    for (int index = 0; index < THREADS; index++) {
        void *settled;
        pthread_join(threads[index], &settled);
        first += settled != NULL;
    }
    CHECK(first == 1);
    simulator_expect_answer("200", "{\"response\":null}");
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

const struct claim DELIVERY_CLAIMS[] = {
    CLAIM(a_delivery_is_read),
    CLAIM(each_settling_is_its_answer),
    CLAIM(a_delivery_is_settled_once),
    CLAIM(a_state_owes_nothing),
    CLAIM(a_delivery_outlives_its_client_and_queue),
    CLAIM(a_delivery_is_freed_by_any_thread),
    CLAIM(of_several_threads_one_settles),
    CLAIMS_END,
};
