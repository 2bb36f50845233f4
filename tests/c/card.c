/* Cards that do not stream: what they are created from, their calls, and what answers their clicks. */

#include "suite.h"

#define TEMPLATE "{\"id\":\"mine.schema\",\"variables\":[\"title\",\"count\"],\"privateData\":true}"
#define GROUP "{\"type\":\"IM_GROUP\",\"id\":\"cid1==\"}"
#define TOP "{\"type\":\"ONE_BOX\",\"id\":\"cid1==\",\"until\":4000000000000}"
/* Not NULL, not to be read: what an output holds that was not written. */
#define UNTOUCHED ((void *)(uintptr_t)0x5a)

static const char BROKEN[] = "a\xff";

/* A client of a simulator that knows a template. */
static dingstream_client *unconnected(void)
{
    simulator_reset();
    dingstream_json_free(simulator_post("templates", TEMPLATE));
    return bot_made(bot_config(), NULL, 0);
}

static dingstream_card *card_of(const char *json)
{
    dingstream_card *card = NULL;
    SUCCEEDS(dingstream_card_from_json(T(json), &card));
    return card;
}

static dingstream_card *in_group(void)
{
    return card_of("{\"template\":\"mine.schema\",\"track_id\":\"t-1\",\"data\":{\"title\":\"t\"},"
                   "\"spaces\":[" GROUP "]}");
}

/* What the one card holds at this pointer. */
static void holds(const char *pointer, const char *expected)
{
    char path[128];
    snprintf(path, sizeof path, "/cards/0%s", pointer);
    dingstream_json *cards = simulator_get("cards");
    CHECK(dingstream_json_len(cards, T("/cards")) == 1);
    CHECK_TEXT(dingstream_json_text(cards, T(path), NULL), expected);
    dingstream_json_free(cards);
}

static void a_card_is_built_part_by_part_and_sent(void)
{
    dingstream_client *client = unconnected();
    dingstream_card *card;
    dingstream_call *call;
    SUCCEEDS(dingstream_card_new(T("mine.schema"), &card));
    SUCCEEDS(dingstream_card_set_track_id(card, T("t-1")));
    SUCCEEDS(dingstream_card_set_text(card, T("title"), T("t")));
    SUCCEEDS(dingstream_card_set_json(card, T("count"), T("1")));
    SUCCEEDS(dingstream_card_set_private(card, T("u1"), T("title"), T("\"for you\"")));
    SUCCEEDS(dingstream_card_set_field(card, T("userIdType"), T("1")));
    SUCCEEDS(dingstream_card_add_space(card, T(GROUP)));
    SUCCEEDS(dingstream_card_add_space(card, T("{\"type\":\"IM_ROBOT\",\"id\":\"u1\"}")));
    SUCCEEDS(dingstream_client_card_send(client, card, &call));
    dingstream_json *told = call_told(call);
    CHECK_TEXT(dingstream_json_text(told, T("/outTrackId"), NULL), "t-1");
    CHECK(dingstream_json_len(told, T("/deliverResults")) == 2);
    CHECK(dingstream_json_bool(told, T("/deliverResults/1/success"), false));
    dingstream_json_free(told);
    holds("/params/count", "1");
    holds("/users/u1/title", "for you");
    dingstream_client_free(client);
}

static void a_card_is_created_placed_changed_and_taken_down(void)
{
    static const char ON_TOP[] = "{\"template\":\"mine.schema\",\"track_id\":\"t-1\",\"spaces\":[" TOP "]}";
    dingstream_client *client = unconnected();
    dingstream_call *call;
    SUCCEEDS(dingstream_client_card_create(client, in_group(), &call));
    SUCCEEDS(call_result(call));
    SUCCEEDS(dingstream_client_card_add_spaces(client, card_of(ON_TOP), &call));
    SUCCEEDS(call_result(call));
    SUCCEEDS(dingstream_client_card_deliver(client, card_of(ON_TOP), &call));
    SUCCEEDS(call_result(call));
    SUCCEEDS(dingstream_client_card_update(client, T("{\"track_id\":\"t-1\",\"data\":{\"count\":2}}"), &call));
    SUCCEEDS(call_result(call));
    holds("/spaces/0/params/count", "2");
    SUCCEEDS(dingstream_client_card_close_top(client, T("t-1"), T("cid1=="), &call));
    SUCCEEDS(call_result(call));
    FAILS(NOT_FOUND, (SUCCEEDS(dingstream_client_card_update(
                          client, T("{\"track_id\":\"nobody\",\"data\":{\"title\":\"x\"}}"), &call)),
                      call_result(call)));
    dingstream_client_free(client);
}

