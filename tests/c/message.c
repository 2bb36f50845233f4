/* Messages, before they are sent. */

#include "suite.h"

static void a_message_is_its_json(void)
{
    dingstream_message *message, *again;
    dingstream_json *json;
    SUCCEEDS(dingstream_message_new_markdown(T("t"), T("x"), &message));
    SUCCEEDS(dingstream_message_at_mobile(message, T("138")));
    SUCCEEDS(dingstream_message_at_user(message, T("u")));
    SUCCEEDS(dingstream_message_at_all(message));
    SUCCEEDS(dingstream_message_to_json(message, &json));
    dingstream_message_free(message);
    const char *text = dingstream_json_raw(json, NULL, 0, NULL);
    CHECK_TEXT(text, "{\"type\":\"markdown\",\"title\":\"t\",\"text\":\"x\",\"at_mobiles\":[\"138\"],"
                     "\"at_user_ids\":[\"u\"],\"at_all\":true}");
    SUCCEEDS(dingstream_message_from_json(T(text), &again));
    dingstream_message_free(again);
    dingstream_json_free(json);
}

static void a_wrong_message_is_named(void)
{
    dingstream_message *message = NULL;
    FAILS_AS(ARGUMENT, "there is no message of type \"poem\"",
             dingstream_message_from_json(T("{\"type\":\"poem\"}"), &message));
    FAILS_AS(ARGUMENT, "a text message needs content", dingstream_message_from_json(T("{\"type\":\"text\"}"), &message));
    CHECK(message == NULL);
}

static void an_empty_message_is_the_error_of_its_call(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_message *message;
    dingstream_call *call;
    SUCCEEDS(dingstream_message_new_text(NULL, 0, &message));
    SUCCEEDS(dingstream_delivery_reply(delivery, message, &call));
    FAILS_AS(ARGUMENT, "content of the text message is empty", call_result(call));
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

const struct claim MESSAGE_CLAIMS[] = {
    CLAIM(a_message_is_its_json),
    CLAIM(a_wrong_message_is_named),
    CLAIM(an_empty_message_is_the_error_of_its_call),
    CLAIMS_END,
};
