/* A forked child: what was born before answers `forked`, what is made after works. */

#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

/* Runs it in a child, which tells how many claims failed there. Its exit code is not asked: what a child leaves alone is a leak
 * to a checker. */
static void in_a_child(void (*work)(void *), void *user_data)
{
    int told[2], before = suite_failures(), failed = -1;
    if (pipe(told) != 0) {
        abort();
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(is_slow() ? 300 : 50);
        work(user_data);
        failed = suite_failures() - before;
        _exit(write(told[1], &failed, sizeof failed) != sizeof failed);
    }
    close(told[1]);
    CHECK(read(told[0], &failed, sizeof failed) == sizeof failed && failed == 0);
    CHECK(waitpid(child, NULL, 0) == child);
    close(told[0]);
}

struct inherited {
    dingstream_client *client;
    dingstream_queue *queue;
    dingstream_delivery *delivery;
    dingstream_card_session *session;
    dingstream_call *start, *told, *queued;
    int dropped;
};

static void count(void *user_data)
{
    ((struct inherited *)user_data)->dropped++;
}

static void ignore(void *user_data, dingstream_json *json, dingstream_error *error)
{
    (void)user_data;
    dingstream_json_free(json);
    dingstream_error_free(error);
}

static void hear(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    dingstream_delivery_free(delivery);
}

static void every_use_is_refused(void *user_data)
{
    struct inherited *own = user_data;
    dingstream_call *call;
    dingstream_client *client;
    dingstream_card_session *session;
    dingstream_json *json;
    dingstream_view view;
    intptr_t handle;
    size_t taken;
    SUCCEEDS(dingstream_json_new(&json));
    FAILS(FORKED, dingstream_client_start(own->client, &call));
    FAILS(FORKED, dingstream_client_stop(own->client, 0, &call));
    FAILS(FORKED, dingstream_client_subscribe(own->client, DINGSTREAM_KIND_EVENT, NULL, 0));
    FAILS(FORKED, dingstream_client_on_delivery(own->client, hear, own, count));
    FAILS(FORKED, dingstream_client_stats(own->client, &json));
    FAILS(FORKED, dingstream_client_metrics(own->client, &json));
    CHECK(dingstream_client_state(own->client) == DINGSTREAM_STATE_STOPPED);
    FAILS(FORKED, dingstream_queue_next(own->queue, -1, &view));
    FAILS(FORKED, dingstream_queue_next(dingstream_client_queue(own->client), -1, &view));
    FAILS(FORKED, dingstream_queue_next_batch(own->queue, -1, &view, 1, &taken));
    FAILS(FORKED, dingstream_queue_wake_handle(own->queue, &handle));
    FAILS(FORKED, dingstream_queue_on_wake(own->queue, count, own, count));
    dingstream_queue_close(own->queue);
    dingstream_config *config = bot_config();
    FAILS(FORKED, dingstream_client_new(config, own->queue, 0, &client));
    dingstream_config_free(config);
    FAILS(FORKED, dingstream_delivery_ok(own->delivery, NULL));
    FAILS(FORKED, dingstream_delivery_later(own->delivery, T("x")));
    FAILS(FORKED, dingstream_delivery_fail(own->delivery, T("x")));
    FAILS(FORKED, dingstream_delivery_unhandled(own->delivery));
    FAILS(FORKED, dingstream_delivery_reply(own->delivery, hello(), &call));
    FAILS(FORKED, dingstream_delivery_card(own->delivery, NULL, 0, &session));
    FAILS(FORKED, dingstream_client_card(own->client, T("{\"type\":\"IM_GROUP\",\"id\":\"c\"}"), NULL, 0, &session));
    FAILS(FORKED, dingstream_card_session_push(own->session, T("x")));
    FAILS(FORKED, dingstream_card_session_set_value(own->session, T("x"), T("1")));
    FAILS(FORKED, dingstream_card_session_finish(own->session, &call));
    FAILS(FORKED, dingstream_card_session_fail(own->session, NULL, 0, &call));
    FAILS(FORKED, dingstream_call_wait(own->start, -1, &json));
    dingstream_call_cancel(own->start);
    FAILS(FORKED, dingstream_call_on_done(own->told, ignore, own, count));
    FAILS(FORKED, dingstream_call_to_queue(own->queued, own->queue, 0));
    /* Three functions were refused here, and dropped here. */
    CHECK(own->dropped == 3);
    CHECK_TEXT(dingstream_json_text(dingstream_delivery_json(own->delivery), T("/text/content"), NULL), "hi");

    dingstream_json_free(json);
    dingstream_card_session_free(own->session);
    dingstream_delivery_free(own->delivery);
    dingstream_call_free(own->start);
    dingstream_client_free(own->client);
    dingstream_queue_free(own->queue);
}

static void what_was_born_before_a_fork_is_refused_in_the_child(void)
{
    struct inherited own = {0};
    own.client = bot_connected();
    SUCCEEDS(dingstream_queue_new(&own.queue));
    own.delivery = bot_message(own.client);
    SUCCEEDS(dingstream_delivery_card(own.delivery, NULL, 0, &own.session));
    own.start = call_of_start(own.client);
    own.told = call_of_start(own.client);
    own.queued = call_of_start(own.client);
    in_a_child(every_use_is_refused, &own);

    /* The parent is as it was, and its card too. */
    dingstream_call *end;
    CHECK(own.dropped == 0);
    SUCCEEDS(dingstream_card_session_push(own.session, T("x")));
    SUCCEEDS(dingstream_card_session_finish(own.session, &end));
    SUCCEEDS(call_result(end));
    dingstream_card_session_free(own.session);
    SUCCEEDS(dingstream_delivery_ok(own.delivery, NULL));
    simulator_expect_answer("200", "{\"response\":null}");
    dingstream_delivery_free(own.delivery);
    own.delivery = bot_message(own.client);
    dingstream_delivery_free(own.delivery);
    SUCCEEDS(call_result(own.start));
    SUCCEEDS(call_result(own.told));
    SUCCEEDS(call_result(own.queued));
    dingstream_client_free(own.client);
    dingstream_queue_free(own.queue);
}

static void live_anew(void *user_data)
{
    (void)user_data;
    dingstream_call *call;
    dingstream_client *client = bot_made(bot_config(), NULL, 0);
    bot_start(client);
    dingstream_delivery *delivery = bot_message(client);
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    SUCCEEDS(call_result(call));
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
    bot_stop(client);
    dingstream_client_free(client);
}

static void a_child_makes_clients_of_its_own(void)
{
    dingstream_client *client = bot_connected();
    bot_stop(client);
    in_a_child(live_anew, NULL);
    dingstream_client_free(client);
}

const struct claim FORK_CLAIMS[] = {
    CLAIM(what_was_born_before_a_fork_is_refused_in_the_child),
    CLAIM(a_child_makes_clients_of_its_own),
    CLAIMS_END,
};