static void a_callback_route_tells_no_secret(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call;
    SUCCEEDS(dingstream_client_card_register_callback(client, T("r"), T("https://example.com/c"), T("planted-secret"),
                                                      true, &call));
    dingstream_json *told = call_told(call);
    CHECK(strstr(dingstream_json_raw(told, NULL, 0, NULL), "planted-secret") == NULL);
    dingstream_json_free(told);
    dingstream_client_free(client);
}

static void an_ordinary_card_is_sent_and_replaced(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call;
    SUCCEEDS(dingstream_client_standard_card_send(client, T("{\"group\":\"cid1==\"}"), T("biz-1"),
                                                  T("{\"contents\":[{\"type\":\"divider\",\"id\":\"1\"}]}"), &call));
    dingstream_json *told = call_told(call);
    CHECK_TEXT(dingstream_json_text(told, T("/cardBizId"), NULL), "biz-1");
    dingstream_json_free(told);
    SUCCEEDS(dingstream_client_standard_card_update(client, T("biz-1"), T("{\"contents\":[]}"), &call));
    SUCCEEDS(call_result(call));
    holds("/params/cardData", "{\"contents\":[]}");
    dingstream_client_free(client);
}

static void a_wrong_card_is_named(void)
{
    dingstream_card *card = UNTOUCHED;
    FAILS_AS(ARGUMENT, "the card is not JSON", dingstream_card_from_json(T("{"), &card));
    FAILS_AS(ARGUMENT, "the card is not a JSON object", dingstream_card_from_json(T("[]"), &card));
    FAILS_AS(ARGUMENT, "data of a card takes an object", dingstream_card_from_json(T("{\"data\":1}"), &card));
    FAILS(ARGUMENT, dingstream_card_from_json(T("{\"template\":\"markdown\",\"data\":{\"colour\":1}}"), &card));
    CHECK((void *)card == UNTOUCHED);
    card = in_group();
    FAILS(ARGUMENT, dingstream_card_set_json(card, T("count"), T("{")));
    FAILS(ARGUMENT, dingstream_card_set_private(card, T("u"), T("count"), T("")));
    FAILS(ARGUMENT, dingstream_card_set_field(card, T("f"), T("nul")));
    FAILS(ARGUMENT, dingstream_card_add_space(card, T("{\"type\":1}")));
    FAILS(ARGUMENT, dingstream_card_add_space(card, T("no")));
    dingstream_card_free(card);
}

static void null_is_refused_by_a_card(void)
{
    dingstream_card *card = UNTOUCHED;
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_card_new(T("t"), NULL));
    FAILS(ARGUMENT, dingstream_card_new(NULL, 1, &card));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_card_from_json(T("{}"), NULL));
    FAILS(ARGUMENT, dingstream_card_from_json(NULL, 2, &card));
    CHECK((void *)card == UNTOUCHED);
    FAILS_AS(ARGUMENT, "card is NULL", dingstream_card_set_track_id(NULL, T("t")));
    FAILS_AS(ARGUMENT, "card is NULL", dingstream_card_set_text(NULL, T("a"), T("b")));
    FAILS_AS(ARGUMENT, "card is NULL", dingstream_card_set_json(NULL, T("a"), T("1")));
    FAILS_AS(ARGUMENT, "card is NULL", dingstream_card_set_private(NULL, T("u"), T("a"), T("1")));
    FAILS_AS(ARGUMENT, "card is NULL", dingstream_card_add_space(NULL, T(GROUP)));
    FAILS_AS(ARGUMENT, "card is NULL", dingstream_card_set_field(NULL, T("a"), T("1")));
    card = in_group();
    FAILS_AS(ARGUMENT, "id is NULL and its length is not 0", dingstream_card_set_track_id(card, NULL, 1));
    FAILS(ARGUMENT, dingstream_card_set_text(card, NULL, 1, T("b")));
    FAILS(ARGUMENT, dingstream_card_set_text(card, T("a"), NULL, 1));
    dingstream_card_free(card);
    dingstream_card_free(NULL);
}

