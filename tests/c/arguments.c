/* NULL, zero lengths and broken text, wherever a function takes a pointer. */

#include "suite.h"

/* Not NULL, not to be read: what an output holds that was not written. */
#define UNTOUCHED ((void *)(uintptr_t)0x5a)
/* Not to be read either. */
static const char *const NOWHERE = (const char *)(uintptr_t)1;
static const char BROKEN[] = "a\xff";

static void null_is_refused_by_config_and_message(void)
{
    dingstream_config *config;
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_config_new(T("id"), T("secret"), NULL));
    FAILS_AS(ARGUMENT, "client_id is NULL and its length is not 0", dingstream_config_new(NULL, 2, T("s"), &config));
    FAILS(ARGUMENT, dingstream_config_new(T("id"), NULL, 2, &config));
    FAILS(ARGUMENT, dingstream_config_from_json(T("{}"), NULL));
    FAILS(ARGUMENT, dingstream_config_from_json(NULL, 2, &config));
    FAILS_AS(ARGUMENT, "config is NULL", dingstream_config_subscribe(NULL, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    FAILS(ARGUMENT, dingstream_config_set_endpoint(NULL, T("china")));
    FAILS(ARGUMENT, dingstream_config_set_inbox_count(NULL, 1));
    FAILS(ARGUMENT, dingstream_config_set_extras(NULL, T("a"), T("b")));
    FAILS(ARGUMENT, dingstream_config_set_bypass(NULL, T("/stop")));
    FAILS(ARGUMENT, dingstream_config_set_ipv4_only(NULL, true));
    FAILS(ARGUMENT, dingstream_config_set_proxy(NULL, T("direct")));

    dingstream_message *message;
    FAILS(ARGUMENT, dingstream_message_new_text(T("x"), NULL));
    FAILS(ARGUMENT, dingstream_message_new_text(NULL, 1, &message));
    FAILS(ARGUMENT, dingstream_message_new_markdown(T("t"), T("x"), NULL));
    FAILS(ARGUMENT, dingstream_message_new_markdown(T("t"), NULL, 1, &message));
    FAILS(ARGUMENT, dingstream_message_at_mobile(NULL, T("138")));
    FAILS(ARGUMENT, dingstream_message_at_user(NULL, T("u")));
    FAILS(ARGUMENT, dingstream_message_at_all(NULL));
    FAILS(ARGUMENT, dingstream_message_from_json(T("{}"), NULL));
    FAILS(ARGUMENT, dingstream_message_to_json(NULL, UNTOUCHED));
    FAILS(ARGUMENT, dingstream_message_to_json(NULL, NULL));
}

static void null_is_refused_by_json(void)
{
    dingstream_json *json;
    FAILS(ARGUMENT, dingstream_json_new(NULL));
    FAILS(ARGUMENT, dingstream_json_parse(T("{}"), NULL));
    FAILS(ARGUMENT, dingstream_json_parse(NULL, 2, &json));
    FAILS(ARGUMENT, dingstream_json_set_text(NULL, T("/a"), T("b")));
    FAILS(ARGUMENT, dingstream_json_set_int(NULL, T("/a"), 1));
    FAILS(ARGUMENT, dingstream_json_set_bool(NULL, T("/a"), true));
    FAILS(ARGUMENT, dingstream_json_set_null(NULL, T("/a")));
    FAILS(ARGUMENT, dingstream_json_set_raw(NULL, T("/a"), T("1")));
    SUCCEEDS(dingstream_json_new(&json));
    FAILS(ARGUMENT, dingstream_json_set_text(json, NULL, 2, T("b")));
    FAILS(ARGUMENT, dingstream_json_set_text(json, T("/a"), NULL, 1));
    FAILS(ARGUMENT, dingstream_json_set_raw(json, T("/a"), NULL, 1));
    dingstream_json_free(json);
}

static void null_is_refused_by_queue_and_client(void)
{
    dingstream_view view;
    dingstream_client *client = UNTOUCHED;
    dingstream_call *call = UNTOUCHED;
    dingstream_json *json = UNTOUCHED;
    dingstream_queue *queue;
    intptr_t handle;
    size_t count;
    FAILS(ARGUMENT, dingstream_queue_new(NULL));
    SUCCEEDS(dingstream_queue_new(&queue));
    FAILS_AS(ARGUMENT, "queue is NULL", dingstream_queue_next(NULL, 0, &view));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_queue_next(queue, 0, NULL));
    FAILS(ARGUMENT, dingstream_queue_next_batch(NULL, 0, &view, 1, &count));
    FAILS(ARGUMENT, dingstream_queue_next_batch(queue, 0, NULL, 1, &count));
    FAILS_AS(ARGUMENT, "count is NULL", dingstream_queue_next_batch(queue, 0, &view, 1, NULL));
    FAILS_AS(ARGUMENT, "capacity is 0", dingstream_queue_next_batch(queue, 0, &view, 0, &count));
    FAILS(ARGUMENT, dingstream_queue_on_wake(NULL, NULL, NULL, NULL));
    FAILS(ARGUMENT, dingstream_queue_wake_handle(NULL, &handle));
    FAILS(ARGUMENT, dingstream_queue_wake_handle(queue, NULL));
    dingstream_queue_close(NULL);
    dingstream_queue_free(queue);

    FAILS_AS(ARGUMENT, "config is NULL", dingstream_client_new(NULL, NULL, 0, &client));
    FAILS(ARGUMENT, dingstream_client_new(NULL, NULL, 0, NULL));
    FAILS(ARGUMENT, dingstream_client_start(NULL, &call));
    FAILS(ARGUMENT, dingstream_client_stop(NULL, 0, &call));
    FAILS(ARGUMENT, dingstream_client_subscribe(NULL, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    FAILS(ARGUMENT, dingstream_client_on_delivery(NULL, NULL, NULL, NULL));
    FAILS(ARGUMENT, dingstream_client_stats(NULL, &json));
    FAILS(ARGUMENT, dingstream_client_metrics(NULL, &json));
    CHECK((void *)client == UNTOUCHED && (void *)call == UNTOUCHED && (void *)json == UNTOUCHED);
    client = bot_made(bot_config(), NULL, 0);
    FAILS(ARGUMENT, dingstream_client_start(client, NULL));
    FAILS(ARGUMENT, dingstream_client_stop(client, 0, NULL));
    FAILS_AS(ARGUMENT, "function is NULL", dingstream_client_on_delivery(client, NULL, NULL, NULL));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_client_stats(client, NULL));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_client_metrics(client, NULL));
    dingstream_client_free(client);
}

