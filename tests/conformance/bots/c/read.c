/* The behaviour that reads fields: present or absent, number or text. */

#include <string.h>

#include "bot.h"

/* Sets what `source` has at one of the pointers, or null. */
static void copy_raw(dingstream_json *line, const char *to, const dingstream_json *source, const char *pointer,
                     const char *otherwise)
{
    const char *found = dingstream_json_raw(source, AT(pointer), NULL);
    if (found == NULL && otherwise != NULL) {
        found = dingstream_json_raw(source, AT(otherwise), NULL);
    }
    check(dingstream_json_set_raw(line, AT(to), AT(found == NULL ? "null" : found)));
}

static void copy_text(dingstream_json *line, const char *to, const dingstream_json *source, const char *pointer)
{
    size_t length;
    const char *found = dingstream_json_text(source, AT(pointer), &length);
    check(found == NULL ? dingstream_json_set_null(line, AT(to)) : dingstream_json_set_text(line, AT(to), found, length));
}

static void copy_int(dingstream_json *line, const char *to, const dingstream_json *source, const char *pointer)
{
    /* What is there reads the same with either fallback. */
    int64_t found = dingstream_json_int(source, AT(pointer), 0);
    int absent = found != dingstream_json_int(source, AT(pointer), 1);
    check(absent ? dingstream_json_set_null(line, AT(to)) : dingstream_json_set_int(line, AT(to), found));
}

static void copy_bool(dingstream_json *line, const char *to, const dingstream_json *source, const char *pointer)
{
    bool found = dingstream_json_bool(source, AT(pointer), false);
    int absent = found != dingstream_json_bool(source, AT(pointer), true);
    check(absent ? dingstream_json_set_null(line, AT(to)) : dingstream_json_set_bool(line, AT(to), found));
}

static void read_message(dingstream_json *line, const dingstream_delivery *delivery)
{
    const dingstream_json *data = dingstream_delivery_json(delivery);
    struct text text = text_of(delivery);
    check(text_is_absent(text) ? dingstream_json_set_null(line, AT("/text"))
                               : dingstream_json_set_text(line, AT("/text"), text.start, text.length));
    copy_text(line, "/msgtype", data, "/msgtype");
    copy_text(line, "/conversationType", data, "/conversationType");
    copy_int(line, "/createAt", data, dingstream_json_raw(data, AT("/createAt"), NULL) == NULL ? "/createA" : "/createAt");
    copy_text(line, "/senderNick", data, "/senderNick");
    copy_bool(line, "/isAdmin", data, "/isAdmin");
    copy_raw(line, "/atUsers", data, "/atUsers", NULL);
    copy_raw(line, "/content", data, "/content", NULL);
}

/* What a message may have besides, and where; each is left out where it is not there. */
static const struct {
    const char *name;
    const char *pointer;
} RICH[] = {
    {"/downloadCodes", "/content/richText/*/downloadCode"},
    {"/fileName", "/content/fileName"},
    {"/recognition", "/content/recognition"},
    {"/videoType", "/content/videoType"},
    {"/isReply", "/text/isReplyMsg"},
    {"/quotedMsgId", "/text/repliedMsg/msgId"},
    {"/quotedText", "/text/repliedMsg/content/text"},
    {"/hostingUserId", "/hostingContext/userId"},
    {"/errorCode", "/errCode"},
    {"/errorMessage", "/errMsg"},
    {"/cardUrl", "/content/biz_custom_action_url"},
};

static void read_rich(const dingstream_json *data)
{
    dingstream_json *line;
    check(dingstream_json_new(&line));
    for (size_t index = 0; index < sizeof RICH / sizeof *RICH; index++) {
        const char *found = dingstream_json_raw(data, AT(RICH[index].pointer), NULL);
        if (found != NULL) {
            check(dingstream_json_set_raw(line, AT(RICH[index].name), AT(found)));
        }
    }
    /* A single code, where there is no rich text; a duration, which DingTalk also sends as a text. */
    const char *code = dingstream_json_text(data, AT("/content/downloadCode"), NULL);
    if (code != NULL) {
        check(dingstream_json_set_raw(line, AT("/downloadCodes"), AT("[]")));
        check(dingstream_json_set_text(line, AT("/downloadCodes/-"), AT(code)));
    }
    int64_t duration = dingstream_json_int(data, AT("/content/duration"), -1);
    if (duration >= 0) {
        check(dingstream_json_set_int(line, AT("/duration"), duration));
    }
    if (dingstream_json_len(line, NULL, 0) > 0) {
        report_json("/rich", line);
    } else {
        dingstream_json_free(line);
    }
}

static void read_event(dingstream_json *line, const dingstream_delivery *delivery)
{
    const dingstream_json *headers = dingstream_delivery_headers(delivery);
    copy_text(line, "/eventType", headers, "/eventType");
    copy_text(line, "/eventId", headers, "/eventId");
    copy_int(line, "/bornTime", headers, "/eventBornTime");
}

static void read_card(dingstream_json *line, const dingstream_delivery *delivery)
{
    const dingstream_json *data = dingstream_delivery_json(delivery);
    copy_text(line, "/outTrackId", data, "/outTrackId");
    copy_text(line, "/userId", data, "/userId");
    copy_raw(line, "/actionIds", data, "/content/cardPrivateData/actionIds", "/value/cardPrivateData/actionIds");
    copy_raw(line, "/params", data, "/content/cardPrivateData/params", "/value/cardPrivateData/params");
}

static enum done read_delivery(dingstream_delivery *delivery)
{
    dingstream_json *line;
    report_handled_one();
    check(dingstream_json_new(&line));
    switch (dingstream_delivery_kind(delivery)) {
    case DINGSTREAM_KIND_MESSAGE:
        read_message(line, delivery);
        break;
    case DINGSTREAM_KIND_EVENT:
        read_event(line, delivery);
        break;
    case DINGSTREAM_KIND_CARD:
        read_card(line, delivery);
        break;
    }
    report_json("/read", line);
    if (dingstream_delivery_kind(delivery) == DINGSTREAM_KIND_MESSAGE) {
        read_rich(dingstream_delivery_json(delivery));
    }
    return SETTLED;
}

int play_read(void)
{
    dingstream_config *config = config_from_environment();
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, AT("/v1.0/im/bot/messages/delegate")));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_CARD, NULL, 0));
    return pump_one(config, read_delivery);
}
