/* What a client says by itself, without a connection. */

#include "suite.h"

#define USERS "{\"users\":[\"u1\"]}"

static dingstream_client *unconnected(void)
{
    simulator_reset();
    return bot_made(bot_config(), NULL, 0);
}

/* What came of a message to this target. */
static dingstream_json *sent(dingstream_client *client, const char *target)
{
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_client_send(client, T(target), hello(), &call));
    return call_told(call);
}

static void a_message_goes_to_each_kind_of_target(void)
{
    static const char *const TARGETS[] = {USERS, "{\"group\":\"cid1==\"}",
                                          "{\"conversation\":\"cid2==\",\"cool_app\":\"COOLAPP-1\"}"};
    dingstream_client *client = unconnected();
    for (size_t index = 0; index < sizeof TARGETS / sizeof *TARGETS; index++) {
        dingstream_json *told = sent(client, TARGETS[index]);
        CHECK(dingstream_json_len(told, T("/processQueryKeys")) == 1);
        dingstream_json_free(told);
    }
    simulator_expect("send", 3);
    CHECK(dingstream_client_state(client) == DINGSTREAM_STATE_IDLE);
    dingstream_client_free(client);
}

/* A checker would see the message leak where it were not taken. */
static void a_message_is_taken_whatever_is_wrong(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    FAILS(ARGUMENT, dingstream_client_send(client, T("{"), hello(), &call));
    FAILS(ARGUMENT, dingstream_client_send(client, T("{\"colour\":1}"), hello(), &call));
    FAILS(ARGUMENT, dingstream_client_send(client, T("{\"users\":[1]}"), hello(), &call));
    FAILS(ARGUMENT, dingstream_client_send(client, NULL, 2, hello(), &call));
    FAILS_AS(ARGUMENT, "client is NULL", dingstream_client_send(NULL, T(USERS), hello(), &call));
    FAILS_AS(ARGUMENT, "message is NULL", dingstream_client_send(client, T(USERS), NULL, &call));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_client_send(client, T(USERS), hello(), NULL));
    CHECK(call == NULL);
    dingstream_client_free(client);
}

static void what_was_sent_is_asked_about_and_taken_back(void)
{
    dingstream_client *client = unconnected();
    dingstream_json *told = sent(client, USERS), *answer;
    const char *keys = dingstream_json_raw(told, T("/processQueryKeys"), NULL);
    const char *key = dingstream_json_text(told, T("/processQueryKeys/0"), NULL);
    dingstream_call *call;
    SUCCEEDS(dingstream_client_read_status(client, T("{\"users\":[]}"), T(key), &call));
    answer = call_told(call);
    CHECK_TEXT(dingstream_json_text(answer, T("/sendStatus"), NULL), "SUCCESS");
    dingstream_json_free(answer);
    SUCCEEDS(dingstream_client_recall(client, T("{\"users\":[]}"), T(keys), &call));
    answer = call_told(call);
    CHECK_TEXT(dingstream_json_text(answer, T("/successResult/0"), NULL), key);
    dingstream_json_free(answer);
    dingstream_json_free(told);
    dingstream_client_free(client);
}

static void a_ding_takes_users_and_a_known_way(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call;
    SUCCEEDS(dingstream_client_ding(client, T("[\"u1\"]"), DINGSTREAM_REMIND_APP, T("now"), &call));
    SUCCEEDS(call_result(call));
    FAILS_AS(ARGUMENT, "there is no way to ding with the number 9",
             dingstream_client_ding(client, T("[\"u1\"]"), 9, T("now"), &call));
    FAILS_AS(ARGUMENT, "users takes a JSON list of texts", dingstream_client_ding(client, T("{}"), 1, T("now"), &call));
    dingstream_client_free(client);
}

static dingstream_error *request(dingstream_client *client, uint32_t host, const char *query, const char *body,
                                 dingstream_call **call)
{
    return dingstream_client_request(client, host, T("POST"), T("/v1.0/x"), T(query), T(body), NULL, 0, call);
}

