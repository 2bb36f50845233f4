/* The behaviour that answers requests of plugins, and replies to assistants. */

#include <stdio.h>
#include <string.h>

#include "bot.h"

static void reply_to(dingstream_delivery *delivery)
{
    dingstream_message *message;
    dingstream_json *result;
    dingstream_call *call;
    check(dingstream_message_new_markdown(AT("echo"), AT("**hi**"), &message));
    dingstream_error *error = dingstream_delivery_reply(delivery, message, &call);
    error = result_of(error, call, &result);
    if (error == NULL) {
        report_text("/replied", dingstream_json_text(result, AT("/via"), NULL));
        dingstream_json_free(result);
    }
    end(error);
}

static void tell(const dingstream_json *data)
{
    static const char *const PARTS[][2] = {
        {"/method", "/requestLine/method"},
        {"/uri", "/requestLine/uri"},
        {"/body", "/body"},
        {"/pluginId", "/headers/x-plugin-id"},
    };
    dingstream_json *line;
    check(dingstream_json_new(&line));
    for (size_t index = 0; index < sizeof PARTS / sizeof *PARTS; index++) {
        check(dingstream_json_set_text(line, AT(PARTS[index][0]), AT(dingstream_json_text(data, AT(PARTS[index][1]), NULL))));
    }
    report_json("/graph", line);
}

static enum done answer(dingstream_delivery *delivery)
{
    const dingstream_json *data = dingstream_delivery_json(delivery);
    dingstream_json *response;
    char body[64];
    report_handled_one();
    if (strcmp(dingstream_json_text(data, AT("/requestLine/uri"), NULL), "/reply") == 0) {
        reply_to(delivery);
    } else {
        tell(data);
    }
    snprintf(body, sizeof body, "{\"echo\":\"%s\"}", dingstream_json_text(data, AT("/requestLine/method"), NULL));
    check(dingstream_graph_response(201, NULL, 0, AT(body), &response));
    check(dingstream_json_set_text(response, AT("/headers/x-trace"), AT("t")));
    check(dingstream_delivery_ok(delivery, response));
    dingstream_json_free(response);
    dingstream_delivery_free(delivery);
    return KEPT;
}

int play_graph(void)
{
    dingstream_config *config = config_from_environment();
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_GRAPH, NULL, 0));
    return pump_one(config, answer);
}
