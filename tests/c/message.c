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

/* Takes the message. */
static void is_json(dingstream_message *message, const char *expected)
{
    dingstream_json *json;
    SUCCEEDS(dingstream_message_to_json(message, &json));
    CHECK_TEXT(dingstream_json_raw(json, NULL, 0, NULL), expected);
    dingstream_json_free(json);
    dingstream_message_free(message);
}

static void every_type_has_its_constructor(void)
{
    dingstream_message *message;
    SUCCEEDS(dingstream_message_new_text(T("x"), &message));
    is_json(message, "{\"type\":\"text\",\"content\":\"x\"}");
    SUCCEEDS(dingstream_message_new_link(T("t"), T("x"), T("u"), &message));
    SUCCEEDS(dingstream_message_set_picture(message, T("p")));
    is_json(message, "{\"type\":\"link\",\"title\":\"t\",\"text\":\"x\",\"url\":\"u\",\"picture\":\"p\"}");
    SUCCEEDS(dingstream_message_new_action_card(T("t"), T("x"), &message));
    SUCCEEDS(dingstream_message_add_button(message, T("b"), T("u")));
    SUCCEEDS(dingstream_message_set_horizontal(message));
    is_json(message, "{\"type\":\"action_card\",\"title\":\"t\",\"text\":\"x\","
                     "\"buttons\":[{\"title\":\"b\",\"url\":\"u\"}],\"horizontal\":true}");
    SUCCEEDS(dingstream_message_new_feed_card(&message));
    SUCCEEDS(dingstream_message_add_entry(message, T("a"), T("u"), T("p")));
    is_json(message, "{\"type\":\"feed_card\",\"entries\":[{\"title\":\"a\",\"url\":\"u\",\"picture\":\"p\"}]}");
    SUCCEEDS(dingstream_message_new_image(T("@p"), &message));
    is_json(message, "{\"type\":\"image\",\"photo\":\"@p\"}");
    SUCCEEDS(dingstream_message_new_audio(T("@a"), 4000, &message));
    is_json(message, "{\"type\":\"audio\",\"media_id\":\"@a\",\"duration_ms\":4000}");
    SUCCEEDS(dingstream_message_new_file(T("@f"), T("a.pdf"), &message));
    is_json(message, "{\"type\":\"file\",\"media_id\":\"@f\",\"file_name\":\"a.pdf\"}");
    SUCCEEDS(dingstream_message_new_video(T("$v"), T("$c"), 5, &message));
    is_json(message, "{\"type\":\"video\",\"media_id\":\"$v\",\"cover_media_id\":\"$c\",\"duration_s\":5}");
}

static void what_a_type_does_not_have_leaves_it_as_it_is(void)
{
    dingstream_message *message = hello();
    SUCCEEDS(dingstream_message_set_picture(message, T("p")));
    SUCCEEDS(dingstream_message_add_button(message, T("b"), T("u")));
    SUCCEEDS(dingstream_message_set_horizontal(message));
    SUCCEEDS(dingstream_message_add_entry(message, T("a"), T("u"), T("p")));
    is_json(message, "{\"type\":\"text\",\"content\":\"hello\"}");
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
    CLAIM(every_type_has_its_constructor),
    CLAIM(what_a_type_does_not_have_leaves_it_as_it_is),
    CLAIM(a_wrong_message_is_named),
    CLAIM(an_empty_message_is_the_error_of_its_call),
    CLAIMS_END,
};