static void any_other_api_is_called(void)
{
    dingstream_client *client = unconnected();
    dingstream_json_free(
        simulator_post("answers", "{\"method\":\"POST\",\"path\":\"/v1.0/x\",\"body\":{\"list\":[\"u1\"]}}"));
    dingstream_call *call = NULL;
    SUCCEEDS(request(client, DINGSTREAM_HOST_API, "{\"a\":\"b\"}", "{\"c\":1}", &call));
    dingstream_json *told = call_told(call);
    CHECK_TEXT(dingstream_json_text(told, T("/list/0"), NULL), "u1");
    dingstream_json_free(told);
    SUCCEEDS(request(client, DINGSTREAM_HOST_API, "", "", &call));
    SUCCEEDS(call_result(call));
    call = NULL;
    FAILS_AS(ARGUMENT, "there is no host with the number 9", request(client, 9, "", "", &call));
    FAILS_AS(ARGUMENT, "query takes a JSON object of texts", request(client, 0, "{\"a\":1}", "", &call));
    FAILS_AS(ARGUMENT, "query takes a JSON object of texts", request(client, 0, "[]", "", &call));
    FAILS(ARGUMENT, request(client, 0, "", "{", &call));
    CHECK(call == NULL);
    dingstream_client_free(client);
}

static void an_isv_hands_its_ticket_over(void)
{
    dingstream_client *client = unconnected();
    SUCCEEDS(dingstream_client_set_suite_ticket(client, T("ticket")));
    FAILS_AS(ARGUMENT, "client is NULL", dingstream_client_set_suite_ticket(NULL, T("ticket")));
    FAILS(ARGUMENT, dingstream_client_set_suite_ticket(client, NULL, 1));
    dingstream_client_free(client);
}

static void null_is_refused_by_every_call(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    FAILS(ARGUMENT, dingstream_client_read_status(NULL, T(USERS), T("k"), &call));
    FAILS(ARGUMENT, dingstream_client_read_status(client, T(USERS), NULL, 1, &call));
    FAILS(ARGUMENT, dingstream_client_read_status(client, T(USERS), T("k"), NULL));
    FAILS(ARGUMENT, dingstream_client_recall(NULL, T(USERS), T("[\"k\"]"), &call));
    FAILS(ARGUMENT, dingstream_client_recall(client, T(USERS), T("k"), &call));
    FAILS(ARGUMENT, dingstream_client_recall(client, T(USERS), T("[\"k\"]"), NULL));
    FAILS(ARGUMENT, dingstream_client_ding(NULL, T("[]"), DINGSTREAM_REMIND_SMS, T("x"), &call));
    FAILS(ARGUMENT, dingstream_client_ding(client, T("[]"), DINGSTREAM_REMIND_SMS, NULL, 1, &call));
    FAILS(ARGUMENT, request(NULL, DINGSTREAM_HOST_OAPI, "", "", &call));
    FAILS(ARGUMENT, request(client, DINGSTREAM_HOST_OAPI, "", "", NULL));
    CHECK(call == NULL);
    dingstream_client_free(client);
}

static void a_reply_takes_the_way_of_your_choice(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_delivery_reply_via(delivery, DINGSTREAM_VIA_OPENAPI, hello(), &call));
    dingstream_json *told = call_told(call);
    CHECK_TEXT(dingstream_json_text(told, T("/via"), NULL), "openapi");
    CHECK(dingstream_json_len(told, T("/processQueryKeys")) == 1);
    dingstream_json_free(told);
    call = NULL;
    FAILS(ARGUMENT, dingstream_delivery_reply_via(delivery, 9, hello(), &call));
    FAILS(ARGUMENT, dingstream_delivery_reply_via(NULL, DINGSTREAM_VIA_AUTO, hello(), &call));
    FAILS(ARGUMENT, dingstream_delivery_reply_via(delivery, DINGSTREAM_VIA_AUTO, NULL, &call));
    FAILS(ARGUMENT, dingstream_delivery_reply_via(delivery, DINGSTREAM_VIA_AUTO, hello(), NULL));
    CHECK(call == NULL);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

const struct claim SENDING_CLAIMS[] = {
    CLAIM(a_message_goes_to_each_kind_of_target),
    CLAIM(a_message_is_taken_whatever_is_wrong),
    CLAIM(what_was_sent_is_asked_about_and_taken_back),
    CLAIM(a_ding_takes_users_and_a_known_way),
    CLAIM(any_other_api_is_called),
    CLAIM(an_isv_hands_its_ticket_over),
    CLAIM(null_is_refused_by_every_call),
    CLAIM(a_reply_takes_the_way_of_your_choice),
    CLAIMS_END,
};