static void null_is_refused_by_delivery_and_call(void)
{
    dingstream_call *call = UNTOUCHED;
    dingstream_json *json = UNTOUCHED;
    FAILS(ARGUMENT, dingstream_delivery_ok(NULL, NULL));
    FAILS(ARGUMENT, dingstream_delivery_later(NULL, T("r")));
    FAILS(ARGUMENT, dingstream_delivery_fail(NULL, T("r")));
    FAILS(ARGUMENT, dingstream_delivery_unhandled(NULL));
    /* The message is taken all the same: a checker would see the leak. */
    FAILS_AS(ARGUMENT, "delivery is NULL", dingstream_delivery_reply(NULL, hello(), &call));
    FAILS(ARGUMENT, dingstream_call_wait(NULL, 0, &json));
    FAILS(ARGUMENT, dingstream_call_to_queue(NULL, NULL, 0));
    FAILS(ARGUMENT, dingstream_call_on_done(NULL, NULL, NULL, NULL));
    CHECK((void *)call == UNTOUCHED && (void *)json == UNTOUCHED);

    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    FAILS_AS(ARGUMENT, "message is NULL", dingstream_delivery_reply(delivery, NULL, &call));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_delivery_reply(delivery, hello(), NULL));
    FAILS(ARGUMENT, dingstream_delivery_later(delivery, NULL, 1));
    FAILS(ARGUMENT, dingstream_delivery_fail(delivery, BROKEN, 2));
    CHECK(!dingstream_delivery_is_settled(delivery));
    FAILS_AS(ARGUMENT, "queue is NULL", dingstream_call_to_queue(call_of_start(client), NULL, 0));
    FAILS_AS(ARGUMENT, "function is NULL", dingstream_call_on_done(call_of_start(client), NULL, NULL, NULL));
    call = call_of_start(client);
    FAILS(ARGUMENT, dingstream_call_wait(call, 0, NULL));
    dingstream_call_free(call);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void readers_of_null_find_nothing(void)
{
    size_t length = 9;
    CHECK(dingstream_error_kind(NULL) == 0 && dingstream_error_http_status(NULL) == 0);
    CHECK(!dingstream_error_retryable(NULL));
    CHECK_TEXT(dingstream_error_message(NULL), "");
    CHECK_TEXT(dingstream_error_hint(NULL), "");
    CHECK_TEXT(dingstream_error_stage(NULL), "");
    CHECK_TEXT(dingstream_error_platform_code(NULL), "");
    CHECK_TEXT(dingstream_error_request_id(NULL), "");
    CHECK(dingstream_json_text(NULL, T("/a"), &length) == NULL && length == 0);
    CHECK(dingstream_json_raw(NULL, NULL, 0, NULL) == NULL);
    CHECK(dingstream_json_int(NULL, T("/a"), 5) == 5 && dingstream_json_bool(NULL, T("/a"), true));
    CHECK(dingstream_json_len(NULL, NULL, 0) == 0);
    CHECK(dingstream_delivery_kind(NULL) == 0 && dingstream_delivery_source(NULL) == 0);
    CHECK(dingstream_delivery_topic(NULL, NULL) == NULL && dingstream_delivery_id(NULL, NULL) == NULL);
    length = 9;
    CHECK(dingstream_delivery_data(NULL, &length) == NULL && length == 0);
    CHECK(dingstream_delivery_json(NULL) == NULL && dingstream_delivery_headers(NULL) == NULL);
    CHECK(dingstream_delivery_is_settled(NULL));
    CHECK(dingstream_client_state(NULL) == DINGSTREAM_STATE_IDLE && dingstream_client_queue(NULL) == NULL);
}

