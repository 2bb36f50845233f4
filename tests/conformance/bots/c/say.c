/* The behaviour that says something by itself, and in every type that there is. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot.h"

#define USERS 25

/* Reports the number of keys, and takes the call. */
static dingstream_error *report_sent(dingstream_error *error, dingstream_call *call)
{
    dingstream_json *result;
    error = result_of(error, call, &result);
    if (error == NULL) {
        report_number("/sent", (int64_t)dingstream_json_len(result, AT("/processQueryKeys")));
        dingstream_json_free(result);
    }
    return error;
}

static dingstream_error *to_users(void)
{
    dingstream_json *target;
    dingstream_message *message;
    dingstream_call *call;
    check(dingstream_json_parse(AT("{\"users\":[]}"), &target));
    for (int index = 0; index < USERS; index++) {
        char user[16];
        snprintf(user, sizeof user, "u%d", index);
        check(dingstream_json_set_text(target, AT("/users/-"), AT(user)));
    }
    check(dingstream_message_new_markdown(AT("t"), AT("x"), &message));
    const char *json = dingstream_json_raw(target, NULL, 0, NULL);
    dingstream_error *error = dingstream_client_send(called_client(), AT(json), message, &call);
    dingstream_json_free(target);
    return report_sent(error, call);
}

static dingstream_error *to_group(void)
{
    dingstream_message *message;
    dingstream_call *call;
    check(dingstream_message_new_text(AT("x"), &message));
    dingstream_error *error = dingstream_client_send(called_client(), AT("{\"group\":\"cid1==\"}"), message, &call);
    return report_sent(error, call);
}

static dingstream_error *request(void)
{
    dingstream_json *result;
    dingstream_call *call;
    dingstream_error *error = dingstream_client_request(
        called_client(), DINGSTREAM_HOST_API, AT("POST"), AT("/v1.0/contact/users/search"), AT("{\"a\":\"b\"}"),
        AT("{\"queryWord\":\"ann\"}"), NULL, 0, &call);
    error = result_of(error, call, &result);
    if (error == NULL) {
        report_raw("/answered", dingstream_json_raw(result, AT("/list"), NULL));
        dingstream_json_free(result);
    }
    return error;
}

static void add_shaped(dingstream_json *line, dingstream_json *shaped)
{
    check(dingstream_json_set_raw(line, AT("/-"), AT(dingstream_json_raw(shaped, NULL, 0, NULL))));
    dingstream_json_free(shaped);
}

static dingstream_error *markdown(void)
{
    static const char TABLE[] = "| a | b |\n| --- | --- |\n| 1 | 2 |\n";
    char words[20 * 5] = "word";
    dingstream_json *line, *shaped;
    for (int index = 1; index < 20; index++) {
        memcpy(words + index * 5 - 1, " word", 5);
    }
    check(dingstream_json_parse(AT("[]"), &line));
    check(dingstream_markdown_escape(AT("a*b_[c]"), &shaped));
    add_shaped(line, shaped);
    check(dingstream_markdown_mention(AT("138"), &shaped));
    add_shaped(line, shaped);
    check(dingstream_markdown_image(AT("@p"), &shaped));
    add_shaped(line, shaped);
    check(dingstream_markdown_link(AT("https://a.b/?c=d"), DINGSTREAM_PLACE_PANEL, &shaped));
    add_shaped(line, shaped);
    check(dingstream_markdown_fit(AT(TABLE), &shaped));
    add_shaped(line, shaped);
    check(dingstream_markdown_split(words, sizeof words - 1, 64, &shaped));
    for (size_t index = 0; index < dingstream_json_len(shaped, NULL, 0); index++) {
        const char pointer[] = {'/', (char)('0' + index), 0};
        check(dingstream_json_set_text(line, AT("/-"), AT(dingstream_json_text(shaped, AT(pointer), NULL))));
    }
    dingstream_json_free(shaped);
    report_json("/markdown", line);
    return NULL;
}

static dingstream_error *support(void)
{
    static const char *const STEADY[] = {"client id", "HTTP status", "code"};
    dingstream_json *line;
    dingstream_call *call;
    dingstream_error *error =
        dingstream_client_request(called_client(), DINGSTREAM_HOST_API, AT("POST"), AT("/v1.0/contact/users/search"),
                                  NULL, 0, NULL, 0, NULL, 0, &call);
    error = error != NULL ? error : waited(call);
    check(dingstream_json_parse(AT("{\"support\":[],\"requiredScopes\":[]}"), &line));
    for (const char *at = dingstream_error_support_text(error); *at != 0; at += strcspn(at, "\n") + 1) {
        for (size_t index = 0; index < sizeof STEADY / sizeof *STEADY; index++) {
            if (strncmp(at, STEADY[index], strlen(STEADY[index])) == 0) {
                check(dingstream_json_set_text(line, AT("/support/-"), at, strcspn(at, "\n")));
            }
        }
    }
    check(dingstream_json_set_text(line, AT("/requiredScopes/-"), AT(dingstream_error_required_scopes(error))));
    dingstream_error_free(error);
    report_line(line);
    return NULL;
}

