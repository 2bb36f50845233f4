/* Takes deliveries in batches and hands them to a function until every client has stopped. */

#include <stdio.h>
#include <string.h>

#include "bot.h"

#define BATCH 64
#define SLICE_MS 50

/* How far the clients of one queue have come. */
struct course {
    size_t starting, running;
    dingstream_error *refused;
};

static void started(struct course *course, dingstream_view *view)
{
    course->starting--;
    /* Being stopped before the first connection is no failure. */
    if (dingstream_error_kind(view->error) != DINGSTREAM_ERROR_KIND_CLOSED && course->refused == NULL) {
        course->refused = view->error;
        view->error = NULL;
    }
}

static void take(struct course *course, dingstream_view *view, handler *handle)
{
    if (view->kind == DINGSTREAM_KIND_STATE) {
        report_state(view->topic);
        course->running -= strcmp(view->topic, "stopped") == 0;
    } else if (view->kind == DINGSTREAM_KIND_CALL) {
        started(course, view);
    } else if (view->kind == DINGSTREAM_KIND_LOG) {
        fprintf(stderr, "%s %s: %s\n", view->topic, view->id, view->data);
    } else if (handle(view->delivery) == KEPT) {
        view->delivery = NULL;
    } else if (!dingstream_delivery_is_settled(view->delivery)) {
        check(dingstream_delivery_ok(view->delivery, NULL));
    }
    dingstream_delivery_free(view->delivery);
    dingstream_json_free(view->json);
    dingstream_error_free(view->error);
}

static void stop(dingstream_client **clients, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        dingstream_call *call;
        check(dingstream_client_stop(clients[index], PATIENCE_MS, &call));
        dingstream_call_free(call);
    }
}

/* Frees the clients. */
int pump(dingstream_queue *queue, dingstream_client **clients, size_t count, handler *handle)
{
    struct course course = {count, count, NULL};
    int stopping = 0;
    signals_begin();
    for (size_t index = 0; index < count; index++) {
        dingstream_call *call;
        check(dingstream_client_start(clients[index], &call));
        check(dingstream_call_to_queue(call, queue, 0));
    }
    while (course.starting > 0 || course.running > 0) {
        dingstream_view views[BATCH];
        size_t taken;
        if (signals_asked_to_end() && !stopping) {
            stopping = 1;
            stop(clients, count);
        }
        check(dingstream_queue_next_batch(queue, SLICE_MS, views, BATCH, &taken));
        for (size_t index = 0; index < taken; index++) {
            take(&course, &views[index], handle);
        }
    }
    for (size_t index = 0; index < count; index++) {
        dingstream_client_free(clients[index]);
    }
    return end(course.refused);
}

/* Takes the config. */
int pump_one(dingstream_config *config, handler *handle)
{
    dingstream_client *client = client_made(config, NULL, 0);
    return pump(dingstream_client_queue(client), &client, 1, handle);
}
