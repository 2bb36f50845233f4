/* Calls: waited for, sent to a queue, told to a function, cancelled, forgotten. */

#include "suite.h"

/* A client whose start never ends: nothing listens there. */
static dingstream_client *unconnected(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_endpoint(config, T("http://127.0.0.1:9")));
    SUCCEEDS(dingstream_config_set_log_level(config, T("off")));
    return bot_made(config, NULL, 0);
}

static void waiting_for_a_call_may_run_out(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = call_of_start(client);
    dingstream_json *result = (dingstream_json *)&client;
    SUCCEEDS(dingstream_call_wait(call, 0, &result));
    CHECK(result == NULL);
    SUCCEEDS(dingstream_call_wait(call, 20, &result));
    CHECK(result == NULL);
    dingstream_call_free(call);
    dingstream_client_free(client);
}

static void a_cancelled_call_ends_as_cancelled(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = call_of_start(client);
    dingstream_json *result = NULL;
    dingstream_call_cancel(call);
    dingstream_call_cancel(call);
    for (int again = 0; again < 2; again++) {
        dingstream_error *error = dingstream_call_wait(call, -1, &result);
        CHECK(dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_CANCELLED && result == NULL);
        CHECK_TEXT(dingstream_error_stage(error), "call:start");
        dingstream_error_free(error);
    }
    dingstream_call_free(call);
    dingstream_client_free(client);
}

static void a_call_that_is_over_is_not_cancelled(void)
{
    dingstream_client *client = bot_connected();
    dingstream_call *call = call_of_start(client);
    dingstream_json *result = NULL;
    SUCCEEDS(dingstream_call_wait(call, DEADLINE_MS, &result));
    CHECK_TEXT(dingstream_json_raw(result, NULL, 0, NULL), "{}");
    dingstream_json_free(result);
    dingstream_call_cancel(call);
    SUCCEEDS(call_result(call));
    dingstream_client_free(client);
}

static void a_call_goes_to_a_queue_with_its_tag(void)
{
    dingstream_queue *queue;
    dingstream_call *call;
    SUCCEEDS(dingstream_queue_new(&queue));
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    SUCCEEDS(dingstream_call_to_queue(call, queue, UINT64_MAX));
    dingstream_view view = bot_take(queue, DINGSTREAM_KIND_CALL);
    CHECK(view.tag == UINT64_MAX && view.error == NULL && view.delivery == NULL);
    CHECK_TEXT(dingstream_json_text(view.json, T("/via"), NULL), "session");
    CHECK_TEXT(view.data, "{\"via\":\"session\"}");
    view_free(&view);

    call = call_of_start(client);
    SUCCEEDS(dingstream_call_to_queue(call, queue, 5));
    view = bot_take(queue, DINGSTREAM_KIND_CALL);
    CHECK(view.tag == 5 && view.error == NULL);
    view_free(&view);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
    dingstream_queue_free(queue);
}

static void a_failed_call_comes_with_its_error(void)
{
    dingstream_queue *queue;
    dingstream_config *config = bot_config();
    simulator_reset();
    SUCCEEDS(dingstream_queue_new(&queue));
    SUCCEEDS(dingstream_config_set_client_secret(config, T("planted-secret")));
    dingstream_client *client = bot_made(config, queue, 0);
    SUCCEEDS(dingstream_call_to_queue(call_of_start(client), queue, 8));
    dingstream_view view = bot_take(queue, DINGSTREAM_KIND_CALL);
    CHECK(view.tag == 8 && view.json == NULL && view.data == NULL && view.data_len == 0);
    CHECK(dingstream_error_kind(view.error) == DINGSTREAM_ERROR_KIND_AUTH);
    CHECK(dingstream_error_http_status(view.error) == 401 && !dingstream_error_retryable(view.error));
    CHECK_TEXT(dingstream_error_stage(view.error), "open");
    CHECK_TEXT(dingstream_error_platform_code(view.error), "authFailed");
    CHECK(strlen(dingstream_error_request_id(view.error)) > 0 && strlen(dingstream_error_hint(view.error)) > 0);
    CHECK(strstr(dingstream_error_message(view.error), "planted") == NULL);
    view_free(&view);
    dingstream_client_free(client);
    dingstream_queue_free(queue);
}