static void free_takes_null(void)
{
    dingstream_error_free(NULL);
    dingstream_config_free(NULL);
    dingstream_json_free(NULL);
    dingstream_message_free(NULL);
    dingstream_queue_free(NULL);
    dingstream_delivery_free(NULL);
    dingstream_call_cancel(NULL);
    dingstream_call_free(NULL);
    dingstream_client_free(NULL);
}

static void a_length_of_zero_ignores_the_pointer(void)
{
    dingstream_config *config;
    dingstream_json *json;
    SUCCEEDS(dingstream_config_new(NOWHERE, 0, NULL, 0, &config));
    SUCCEEDS(dingstream_config_set_ua(config, NOWHERE, 0));
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NOWHERE, 0));
    dingstream_config_free(config);
    SUCCEEDS(dingstream_json_new(&json));
    SUCCEEDS(dingstream_json_set_text(json, T("/a"), NOWHERE, 0));
    CHECK_TEXT(dingstream_json_raw(json, NOWHERE, 0, NULL), "{\"a\":\"\"}");
    FAILS(ARGUMENT, dingstream_json_set_raw(json, T("/a"), NOWHERE, 0));
    dingstream_json_free(json);
}

static void text_that_is_not_utf8_is_refused(void)
{
    dingstream_config *config = NULL;
    dingstream_json *json = NULL;
    dingstream_message *message = NULL;
    FAILS_AS(ARGUMENT, "client_id is not UTF-8 from byte 1", dingstream_config_new(BROKEN, 2, T("s"), &config));
    FAILS(ARGUMENT, dingstream_config_from_json(BROKEN, 2, &config));
    FAILS(ARGUMENT, dingstream_json_parse(BROKEN, 2, &json));
    FAILS(ARGUMENT, dingstream_message_new_text(BROKEN, 2, &message));
    FAILS(ARGUMENT, dingstream_message_from_json(BROKEN, 2, &message));
    CHECK(config == NULL && json == NULL && message == NULL);

    config = bot_config();
    FAILS(ARGUMENT, dingstream_config_set_endpoint(config, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_config_set_bypass(config, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_config_set_extras(config, BROKEN, 2, T("v")));
    FAILS(ARGUMENT, dingstream_config_set_extras(config, T("k"), BROKEN, 2));
    FAILS(ARGUMENT, dingstream_config_subscribe(config, DINGSTREAM_KIND_OTHER, BROKEN, 2));
    dingstream_config_free(config);
    message = hello();
    FAILS(ARGUMENT, dingstream_message_at_mobile(message, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_message_at_user(message, BROKEN, 2));
    dingstream_message_free(message);
    SUCCEEDS(dingstream_json_new(&json));
    FAILS(ARGUMENT, dingstream_json_set_text(json, BROKEN, 2, T("v")));
    FAILS(ARGUMENT, dingstream_json_set_text(json, T("/a"), BROKEN, 2));
    CHECK(dingstream_json_text(json, BROKEN, 2, NULL) == NULL);
    dingstream_json_free(json);
}

static void a_length_that_is_none_is_refused(void)
{
    dingstream_json *json = NULL;
    FAILS_AS(ARGUMENT, "the length of json is no length", dingstream_json_parse("{}", SIZE_MAX, &json));
    CHECK(json == NULL);
}

static void a_number_that_is_no_kind_is_refused(void)
{
    dingstream_config *config = bot_config();
    FAILS_AS(ARGUMENT, "there is no kind of delivery with the number 99", dingstream_config_subscribe(config, 99, NULL, 0));
    FAILS(ARGUMENT, dingstream_config_subscribe(config, DINGSTREAM_KIND_NONE, NULL, 0));
    FAILS(ARGUMENT, dingstream_config_subscribe(config, DINGSTREAM_KIND_LOG, NULL, 0));
    FAILS(CONFIG, dingstream_config_subscribe(config, DINGSTREAM_KIND_STATE, NULL, 0));
    dingstream_config_free(config);
}

const struct claim ARGUMENT_CLAIMS[] = {
    CLAIM(null_is_refused_by_config_and_message),
    CLAIM(null_is_refused_by_json),
    CLAIM(null_is_refused_by_queue_and_client),
    CLAIM(null_is_refused_by_delivery_and_call),
    CLAIM(readers_of_null_find_nothing),
    CLAIM(free_takes_null),
    CLAIM(a_length_of_zero_ignores_the_pointer),
    CLAIM(text_that_is_not_utf8_is_refused),
    CLAIM(a_length_that_is_none_is_refused),
    CLAIM(a_number_that_is_no_kind_is_refused),
    CLAIMS_END,
};
