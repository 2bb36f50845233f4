/* The behaviours that take batches from a queue. */

#include <string.h>

#include "bot.h"

static int all(handler *handle)
{
    dingstream_config *config = config_from_environment();
    subscribe_all(config);
    return pump_one(config, handle);
}

static int messages(handler *handle)
{
    dingstream_config *config = config_from_environment();
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    return pump_one(config, handle);
}

static void settle_card(dingstream_delivery *delivery)
{
    dingstream_json *answer;
    const dingstream_json *data = dingstream_delivery_json(delivery);
    const char *clicked = dingstream_json_raw(data, AT("/content/cardPrivateData/actionIds/0"), NULL);
    if (clicked == NULL) {
        clicked = dingstream_json_raw(data, AT("/value/cardPrivateData/actionIds/0"), NULL);
    }
    check(dingstream_json_new(&answer));
    check(dingstream_json_set_raw(answer, AT("/cardData/cardParamMap/clicked"), AT(clicked == NULL ? "null" : clicked)));
    check(dingstream_delivery_ok(delivery, answer));
    dingstream_json_free(answer);
}

static void settle_other(dingstream_delivery *delivery)
{
    dingstream_json *answer;
    const char *data = dingstream_json_raw(dingstream_delivery_json(delivery), NULL, 0, NULL);
    check(dingstream_json_new(&answer));
    check(dingstream_json_set_raw(answer, AT("/echo"), AT(data == NULL ? "null" : data)));
    check(dingstream_delivery_ok(delivery, answer));
    dingstream_json_free(answer);
}

static enum done answer(dingstream_delivery *delivery)
{
    report_handled_one();
    switch (dingstream_delivery_kind(delivery)) {
    case DINGSTREAM_KIND_MESSAGE:
        text_of(delivery);
        break;
    case DINGSTREAM_KIND_CARD:
        settle_card(delivery);
        break;
    case DINGSTREAM_KIND_OTHER:
        settle_other(delivery);
        break;
    }
    return SETTLED;
}

int play_answer(void)
{
    return all(answer);
}

static dingstream_client *counting;

static enum done count(dingstream_delivery *delivery)
{
    if (text_is(text_of(delivery), "stats")) {
        dingstream_json *stats;
        check(dingstream_client_stats(counting, &stats));
        report_json("/stats", stats);
    }
    return answer(delivery);
}

int play_stats(void)
{
    dingstream_config *config = config_from_environment();
    subscribe_all(config);
    counting = client_made(config, NULL, 0);
    return pump(dingstream_client_queue(counting), &counting, 1, count);
}

static enum done later(dingstream_delivery *delivery)
{
    report_handled_one();
    check(dingstream_delivery_later(delivery, AT("try again")));
    return SETTLED;
}

int play_later(void)
{
    return all(later);
}

static enum done fail(dingstream_delivery *delivery)
{
    report_handled_one();
    check(dingstream_delivery_fail(delivery, AT("the handler failed")));
    return SETTLED;
}

int play_fail(void)
{
    return all(fail);
}

static enum done keep(dingstream_delivery *delivery)
{
    (void)delivery;
    report_handled_one();
    return KEPT;
}

int play_silent(void)
{
    return all(keep);
}

static enum done reply_as(dingstream_delivery *delivery)
{
    static const char *const NAMES[] = {"", "ding-demo: ", "ding-second: "};
    report_handled_one();
    dingstream_message *message = message_text(NAMES[dingstream_delivery_source(delivery)], text_of(delivery));
    dingstream_error *error = reply_and_wait(delivery, message);
    if (error != NULL) {
        complain("the reply failed", error);
        check(dingstream_delivery_fail(delivery, AT("the handler failed")));
    }
    return SETTLED;
}

int play_two(void)
{
    dingstream_queue *queue;
    check(dingstream_queue_new(&queue));
    dingstream_config *first = config_of("ding-demo", "demo-secret"), *second = config_of("ding-second", "second-secret");
    check(dingstream_config_subscribe(first, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    check(dingstream_config_subscribe(second, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    dingstream_client *clients[] = {client_made(first, queue, 1), client_made(second, queue, 2)};
    int code = pump(queue, clients, 2, reply_as);
    dingstream_queue_free(queue);
    return code;
}

static enum done twice(dingstream_delivery *delivery)
{
    report_handled_one();
    for (int time = 0; time < 2; time++) {
        end(dingstream_delivery_ok(delivery, NULL));
    }
    return SETTLED;
}

int play_twice(void)
{
    return messages(twice);
}

static enum done card(dingstream_delivery *delivery)
{
    dingstream_json *done;
    report_handled_one();
    check(dingstream_json_parse(AT("\"done\""), &done));
    check(dingstream_delivery_ok(delivery, done));
    dingstream_json_free(done);
    return SETTLED;
}

int play_card(void)
{
    dingstream_config *config = config_from_environment();
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    return pump_one(config, card);
}

static enum done types(dingstream_delivery *delivery)
{
    const char *type = dingstream_json_text(dingstream_delivery_headers(delivery), AT("/eventType"), NULL);
    if (type != NULL && (strcmp(type, "user_add_org") == 0 || strcmp(type, "org_remove") == 0)) {
        report_handled_one();
        report_text("/event", type);
    } else {
        check(dingstream_delivery_unhandled(delivery));
    }
    return SETTLED;
}

int play_types(void)
{
    dingstream_config *config = config_from_environment();
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    return pump_one(config, types);
}