static void set_variable(dingstream_json *options, const char *pointer, const char *name)
{
    const char *value = getenv(name);
    check(dingstream_json_set_text(options, AT(pointer), AT(value == NULL ? "" : value)));
}

static dingstream_error *by_robot(void)
{
    dingstream_json *options, *result;
    dingstream_message *message;
    dingstream_webhook *webhook;
    dingstream_call *call;
    check(dingstream_json_parse(AT("{\"overflow\":\"drop\"}"), &options));
    set_variable(options, "/url", "DINGSTREAM_BOT_WEBHOOK");
    set_variable(options, "/secret", "DINGSTREAM_BOT_WEBHOOK_SECRET");
    dingstream_error *error = dingstream_webhook_new(AT(dingstream_json_raw(options, NULL, 0, NULL)), NULL, 0, &webhook);
    dingstream_json_free(options);
    if (error != NULL) {
        return error;
    }
    check(dingstream_message_new_text(AT("disk full"), &message));
    error = dingstream_webhook_send(webhook, message, &call);
    error = result_of(error, call, &result);
    if (error == NULL) {
        report_number("/robot", dingstream_json_int(result, AT("/sent"), -1));
        dingstream_json_free(result);
    }
    dingstream_webhook_free(webhook);
    return error;
}

static dingstream_message *card(const char *const *buttons, size_t count)
{
    dingstream_message *message;
    check(dingstream_message_new_action_card(AT("t"), AT("x"), &message));
    for (size_t index = 0; index < count; index++) {
        check(dingstream_message_add_button(message, AT(buttons[index]), AT("https://u")));
    }
    return message;
}

static dingstream_error *reply(dingstream_delivery *delivery, uint32_t via, dingstream_message *message)
{
    dingstream_json *result;
    dingstream_call *call;
    dingstream_error *error = dingstream_delivery_reply_via(delivery, via, message, &call);
    error = result_of(error, call, &result);
    if (error == NULL) {
        report_text("/replied", dingstream_json_text(result, AT("/via"), NULL));
        dingstream_json_free(result);
    }
    return error;
}

static dingstream_error *every_type(dingstream_delivery *delivery)
{
    static const char *const BUTTONS[] = {"b1", "b2"};
    dingstream_message *either[6], *openapi[4];
    dingstream_error *error = NULL;
    check(dingstream_message_new_text(AT("x"), &either[0]));
    check(dingstream_message_new_markdown(AT("t"), AT("x"), &either[1]));
    check(dingstream_message_new_link(AT("t"), AT("x"), AT("https://u"), &either[2]));
    check(dingstream_message_set_picture(either[2], AT("https://p")));
    either[3] = card(BUTTONS, 1);
    either[4] = card(BUTTONS, 2);
    check(dingstream_message_set_horizontal(either[4]));
    check(dingstream_message_new_feed_card(&either[5]));
    check(dingstream_message_add_entry(either[5], AT("a"), AT("https://u"), AT("https://p")));
    check(dingstream_message_new_image(AT("@p"), &openapi[0]));
    check(dingstream_message_new_audio(AT("@a"), 4000, &openapi[1]));
    check(dingstream_message_new_file(AT("@f"), AT("a.pdf"), &openapi[2]));
    check(dingstream_message_new_video(AT("$v"), AT("$c"), 5, &openapi[3]));
    for (int index = 0; index < 10; index++) {
        dingstream_message *message = index < 6 ? either[index] : openapi[index - 6];
        if (error != NULL) {
            dingstream_message_free(message);
            continue;
        }
        error = reply(delivery, index < 6 ? DINGSTREAM_VIA_AUTO : DINGSTREAM_VIA_OPENAPI, message);
    }
    return error;
}

static dingstream_error *act_on(dingstream_delivery *delivery)
{
    struct text text = text_of(delivery);
    if (text_is(text, "users")) {
        return to_users();
    }
    if (text_is(text, "group")) {
        return to_group();
    }
    if (text_is(text, "request")) {
        return request();
    }
    if (text_is(text, "robot")) {
        return by_robot();
    }
    if (text_is(text, "markdown")) {
        return markdown();
    }
    if (text_is(text, "support")) {
        return support();
    }
    return text_is(text, "types") ? every_type(delivery) : NULL;
}

static void say(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    end(act_on(delivery));
    check(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

int play_say(void)
{
    return called(config_from_environment(), say);
}
