/* The behaviour whose deliveries wait until a message releases them. */

#include <stdlib.h>
#include <string.h>

#include "bot.h"

#define MOST 4096

static dingstream_delivery *waiting[MOST];
static size_t count;

static struct text text_at(const dingstream_json *json, const char *pointer)
{
    struct text text;
    text.start = dingstream_json_text(json, AT(pointer), &text.length);
    return text;
}

static void keep(dingstream_delivery *delivery)
{
    if (count == MOST) {
        abort();
    }
    waiting[count++] = delivery;
}

static void settle(dingstream_delivery *delivery)
{
    if (dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_CARD) {
        dingstream_json *response;
        check(dingstream_json_parse(AT("{\"a\":1}"), &response));
        end(dingstream_delivery_ok(delivery, response));
        dingstream_json_free(response);
    } else if (text_is(text_of(delivery), "fail")) {
        dingstream_error_free(dingstream_delivery_fail(delivery, AT("the handler failed")));
    } else {
        /* It may have been settled for us meanwhile. */
        dingstream_error_free(dingstream_delivery_ok(delivery, NULL));
    }
    dingstream_delivery_free(delivery);
}

static void release(void)
{
    dingstream_json *went;
    for (size_t index = 0; index < count; index++) {
        settle(waiting[index]);
    }
    count = 0;
    check(dingstream_json_parse(AT("true"), &went));
    report_json("/went", went);
}

static enum done wait(dingstream_delivery *delivery)
{
    report_handled_one();
    switch (dingstream_delivery_kind(delivery)) {
    case DINGSTREAM_KIND_MESSAGE:
        report_began("message", text_of(delivery));
        break;
    case DINGSTREAM_KIND_EVENT:
        report_began("event", text_at(dingstream_delivery_headers(delivery), "/eventId"));
        break;
    case DINGSTREAM_KIND_CARD:
        report_began("card", text_at(dingstream_delivery_json(delivery), "/outTrackId"));
        break;
    }
    if (!text_is(text_of(delivery), "go")) {
        keep(delivery);
        return KEPT;
    }
    release();
    return SETTLED;
}

int play_wait(void)
{
    dingstream_config *config = config_from_environment();
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    return pump_one(config, wait);
}
