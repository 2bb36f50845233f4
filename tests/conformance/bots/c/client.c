/* Clients as every behaviour needs them: from the environment, answering messages once they are settled. */

#include <stdlib.h>
#include <string.h>

#include "bot.h"

/* What the scenario chose goes over what the behaviour did. */
static void unless_chosen(dingstream_json *options, const char *option, const char *value)
{
    if (dingstream_json_raw(options, AT(option), NULL) == NULL) {
        check(dingstream_json_set_raw(options, AT(option), AT(value)));
    }
}

/* `option`, a pointer into the options, and its JSON are the behaviour's own; NULL where it has none. */
static dingstream_config *made(const char *id, const char *secret, const char *option, const char *value)
{
    const char *chosen = getenv("DINGSTREAM_BOT_OPTIONS");
    dingstream_json *options;
    dingstream_config *config;
    check(dingstream_json_parse(AT(chosen == NULL ? "{}" : chosen), &options));
    if (option != NULL) {
        unless_chosen(options, option, value);
    }
    unless_chosen(options, "/answer_message", "\"on_completion\"");
    check(dingstream_json_set_text(options, AT("/client_id"), AT(id)));
    check(dingstream_json_set_text(options, AT("/client_secret"), AT(secret)));
    check(dingstream_config_from_json(AT(dingstream_json_raw(options, NULL, 0, NULL)), &config));
    dingstream_json_free(options);
    return config;
}

dingstream_config *config_of(const char *id, const char *secret)
{
    return made(id, secret, NULL, NULL);
}

dingstream_config *config_with(const char *option, const char *value)
{
    const char *id = getenv("DINGTALK_CLIENT_ID"), *secret = getenv("DINGTALK_CLIENT_SECRET");
    return made(id == NULL ? "ding-demo" : id, secret == NULL ? "demo-secret" : secret, option, value);
}

dingstream_config *config_from_environment(void)
{
    return config_with(NULL, NULL);
}

/* Takes the config. */
dingstream_client *client_made(dingstream_config *config, dingstream_queue *queue, uint64_t source)
{
    dingstream_client *client;
    check(dingstream_client_new(config, queue, source, &client));
    dingstream_config_free(config);
    return client;
}

void subscribe_all(dingstream_config *config)
{
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_OTHER, AT("/v1.0/x")));
}

/* What came of a call that was made without this error. Takes both. */
dingstream_error *result_of(dingstream_error *error, dingstream_call *call, dingstream_json **result)
{
    if (error == NULL) {
        error = dingstream_call_wait(call, -1, result);
        dingstream_call_free(call);
    }
    return error;
}

/* Takes the call, and forgets what it brought. */
dingstream_error *waited(dingstream_call *call)
{
    dingstream_json *result = NULL;
    dingstream_error *error = dingstream_call_wait(call, -1, &result);
    dingstream_json_free(result);
    dingstream_call_free(call);
    return error;
}

dingstream_error *reply_and_wait(dingstream_delivery *delivery, dingstream_message *message)
{
    dingstream_call *call;
    dingstream_error *error = dingstream_delivery_reply(delivery, message, &call);
    return error != NULL ? error : waited(call);
}

/* The exit code for how the bot ended. Takes the error. */
int end(dingstream_error *error)
{
    if (error == NULL) {
        return 0;
    }
    report_error(error);
    dingstream_error_free(error);
    return 1;
}
