/* Clients and what they take. */

#include "suite.h"

/* However slow the machine is, the library answers for nobody but where a claim is about that. */
#define PATIENCE_MS 3600000

/* A config for the simulator, which subscribes bot messages and answers once they are settled. */
dingstream_config *bot_config(void)
{
    dingstream_config *config;
    SUCCEEDS(dingstream_config_new(T("ding-demo"), T("demo-secret"), &config));
    SUCCEEDS(dingstream_config_set_endpoint(config, T(simulator_url())));
    SUCCEEDS(dingstream_config_set_answer_message(config, T("on_completion")));
    SUCCEEDS(dingstream_config_set_answer_within_card_ms(config, PATIENCE_MS));
    SUCCEEDS(dingstream_config_set_answer_within_event_ms(config, PATIENCE_MS));
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    return config;
}

/* Takes the config. */
dingstream_client *bot_made(dingstream_config *config, dingstream_queue *queue, uint64_t source)
{
    dingstream_client *client = NULL;
    SUCCEEDS(dingstream_client_new(config, queue, source, &client));
    dingstream_config_free(config);
    return client;
}

dingstream_call *call_of_start(dingstream_client *client)
{
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_client_start(client, &call));
    return call;
}

dingstream_call *call_of_stop(dingstream_client *client, uint64_t deadline_ms)
{
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_client_stop(client, deadline_ms, &call));
    return call;
}

/* Takes the call, and throws its result away. */
dingstream_error *call_result(dingstream_call *call)
{
    dingstream_json *result = NULL;
    dingstream_error *error = dingstream_call_wait(call, DEADLINE_MS, &result);
    CHECK(error != NULL || result != NULL);
    dingstream_json_free(result);
    dingstream_call_free(call);
    return error;
}

/* Takes the call, and gives what it brought. */
dingstream_json *call_told(dingstream_call *call)
{
    dingstream_json *result = NULL;
    SUCCEEDS(dingstream_call_wait(call, DEADLINE_MS, &result));
    CHECK(result != NULL);
    dingstream_call_free(call);
    return result;
}

void bot_start(dingstream_client *client)
{
    SUCCEEDS(call_result(call_of_start(client)));
}

void bot_stop(dingstream_client *client)
{
    SUCCEEDS(call_result(call_of_stop(client, 0)));
}

/* A client that is connected to a simulator that has forgotten everything. */
dingstream_client *bot_connected(void)
{
    simulator_reset();
    dingstream_client *client = bot_made(bot_config(), NULL, 7);
    bot_start(client);
    return client;
}

void view_free(dingstream_view *view)
{
    dingstream_delivery_free(view->delivery);
    dingstream_json_free(view->json);
    dingstream_error_free(view->error);
}

/* The next view of this kind; what comes before it is freed. */
dingstream_view bot_take(dingstream_queue *queue, uint32_t kind)
{
    dingstream_view view;
    memset(&view, 0, sizeof view);
    for (;;) {
        SUCCEEDS(dingstream_queue_next(queue, DEADLINE_MS, &view));
        if (view.kind == kind || view.kind == DINGSTREAM_KIND_NONE) {
            CHECK(view.kind == kind);
            return view;
        }
        view_free(&view);
    }
}

void bot_take_state(dingstream_queue *queue, const char *state)
{
    for (bool found = false; !found;) {
        dingstream_view view = bot_take(queue, DINGSTREAM_KIND_STATE);
        found = view.kind == DINGSTREAM_KIND_NONE || strcmp(view.topic, state) == 0;
        view_free(&view);
    }
}

/* Pushes a message, and takes it. */
dingstream_delivery *bot_message(dingstream_client *client)
{
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    return bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_MESSAGE).delivery;
}

dingstream_message *hello(void)
{
    dingstream_message *message = NULL;
    SUCCEEDS(dingstream_message_new_text(T("hello"), &message));
    return message;
}