static void a_card_takes_no_text_that_is_not_utf8(void)
{
    dingstream_card *card = UNTOUCHED;
    FAILS_AS(ARGUMENT, "template_id is not UTF-8 from byte 1", dingstream_card_new(BROKEN, 2, &card));
    FAILS(ARGUMENT, dingstream_card_from_json(BROKEN, 2, &card));
    CHECK((void *)card == UNTOUCHED);
    card = in_group();
    FAILS(ARGUMENT, dingstream_card_set_track_id(card, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_set_text(card, BROKEN, 2, T("b")));
    FAILS(ARGUMENT, dingstream_card_set_text(card, T("a"), BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_set_json(card, T("a"), BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_set_private(card, BROKEN, 2, T("a"), T("1")));
    FAILS(ARGUMENT, dingstream_card_add_space(card, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_set_field(card, T("a"), BROKEN, 2));
    dingstream_card_free(card);
}

/* A checker would see the card leak where it were not taken. */
static void a_card_is_taken_whatever_is_wrong(void)
{
    static dingstream_error *(*const CALLS[])(dingstream_client *, dingstream_card *, dingstream_call **) = {
        dingstream_client_card_send,
        dingstream_client_card_create,
        dingstream_client_card_deliver,
        dingstream_client_card_add_spaces,
    };
    dingstream_client *client = unconnected();
    dingstream_call *call = UNTOUCHED;
    for (size_t index = 0; index < sizeof CALLS / sizeof *CALLS; index++) {
        FAILS_AS(ARGUMENT, "client is NULL", CALLS[index](NULL, in_group(), &call));
        FAILS_AS(ARGUMENT, "card is NULL", CALLS[index](client, NULL, &call));
        FAILS_AS(ARGUMENT, "out is NULL", CALLS[index](client, in_group(), NULL));
    }
    CHECK((void *)call == UNTOUCHED);
    SUCCEEDS(dingstream_client_card_send(client, card_of("{}"), &call));
    FAILS_AS(ARGUMENT, "the card has no template", call_result(call));
    dingstream_client_free(client);
}

static void null_and_broken_json_are_refused_by_the_calls_of_cards(void)
{
    static const char CHANGE[] = "{\"track_id\":\"t\",\"data\":{\"a\":1}}", TARGET[] = "{\"group\":\"c\"}";
    dingstream_client *client = unconnected();
    dingstream_call *call = UNTOUCHED;
    FAILS(ARGUMENT, dingstream_client_card_update(NULL, T(CHANGE), &call));
    FAILS(ARGUMENT, dingstream_client_card_update(client, T(CHANGE), NULL));
    FAILS(ARGUMENT, dingstream_client_card_update(client, NULL, 1, &call));
    FAILS(ARGUMENT, dingstream_client_card_update(client, T("{"), &call));
    FAILS_AS(ARGUMENT, "data takes an object", dingstream_client_card_update(client, T("{\"data\":1}"), &call));
    FAILS(ARGUMENT, dingstream_client_card_close_top(NULL, T("t"), T("c"), &call));
    FAILS(ARGUMENT, dingstream_client_card_close_top(client, BROKEN, 2, T("c"), &call));
    FAILS(ARGUMENT, dingstream_client_card_close_top(client, T("t"), T("c"), NULL));
    FAILS(ARGUMENT, dingstream_client_card_register_callback(NULL, T("r"), T("u"), T("s"), true, &call));
    FAILS(ARGUMENT, dingstream_client_card_register_callback(client, T("r"), T("u"), BROKEN, 2, true, &call));
    FAILS(ARGUMENT, dingstream_client_card_register_callback(client, T("r"), T("u"), T("s"), true, NULL));
    FAILS(ARGUMENT, dingstream_client_standard_card_send(NULL, T(TARGET), T("b"), T("{}"), &call));
    FAILS(ARGUMENT, dingstream_client_standard_card_send(client, T("{"), T("b"), T("{}"), &call));
    FAILS(ARGUMENT, dingstream_client_standard_card_send(client, T(TARGET), T("b"), T("{"), &call));
    FAILS(ARGUMENT, dingstream_client_standard_card_send(client, T(TARGET), T("b"), T("{}"), NULL));
    FAILS(ARGUMENT, dingstream_client_standard_card_update(NULL, T("b"), T("{}"), &call));
    FAILS(ARGUMENT, dingstream_client_standard_card_update(client, T("b"), T("{"), &call));
    FAILS(ARGUMENT, dingstream_client_standard_card_update(client, T("b"), T("{}"), NULL));
    CHECK((void *)call == UNTOUCHED);
    dingstream_client_free(client);
}

static void a_response_is_encoded_as_dingtalk_wants_it(void)
{
    dingstream_json *response = UNTOUCHED;
    FAILS_AS(ARGUMENT, "data takes a JSON object", dingstream_card_response(T("[]"), NULL, 0, &response));
    FAILS_AS(ARGUMENT, "private_data takes a JSON object", dingstream_card_response(NULL, 0, T("1"), &response));
    FAILS(ARGUMENT, dingstream_card_response(T("{"), NULL, 0, &response));
    FAILS(ARGUMENT, dingstream_card_response(BROKEN, 2, NULL, 0, &response));
    FAILS(ARGUMENT, dingstream_card_response(NULL, 1, NULL, 0, &response));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_card_response(NULL, 0, NULL, 0, NULL));
    CHECK((void *)response == UNTOUCHED);
    SUCCEEDS(dingstream_card_response(NULL, 0, NULL, 0, &response));
    CHECK_TEXT(dingstream_json_raw(response, NULL, 0, NULL), "{}");
    dingstream_json_free(response);
    SUCCEEDS(dingstream_card_response(T("{\"count\":1}"), T("{\"title\":\"mine\"}"), &response));
    CHECK_TEXT(dingstream_json_text(response, T("/cardData/cardParamMap/count"), NULL), "1");
    CHECK_TEXT(dingstream_json_text(response, T("/userPrivateData/cardParamMap/title"), NULL), "mine");
    dingstream_json_free(response);
}

static void dynamic_data_is_encoded_with_its_types(void)
{
    dingstream_json *response = UNTOUCHED;
    FAILS_AS(ARGUMENT, "values takes a JSON object", dingstream_dynamic_data(T("[]"), &response));
    FAILS(ARGUMENT, dingstream_dynamic_data(T("{"), &response));
    FAILS(ARGUMENT, dingstream_dynamic_data(BROKEN, 2, &response));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_dynamic_data(NULL, 0, NULL));
    CHECK((void *)response == UNTOUCHED);
    SUCCEEDS(dingstream_dynamic_data(T("{\"s\":{\"x\":1}}"), &response));
    CHECK_TEXT(dingstream_json_raw(response, T("/dataSourceQueryResponses/0"), NULL),
               "{\"dynamicDataSourceId\":\"s\",\"dynamicDataValueType\":\"OBJECT\",\"data\":\"{\\\"x\\\":1}\"}");
    dingstream_json_free(response);
}

const struct claim CARD_CLAIMS[] = {
    CLAIM(a_card_is_built_part_by_part_and_sent),
    CLAIM(a_card_is_created_placed_changed_and_taken_down),
    CLAIM(a_callback_route_tells_no_secret),
    CLAIM(an_ordinary_card_is_sent_and_replaced),
    CLAIM(a_wrong_card_is_named),
    CLAIM(null_is_refused_by_a_card),
    CLAIM(a_card_takes_no_text_that_is_not_utf8),
    CLAIM(a_card_is_taken_whatever_is_wrong),
    CLAIM(null_and_broken_json_are_refused_by_the_calls_of_cards),
    CLAIM(a_response_is_encoded_as_dingtalk_wants_it),
    CLAIM(dynamic_data_is_encoded_with_its_types),
    CLAIMS_END,
};
