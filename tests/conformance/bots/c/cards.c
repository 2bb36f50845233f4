/* The behaviour that sends cards and answers their clicks: the text of a message says what is done. */

#include <stdio.h>
#include <string.h>

#include "bot.h"

#define GROUP "{\"type\":\"IM_GROUP\",\"id\":\"cid1==\"}"
#define TOP "{\"type\":\"ONE_BOX\",\"id\":\"cid1==\",\"until\":4000000000000}"
#define ORDINARY(text) "{\"contents\":[{\"type\":\"markdown\",\"text\":\"" text "\",\"id\":\"1\"}]}"

/* Waits for a call that was made without this error. Takes both. */
static dingstream_error *done(dingstream_error *error, dingstream_call **call)
{
    return error != NULL ? error : waited(*call);
}

/* The same, and reports it where it went well. */
static dingstream_error *tell(dingstream_error *error, dingstream_call **call, const char *name, const char *value)
{
    error = done(error, call);
    if (error == NULL) {
        report_raw(name, value);
    }
    return error;
}

static dingstream_card *card_of(const char *json)
{
    dingstream_card *card;
    check(dingstream_card_from_json(AT(json), &card));
    return card;
}

static dingstream_error *send(void)
{
    dingstream_card *card;
    dingstream_call *call;
    dingstream_json *result, *line;
    check(dingstream_card_from_json(AT("{\"template\":\"mine.schema\",\"last_message\":\"news\"}"), &card));
    check(dingstream_card_set_track_id(card, AT("t-1")));
    check(dingstream_card_set_text(card, AT("title"), AT("t")));
    check(dingstream_card_set_json(card, AT("count"), AT("1")));
    check(dingstream_card_set_json(card, AT("list"), AT("[{\"a\":true}]")));
    check(dingstream_card_set_private(card, AT("u1"), AT("title"), AT("\"for you\"")));
    check(dingstream_card_add_space(card, AT("{\"type\":\"IM_GROUP\",\"id\":\"cid1==\",\"at\":{\"@ALL\":\"@ALL\"}}")));
    check(dingstream_card_add_space(card, AT("{\"type\":\"IM_ROBOT\",\"id\":\"u1\"}")));
    dingstream_error *error = dingstream_client_card_send(called_client(), card, &call);
    error = result_of(error, call, &result);
    if (error != NULL) {
        return error;
    }
    check(dingstream_json_parse(AT("{\"spaces\":[]}"), &line));
    check(dingstream_json_set_text(line, AT("/outTrackId"), AT(dingstream_json_text(result, AT("/outTrackId"), NULL))));
    for (size_t index = 0; index < dingstream_json_len(result, AT("/deliverResults")); index++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/deliverResults/%zu/success", index);
        check(dingstream_json_set_bool(line, AT("/spaces/-"), dingstream_json_bool(result, AT(pointer), false)));
    }
    report_json("/sent", line);
    dingstream_json_free(result);
    return NULL;
}

static dingstream_error *update(void)
{
    dingstream_call *call;
    dingstream_error *error =
        dingstream_client_card_update(called_client(), AT("{\"track_id\":\"t-1\",\"data\":{\"count\":2}}"), &call);
    return tell(error, &call, "/updated", "true");
}

static dingstream_error *top(void)
{
    static const char CARD[] =
        "{\"template\":\"mine.schema\",\"track_id\":\"t-2\",\"data\":{\"title\":\"t\"},\"spaces\":[" GROUP "]}";
    static const char ON_TOP[] = "{\"template\":\"mine.schema\",\"track_id\":\"t-2\",\"spaces\":[" TOP "]}";
    dingstream_client *client = called_client();
    dingstream_call *call;
    dingstream_error *error = done(dingstream_client_card_create(client, card_of(CARD), &call), &call);
    if (error == NULL) {
        error = done(dingstream_client_card_add_spaces(client, card_of(ON_TOP), &call), &call);
    }
    if (error == NULL) {
        error = done(dingstream_client_card_deliver(client, card_of(ON_TOP), &call), &call);
    }
    if (error == NULL) {
        error = tell(dingstream_client_card_close_top(client, AT("t-2"), AT("cid1=="), &call), &call, "/top", "true");
    }
    return error;
}

static dingstream_error *public(void)
{
    static const char *const CARDS[] = {
        "{\"template\":\"markdown\",\"data\":{\"title\":\"t\",\"markdown\":\"m\"}}",
        "{\"template\":\"markdown_buttons\",\"data\":{\"markdown\":\"m\",\"tips\":\"x\","
        "\"buttons\":[{\"text\":\"b\",\"url\":\"https://e\"}]}}",
        "{\"template\":\"ai_markdown\",\"data\":{\"markdown\":\"m\",\"buttons\":[{\"text\":\"b\",\"id\":\"i\"}]}}",
        "{\"template\":\"carousel\",\"data\":{\"markdown\":\"m\",\"slides\":[{\"title\":\"s\",\"image\":\"@i\"}],"
        "\"button\":\"Choose\"}}",
    };
    for (size_t index = 0; index < sizeof CARDS / sizeof *CARDS; index++) {
        dingstream_call *call;
        dingstream_card *card = card_of(CARDS[index]);
        check(dingstream_card_add_space(card, AT(GROUP)));
        dingstream_error *error = done(dingstream_client_card_send(called_client(), card, &call), &call);
        if (error != NULL) {
            return error;
        }
    }
    report_number("/public", sizeof CARDS / sizeof *CARDS);
    return NULL;
}

