/* The behaviour that runs into errors: the text of a message names which. */

#include <stdlib.h>
#include <string.h>

#include "bot.h"

#define LONG_TEXT (1024 * 1024)
/* More than a webhook lets wait. */
#define SENDS 1100

static dingstream_error *elsewhere(void)
{
    dingstream_call *call;
    dingstream_error *error = dingstream_client_request(called_client(), DINGSTREAM_HOST_API, AT("GET"),
                                                        AT("https://elsewhere/"), NULL, 0, NULL, 0, NULL, 0, &call);
    return error != NULL ? error : waited(call);
}

static dingstream_error *no_id(void)
{
    dingstream_config *config;
    dingstream_client *client;
    check(dingstream_config_new(NULL, 0, NULL, 0, &config));
    dingstream_error *error = dingstream_client_new(config, NULL, 0, &client);
    dingstream_config_free(config);
    return error;
}

static dingstream_error *too_long(dingstream_delivery *delivery)
{
    dingstream_message *message;
    char *text = malloc(LONG_TEXT);
    if (text == NULL) {
        abort();
    }
    memset(text, 'x', LONG_TEXT);
    check(dingstream_message_new_text(text, LONG_TEXT, &message));
    free(text);
    return reply_and_wait(delivery, message);
}

static dingstream_error *cancelled(void)
{
    dingstream_message *message;
    dingstream_call *call;
    check(dingstream_message_new_text(AT("x"), &message));
    check(dingstream_client_send(called_client(), AT("{\"group\":\"cid1==\"}"), message, &call));
    dingstream_call_cancel(call);
    return waited(call);
}

static dingstream_error *closed(void)
{
    dingstream_config *config = config_of("ding-second", "second-secret");
    dingstream_call *start, *stop;
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    dingstream_client *client = client_made(config, NULL, 0);
    check(dingstream_client_start(client, &start));
    check(dingstream_client_stop(client, 0, &stop));
    dingstream_call_free(stop);
    dingstream_error *error = waited(start);
    dingstream_client_free(client);
    return error;
}

static dingstream_error *busy(void)
{
    dingstream_json *options;
    dingstream_webhook *webhook;
    dingstream_call *call = NULL;
    const char *url = getenv("DINGSTREAM_BOT_WEBHOOK");
    check(dingstream_json_new(&options));
    check(dingstream_json_set_text(options, AT("/url"), AT(url == NULL ? "" : url)));
    check(dingstream_webhook_new(AT(dingstream_json_raw(options, NULL, 0, NULL)), NULL, 0, &webhook));
    dingstream_json_free(options);
    for (int index = 0; index < SENDS; index++) {
        dingstream_message *message;
        check(dingstream_message_new_text(AT("x"), &message));
        dingstream_call_free(call);
        check(dingstream_webhook_send(webhook, message, &call));
    }
    dingstream_error *error = waited(call);
    dingstream_webhook_free(webhook);
    return error;
}

static dingstream_error *run_into(dingstream_delivery *delivery)
{
    struct text text = text_of(delivery);
    if (text_is(text, "elsewhere")) {
        return elsewhere();
    }
    if (text_is(text, "config")) {
        return no_id();
    }
    if (text_is(text, "long")) {
        return too_long(delivery);
    }
    if (text_is(text, "cancel")) {
        return cancelled();
    }
    return text_is(text, "closed") ? closed() : busy();
}

static void act(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    end(run_into(delivery));
    check(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

int play_errors(void)
{
    return called(config_from_environment(), act);
}
