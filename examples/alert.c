/* Alerts for a group's custom robot: what is more than it may say goes out together. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dingstream.h>

/* Ends the program where something went wrong. */
static void check(dingstream_error *error)
{
    if (error != NULL) {
        fprintf(stderr, "%s: %s\n", dingstream_error_message(error), dingstream_error_hint(error));
        exit(1);
    }
}

static void set(dingstream_json *json, const char *pointer, const char *value)
{
    value = value == NULL ? "" : value;
    check(dingstream_json_set_text(json, pointer, strlen(pointer), value, strlen(value)));
}

static void alert(dingstream_webhook *webhook, const char *host)
{
    char text[64];
    snprintf(text, sizeof text, "disk full on %s", host);
    dingstream_message *message;
    check(dingstream_message_new_text(text, strlen(text), &message));
    dingstream_call *call;
    check(dingstream_webhook_send(webhook, message, &call));
    dingstream_call_free(call); /* It goes on; an error of it is logged. */
}

int main(void)
{
    dingstream_json *options;
    check(dingstream_json_new(&options));
    set(options, "/url", getenv("DINGTALK_WEBHOOK"));
    set(options, "/secret", getenv("DINGTALK_WEBHOOK_SECRET"));
    set(options, "/overflow", "digest");
    size_t length;
    const char *text = dingstream_json_raw(options, NULL, 0, &length);
    dingstream_queue *log;
    check(dingstream_queue_new(&log));
    dingstream_webhook *webhook;
    check(dingstream_webhook_new(text, length, log, 0, &webhook));
    dingstream_json_free(options);

    alert(webhook, "db-1");
    alert(webhook, "db-2");
    alert(webhook, "db-3");

    dingstream_call *flush;
    check(dingstream_webhook_flush(webhook, 90000, &flush));
    dingstream_json *flushed;
    check(dingstream_call_wait(flush, -1, &flushed));
    int64_t left = dingstream_json_int(flushed, "/left", 5, 0);
    dingstream_json_free(flushed);
    dingstream_call_free(flush);
    dingstream_webhook_free(webhook);

    dingstream_view view;
    check(dingstream_queue_next(log, 0, &view));
    while (view.kind == DINGSTREAM_KIND_LOG) {
        fprintf(stderr, "%s %s: %s\n", view.topic, view.id, view.data);
        dingstream_json_free(view.json);
        check(dingstream_queue_next(log, 0, &view));
    }
    dingstream_queue_free(log);
    return left == 0 ? 0 : 1;
}