static dingstream_error *route(void)
{
    dingstream_call *call;
    dingstream_error *error = dingstream_client_card_register_callback(
        called_client(), AT("r"), AT("https://example.com/c"), AT("planted-route-secret"), true, &call);
    return tell(error, &call, "/route", "true");
}

static dingstream_error *standard(void)
{
    dingstream_call *call;
    dingstream_error *error = dingstream_client_standard_card_send(
        called_client(), AT("{\"group\":\"cid1==\"}"), AT("biz-1"), AT(ORDINARY("a")), &call);
    error = done(error, &call);
    if (error != NULL) {
        return error;
    }
    error = dingstream_client_standard_card_update(called_client(), AT("biz-1"), AT(ORDINARY("b")), &call);
    return tell(error, &call, "/standard", "\"biz-1\"");
}

static dingstream_error *refused(void)
{
    dingstream_call *call;
    dingstream_card *card = card_of("{\"template\":\"StandardCard\",\"spaces\":[" GROUP "]}");
    dingstream_error *error = dingstream_client_card_send(called_client(), card, &call);
    return done(error, &call);
}

static dingstream_error *unknown(void)
{
    dingstream_call *call;
    dingstream_error *error = dingstream_client_card_update(
        called_client(), AT("{\"track_id\":\"nobody\",\"data\":{\"title\":\"t\"}}"), &call);
    return done(error, &call);
}

static const struct {
    const char *text;
    dingstream_error *(*act)(void);
} ACTIONS[] = {
    {"send", send},   {"update", update},     {"top", top},         {"public", public},
    {"route", route}, {"standard", standard}, {"refused", refused}, {"unknown", unknown},
};

static void act_on(dingstream_delivery *delivery)
{
    for (size_t index = 0; index < sizeof ACTIONS / sizeof *ACTIONS; index++) {
        if (text_is(text_of(delivery), ACTIONS[index].text)) {
            end(ACTIONS[index].act());
        }
    }
    check(dingstream_delivery_ok(delivery, NULL));
}

/* A value for each source that is asked for. */
static dingstream_json *dynamic_data(const dingstream_json *data)
{
    dingstream_json *values, *response;
    check(dingstream_json_new(&values));
    for (size_t index = 0; index < dingstream_json_len(data, AT("/content/dynamicDataSourceQueryRequests")); index++) {
        char source[128], value[128];
        snprintf(source, sizeof source, "/content/dynamicDataSourceQueryRequests/%zu/dynamicDataSourceId", index);
        snprintf(value, sizeof value, "/%s", dingstream_json_text(data, AT(source), NULL));
        check(dingstream_json_set_raw(values, AT(value), AT("{\"x\":1}")));
    }
    check(dingstream_dynamic_data(AT(dingstream_json_raw(values, NULL, 0, NULL)), &response));
    dingstream_json_free(values);
    return response;
}

static dingstream_json *card_response(const dingstream_json *data)
{
    const char *ids = dingstream_json_raw(data, AT("/content/cardPrivateData/actionIds"), NULL);
    const char *params = dingstream_json_raw(data, AT("/content/cardPrivateData/params"), NULL);
    dingstream_json *line, *response;
    check(dingstream_json_new(&line));
    check(dingstream_json_set_raw(line, AT("/actionIds"), AT(ids)));
    check(dingstream_json_set_raw(line, AT("/params"), AT(params)));
    check(dingstream_json_set_text(line, AT("/userId"), AT(dingstream_json_text(data, AT("/userId"), NULL))));
    report_json("/clicked", line);
    check(dingstream_card_response(AT("{\"count\":1}"), AT("{\"title\":\"mine\"}"), &response));
    return response;
}

static void respond(dingstream_delivery *delivery)
{
    const dingstream_json *data = dingstream_delivery_json(delivery);
    const char *type = dingstream_json_text(data, AT("/type"), NULL);
    dingstream_json *response = strcmp(type, "dynamicDataCallback") == 0 ? dynamic_data(data) : card_response(data);
    check(dingstream_delivery_ok(delivery, response));
    dingstream_json_free(response);
}

static void act(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    if (dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_CARD) {
        respond(delivery);
    } else {
        act_on(delivery);
    }
    dingstream_delivery_free(delivery);
}

int play_cards(void)
{
    dingstream_config *config = config_with("/ordering", "\"none\"");
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    return called(config, act);
}
