/* What is settled after the library had to answer. */

#include "suite.h"

static dingstream_client *impatient(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    SUCCEEDS(dingstream_config_set_answer_within_card_ms(config, 20));
    SUCCEEDS(dingstream_config_set_answer_within_event_ms(config, 20));
    simulator_reset();
    dingstream_client *client = bot_made(config, NULL, 0);
    bot_start(client);
    return client;
}

static dingstream_delivery *clicked(dingstream_client *client)
{
    simulator_push("{\"kind\":\"card\"}");
    dingstream_delivery *action = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_CARD).delivery;
    simulator_expect_answer("200", "{\"response\":{}}");
    return action;
}

static void a_response_that_comes_too_late_is_expired_and_told(void)
{
    dingstream_json *response;
    dingstream_client *client = impatient();
    dingstream_delivery *action = clicked(client);
    SUCCEEDS(dingstream_json_parse(T("{\"a\":1}"), &response));
    FAILS_AS(EXPIRED, "this card action was answered before its handler ended", dingstream_delivery_ok(action, response));
    FAILS(ANSWERED, dingstream_delivery_ok(action, response));
    dingstream_view log = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_LOG);
    CHECK_TEXT(log.topic, "warn");
    CHECK(strstr(log.data, "a response came to nothing") != NULL);
    view_free(&log);
    dingstream_json_free(response);
    dingstream_delivery_free(action);
    dingstream_client_free(client);
}

static void what_says_no_more_than_the_answer_did_is_in_time(void)
{
    dingstream_client *client = impatient();
    dingstream_delivery *action = clicked(client);
    SUCCEEDS(dingstream_delivery_ok(action, NULL));
    dingstream_delivery_free(action);
    action = clicked(client);
    SUCCEEDS(dingstream_delivery_fail(action, T("broken")));
    dingstream_delivery_free(action);
    simulator_push("{\"kind\":\"event\",\"eventType\":\"user_add_org\"}");
    dingstream_delivery *event = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_EVENT).delivery;
    dingstream_json *answer = simulator_answer();
    CHECK(strstr(dingstream_json_text(answer, T("/records/0/data"), NULL), "LATER") != NULL);
    SUCCEEDS(dingstream_delivery_ok(event, NULL));
    dingstream_json_free(answer);
    dingstream_delivery_free(event);
    dingstream_client_free(client);
}

static void after_its_deadline_a_delivery_is_expired_and_the_next_one_comes(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_handler_deadline_ms(config, 20));
    simulator_reset();
    dingstream_client *client = bot_made(config, NULL, 0);
    bot_start(client);
    dingstream_delivery *late = bot_message(client), *next = bot_message(client);
    simulator_expect_answer("500", "{\"response\":null}");
    CHECK(dingstream_delivery_is_settled(late));
    FAILS_AS(EXPIRED, "this delivery was not settled in time and was declined", dingstream_delivery_ok(late, NULL));
    FAILS(EXPIRED, dingstream_delivery_later(late, T("x")));
    FAILS(EXPIRED, dingstream_delivery_fail(late, T("x")));
    FAILS(EXPIRED, dingstream_delivery_unhandled(late));
    CHECK_TEXT(dingstream_json_text(dingstream_delivery_json(late), T("/text/content"), NULL), "hi");
    dingstream_delivery_free(late);
    dingstream_delivery_free(next);
    dingstream_client_free(client);
}

const struct claim LATE_CLAIMS[] = {
    CLAIM(a_response_that_comes_too_late_is_expired_and_told),
    CLAIM(what_says_no_more_than_the_answer_did_is_in_time),
    CLAIM(after_its_deadline_a_delivery_is_expired_and_the_next_one_comes),
    CLAIMS_END,
};
