/* Clients as every behaviour needs them: from the environment, answering messages once they are settled. */

#include <stdlib.h>
#include <string.h>

#include "bot.h"

dingstream_config *config_of(const char *id, const char *secret)
{
    dingstream_config *config;
    check(dingstream_config_new(AT(id), AT(secret), &config));
    check(dingstream_config_set_answer_message(config, AT("on_completion")));
    return config;
}

dingstream_config *config_from_environment(void)
{
    const char *id = getenv("DINGTALK_CLIENT_ID"), *secret = getenv("DINGTALK_CLIENT_SECRET");
    return config_of(id == NULL ? "ding-demo" : id, secret == NULL ? "demo-secret" : secret);
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