struct told {
    struct bell done, dropped;
    char via[32];
    uint32_t kind;
};

static void tell(void *user_data, dingstream_json *json, dingstream_error *error)
{
    struct told *told = user_data;
    const char *via = dingstream_json_text(json, T("/via"), NULL);
    snprintf(told->via, sizeof told->via, "%s", via == NULL ? "" : via);
    told->kind = dingstream_error_kind(error);
    dingstream_json_free(json);
    dingstream_error_free(error);
    bell_ring(&told->done);
}

static void drop(void *user_data)
{
    bell_ring(&((struct told *)user_data)->dropped);
}

static void told_make(struct told *told)
{
    memset(told, 0, sizeof *told);
    bell_make(&told->done);
    bell_make(&told->dropped);
}

/* The drop has run once, and nothing more comes. */
static void told_free(struct told *told)
{
    bell_wait(&told->dropped);
    CHECK(bell_is_silent(&told->dropped) && bell_is_silent(&told->done));
    bell_free(&told->done);
    bell_free(&told->dropped);
}

static void a_call_is_told_to_a_function(void)
{
    struct told replied, cancelled;
    dingstream_client *client = bot_connected(), *other = unconnected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_call *call;
    told_make(&replied);
    told_make(&cancelled);
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    SUCCEEDS(dingstream_call_on_done(call, tell, &replied, drop));
    bell_wait(&replied.done);
    CHECK_TEXT(replied.via, "session");
    CHECK(replied.kind == 0);
    told_free(&replied);

    SUCCEEDS(dingstream_call_on_done(call_of_start(other), tell, &cancelled, drop));
    dingstream_client_free(other);
    bell_wait(&cancelled.done);
    CHECK(cancelled.kind == DINGSTREAM_ERROR_KIND_CLOSED);
    told_free(&cancelled);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void a_refused_function_is_dropped_all_the_same(void)
{
    struct told told;
    told_make(&told);
    FAILS(ARGUMENT, dingstream_call_on_done(NULL, tell, &told, drop));
    told_free(&told);
    told_make(&told);
    dingstream_client *client = unconnected();
    FAILS(ARGUMENT, dingstream_call_on_done(call_of_start(client), NULL, &told, drop));
    told_free(&told);
    dingstream_client_free(client);
}

static void a_forgotten_call_goes_on(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_call *call;
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    dingstream_call_free(call);
    char path[64];
    snprintf(path, sizeof path, "records?kind=reply&wait=%d", DEADLINE_MS);
    dingstream_json *records = simulator_get(path);
    CHECK_TEXT(dingstream_json_text(records, T("/records/0/body/text/content"), NULL), "hello");
    dingstream_json_free(records);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void an_error_that_nobody_looked_at_is_logged(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_json_free(simulator_post("break", "{\"what\":\"webhook\",\"errcode\":310000,\"errmsg\":\"refused\"}"));
    dingstream_call *call;
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    dingstream_call_free(call);
    dingstream_view view = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_LOG);
    CHECK_TEXT(view.data, "nobody looked at the error of reply: DingTalk refused the reply (310000 refused): look the code up "
                          "in the documentation of robot messages");
    view_free(&view);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

const struct claim CALL_CLAIMS[] = {
    CLAIM(waiting_for_a_call_may_run_out),
    CLAIM(a_cancelled_call_ends_as_cancelled),
    CLAIM(a_call_that_is_over_is_not_cancelled),
    CLAIM(a_call_goes_to_a_queue_with_its_tag),
    CLAIM(a_failed_call_comes_with_its_error),
    CLAIM(a_call_is_told_to_a_function),
    CLAIM(a_refused_function_is_dropped_all_the_same),
    CLAIM(a_forgotten_call_goes_on),
    CLAIM(an_error_that_nobody_looked_at_is_logged),
    CLAIMS_END,
};
