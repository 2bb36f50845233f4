/* The custom robot, which needs no client. */

#include "suite.h"

/* Robots of a process are told apart by their addresses, and so are claims. */
static dingstream_webhook *robot(const char *name, const char *secret, dingstream_queue *queue)
{
    char text[256];
    dingstream_webhook *webhook = NULL;
    simulator_reset();
    snprintf(text, sizeof text, "{\"accessToken\":\"%s\",\"secret\":\"SEC1\"}", name);
    dingstream_json_free(simulator_post("robots", text));
    snprintf(text, sizeof text, "{\"url\":\"%s/robot/send?access_token=%s\",\"secret\":\"%s\",\"overflow\":\"digest\"}",
             simulator_url(), name, secret);
    SUCCEEDS(dingstream_webhook_new(T(text), queue, 7, &webhook));
    return webhook;
}

static dingstream_call *call_of_send(dingstream_webhook *webhook)
{
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_webhook_send(webhook, hello(), &call));
    return call;
}

static void a_message_is_signed_and_sent(void)
{
    dingstream_webhook *webhook = robot("c-signed", "SEC1", NULL);
    dingstream_json *told = call_told(call_of_send(webhook));
    CHECK(dingstream_json_int(told, T("/sent"), 0) == 1);
    dingstream_json_free(told);
    dingstream_webhook_free(webhook);
}

static void flush_tells_what_is_left(void)
{
    dingstream_webhook *webhook = robot("c-flush", "SEC1", NULL);
    dingstream_call *call = NULL;
    for (int index = 0; index < 20; index++) {
        SUCCEEDS(call_result(call_of_send(webhook)));
    }
    dingstream_call *late = call_of_send(webhook);
    SUCCEEDS(dingstream_webhook_flush(webhook, 10, &call));
    dingstream_json *told = call_told(call);
    CHECK(dingstream_json_int(told, T("/left"), 0) == 1);
    dingstream_json_free(told);
    dingstream_call_cancel(late);
    dingstream_call_free(late);
    dingstream_webhook_free(webhook);
}

static void an_error_that_nobody_looked_at_is_logged(void)
{
    dingstream_queue *queue;
    SUCCEEDS(dingstream_queue_new(&queue));
    dingstream_webhook *webhook = robot("c-planted", "SECplanted", queue);
    dingstream_call_free(call_of_send(webhook));
    dingstream_webhook_free(webhook);
    dingstream_view view = bot_take(queue, DINGSTREAM_KIND_LOG);
    CHECK(view.source == 7 && strstr(view.data, "310000") != NULL);
    CHECK(strstr(view.data, "planted") == NULL);
    view_free(&view);
    dingstream_queue_free(queue);
}

static void a_call_outlives_its_webhook(void)
{
    dingstream_webhook *webhook = robot("c-outlived", "SEC1", NULL);
    dingstream_call *call = call_of_send(webhook);
    dingstream_webhook_free(webhook);
    SUCCEEDS(call_result(call));
}

static void what_can_not_work_is_refused_without_being_shown(void)
{
    static const char *const WRONG[] = {
        "{}",
        "[]",
        "{",
        "{\"colour\":\"planted\"}",
        "{\"url\":[\"planted\"]}",
        "{\"url\":\"planted\"}",
        "{\"url\":\"ftp://h/robot/send?access_token=planted\"}",
        "{\"url\":\"https://h/robot/send?access_token=planted\",\"overflow\":\"burst\"}",
    };
    dingstream_webhook *webhook = NULL;
    for (size_t index = 0; index < sizeof WRONG / sizeof *WRONG; index++) {
        dingstream_error *error = dingstream_webhook_new(T(WRONG[index]), NULL, 0, &webhook);
        CHECK(dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_CONFIG);
        CHECK(strstr(dingstream_error_message(error), "planted") == NULL);
        CHECK(strstr(dingstream_error_hint(error), "planted") == NULL);
        dingstream_error_free(error);
    }
    CHECK(webhook == NULL);
}

static void null_is_refused_and_the_message_taken(void)
{
    dingstream_webhook *webhook = robot("c-null", "SEC1", NULL);
    dingstream_call *call = NULL;
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_webhook_new(T("{}"), NULL, 0, NULL));
    FAILS(ARGUMENT, dingstream_webhook_new(NULL, 2, NULL, 0, &webhook));
    FAILS_AS(ARGUMENT, "webhook is NULL", dingstream_webhook_send(NULL, hello(), &call));
    FAILS_AS(ARGUMENT, "message is NULL", dingstream_webhook_send(webhook, NULL, &call));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_webhook_send(webhook, hello(), NULL));
    FAILS_AS(ARGUMENT, "webhook is NULL", dingstream_webhook_flush(NULL, 0, &call));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_webhook_flush(webhook, 0, NULL));
    CHECK(call == NULL);
    dingstream_webhook_free(webhook);
    dingstream_webhook_free(NULL);
}

const struct claim WEBHOOK_CLAIMS[] = {
    CLAIM(a_message_is_signed_and_sent),
    CLAIM(flush_tells_what_is_left),
    CLAIM(an_error_that_nobody_looked_at_is_logged),
    CLAIM(a_call_outlives_its_webhook),
    CLAIM(what_can_not_work_is_refused_without_being_shown),
    CLAIM(null_is_refused_and_the_message_taken),
    CLAIMS_END,
};
