/* The behaviours that start and stop the client themselves and take deliveries one by one. */

#include <stdio.h>
#include <string.h>

#include "bot.h"

static dingstream_client *client;

static void make(int all)
{
    dingstream_config *config = config_from_environment();
    if (all) {
        subscribe_all(config);
    } else {
        check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
        check(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    }
    client = client_made(config, NULL, 0);
}

static dingstream_error *start(void)
{
    dingstream_call *call;
    check(dingstream_client_start(client, &call));
    return waited(call);
}

static dingstream_call *stop(void)
{
    dingstream_call *call;
    check(dingstream_client_stop(client, PATIENCE_MS, &call));
    return call;
}

/* The next delivery that owes something, or NULL once the client has stopped. */
static dingstream_delivery *next(void)
{
    for (;;) {
        dingstream_view view;
        check(dingstream_queue_next(dingstream_client_queue(client), -1, &view));
        if (view.kind == DINGSTREAM_KIND_LOG) {
            fprintf(stderr, "%s %s: %s\n", view.topic, view.id, view.data);
            dingstream_json_free(view.json);
        } else if (view.kind == DINGSTREAM_KIND_STATE) {
            int stopped = strcmp(view.topic, "stopped") == 0;
            report_state(view.topic);
            dingstream_delivery_free(view.delivery);
            if (stopped) {
                return NULL;
            }
        } else {
            report_handled_one();
            return view.delivery;
        }
    }
}

/* Stops, and hears of it: what the queue still holds of this run must not end the next one. */
static void stop_and_drain(void)
{
    check(waited(stop()));
    for (dingstream_delivery *left = next(); left != NULL; left = next()) {
        dingstream_delivery_free(left);
    }
}

static int freed(int code)
{
    dingstream_client_free(client);
    return code;
}

int play_start(void)
{
    make(0);
    if (end(start()) != 0) {
        return freed(3);
    }
    stop_and_drain();
    return freed(0);
}

int play_restart(void)
{
    make(0);
    for (int run = 1; run <= 2; run++) {
        if (end(start()) != 0) {
            return freed(1);
        }
        dingstream_delivery *delivery = next();
        check(reply_and_wait(delivery, message_text(run == 1 ? "run 1: " : "run 2: ", text_of(delivery))));
        check(dingstream_delivery_ok(delivery, NULL));
        dingstream_delivery_free(delivery);
        stop_and_drain();
    }
    return freed(0);
}

int play_iterate(void)
{
    make(0);
    if (end(start()) != 0) {
        return freed(1);
    }
    for (dingstream_delivery *delivery = next(); delivery != NULL; delivery = next()) {
        if (dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_MESSAGE) {
            check(reply_and_wait(delivery, message_text("", text_of(delivery))));
            if (text_is(text_of(delivery), "stop")) {
                dingstream_call_free(stop());
            }
        }
        check(dingstream_delivery_ok(delivery, NULL));
        dingstream_delivery_free(delivery);
    }
    return freed(0);
}

/* Lets go of whatever it takes. */
int play_decline(void)
{
    make(1);
    if (end(start()) != 0) {
        return freed(1);
    }
    for (int taken = 0; taken < 4; taken++) {
        dingstream_delivery_free(next());
    }
    stop_and_drain();
    return freed(0);
}
