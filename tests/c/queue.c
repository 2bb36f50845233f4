/* The ways to wait on a queue. */

#define _POSIX_C_SOURCE 200809L

#include <poll.h>
#include <pthread.h>

#include "suite.h"

static void waiting_that_runs_out_is_success_with_nothing(void)
{
    dingstream_queue *queue;
    dingstream_view view, zero;
    size_t count = 9;
    SUCCEEDS(dingstream_queue_new(&queue));
    memset(&view, 0x5a, sizeof view);
    memset(&zero, 0, sizeof zero);
    SUCCEEDS(dingstream_queue_next(queue, 1, &view));
    CHECK(memcmp(&view, &zero, sizeof view) == 0);
    SUCCEEDS(dingstream_queue_next_batch(queue, 1, &view, 1, &count));
    CHECK(count == 0);
    dingstream_queue_free(queue);
}

static void *wait_for_the_end(void *queue)
{
    dingstream_view view;
    SUCCEEDS(dingstream_queue_next(queue, -1, &view));
    CHECK(view.kind == DINGSTREAM_KIND_CLOSED);
    return NULL;
}

static void a_closed_queue_says_so_to_everyone(void)
{
    dingstream_queue *queue;
    dingstream_view views[4];
    pthread_t waiting[2];
    size_t count;
    SUCCEEDS(dingstream_queue_new(&queue));
    for (int index = 0; index < 2; index++) {
        pthread_create(&waiting[index], NULL, wait_for_the_end, queue);
    }
    dingstream_queue_close(queue);
    dingstream_queue_close(queue);
    for (int index = 0; index < 2; index++) {
        pthread_join(waiting[index], NULL);
    }
    SUCCEEDS(dingstream_queue_next_batch(queue, -1, views, 4, &count));
    CHECK(count == 1 && views[0].kind == DINGSTREAM_KIND_CLOSED);
    dingstream_queue_free(queue);
}

static void a_closed_queue_is_drained_first(void)
{
    dingstream_queue *queue;
    dingstream_view view;
    SUCCEEDS(dingstream_queue_new(&queue));
    simulator_reset();
    dingstream_client *client = bot_made(bot_config(), queue, 3);
    bot_start(client);
    bot_stop(client);
    dingstream_queue_close(queue);
    view = bot_take(queue, DINGSTREAM_KIND_STATE);
    CHECK(view.source == 3);
    view_free(&view);
    view_free(&(dingstream_view){.delivery = bot_take(queue, DINGSTREAM_KIND_STATE).delivery});
    bot_take_state(queue, "stopped");
    SUCCEEDS(dingstream_queue_next(queue, 0, &view));
    CHECK(view.kind == DINGSTREAM_KIND_CLOSED && view.delivery == NULL);
    dingstream_client_free(client);
    dingstream_queue_free(queue);
}

static void a_batch_is_what_waits(void)
{
    dingstream_client *client = bot_connected();
    dingstream_queue *queue = dingstream_client_queue(client);
    dingstream_view views[3];
    size_t taken = 0, count;
    bot_take_state(queue, "open");
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\",\"count\":5}");
    while (taken < 5) {
        SUCCEEDS(dingstream_queue_next_batch(queue, DEADLINE_MS, views, 3, &count));
        CHECK(count >= 1 && count <= 3);
        for (size_t index = 0; index < count; index++, taken++) {
            CHECK(views[index].kind == DINGSTREAM_KIND_MESSAGE && views[index].source == 7);
            CHECK(strlen(views[index].data) == views[index].data_len && views[index].id_len > 0);
            CHECK_TEXT(views[index].topic, "/v1.0/im/bot/messages/get");
            SUCCEEDS(dingstream_delivery_ok(views[index].delivery, NULL));
            view_free(&views[index]);
        }
    }
    dingstream_client_free(client);
}

static bool is_readable(intptr_t handle, int timeout_ms)
{
    struct pollfd wanted = {(int)handle, POLLIN, 0};
    return poll(&wanted, 1, timeout_ms) == 1;
}

static void the_wake_handle_is_readable_while_something_waits(void)
{
    dingstream_client *client = bot_connected();
    dingstream_queue *queue = dingstream_client_queue(client);
    intptr_t handle, again;
    bot_take_state(queue, "open");
    SUCCEEDS(dingstream_queue_wake_handle(queue, &handle));
    SUCCEEDS(dingstream_queue_wake_handle(queue, &again));
    CHECK(handle == again && !is_readable(handle, 0));
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    CHECK(is_readable(handle, DEADLINE_MS) && is_readable(handle, 0));
    dingstream_view view = bot_take(queue, DINGSTREAM_KIND_MESSAGE);
    CHECK(!is_readable(handle, 0));
    SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
    view_free(&view);
    bot_stop(client);
    CHECK(is_readable(handle, DEADLINE_MS));
    bot_take_state(queue, "stopped");
    CHECK(!is_readable(handle, 0));
    dingstream_queue_close(queue);
    CHECK(is_readable(handle, 0));
    dingstream_client_free(client);
}

static void ring(void *bell)
{
    bell_ring(bell);
}

static void a_wake_comes_at_the_step_from_empty(void)
{
    struct bell bell;
    dingstream_view view;
    dingstream_client *client = bot_connected();
    dingstream_queue *queue = dingstream_client_queue(client);
    bell_make(&bell);
    bot_take_state(queue, "open");
    SUCCEEDS(dingstream_queue_next(queue, 0, &view));
    SUCCEEDS(dingstream_queue_on_wake(queue, ring, &bell, NULL));
    CHECK(bell_is_silent(&bell));
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\",\"count\":3}");
    bell_wait(&bell);
    for (int taken = 0; taken < 3; taken++) {
        view = bot_take(queue, DINGSTREAM_KIND_MESSAGE);
        SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
        view_free(&view);
    }
    SUCCEEDS(dingstream_queue_next(queue, 0, &view));
    CHECK(view.kind == DINGSTREAM_KIND_NONE);
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\"}");
    bell_wait(&bell);
    /* A stopped client pushes nothing more, so that nobody rings a bell that is gone. */
    bot_stop(client);
    SUCCEEDS(dingstream_queue_on_wake(queue, NULL, NULL, NULL));
    dingstream_client_free(client);
    bell_free(&bell);
}

static void a_wake_comes_at_once_where_something_waits(void)
{
    struct bell woken, dropped;
    dingstream_client *client = bot_connected();
    dingstream_queue *queue = dingstream_client_queue(client);
    bell_make(&woken);
    bell_make(&dropped);
    /* `connecting` and `open` wait. */
    SUCCEEDS(dingstream_queue_on_wake(queue, ring, &woken, NULL));
    bell_wait(&woken);
    bell_free(&woken);
    /* Taken away: its drop runs with the NULL that takes it away, and once. */
    SUCCEEDS(dingstream_queue_on_wake(queue, NULL, &dropped, ring));
    bell_wait(&dropped);
    CHECK(bell_is_silent(&dropped));
    bell_free(&dropped);
    dingstream_client_free(client);
}

static void a_wake_is_dropped_once(void)
{
    struct bell first, second, refused;
    dingstream_queue *queue;
    SUCCEEDS(dingstream_queue_new(&queue));
    bell_make(&first);
    bell_make(&second);
    bell_make(&refused);
    SUCCEEDS(dingstream_queue_on_wake(queue, ring, &first, ring));
    CHECK(bell_is_silent(&first));
    SUCCEEDS(dingstream_queue_on_wake(queue, ring, &second, ring));
    bell_wait(&first);
    FAILS(ARGUMENT, dingstream_queue_on_wake(NULL, ring, &refused, ring));
    bell_wait(&refused);
    CHECK(bell_is_silent(&second));
    dingstream_queue_free(queue);
    bell_wait(&second);
    CHECK(bell_is_silent(&first) && bell_is_silent(&second) && bell_is_silent(&refused));
    bell_free(&first);
    bell_free(&second);
    bell_free(&refused);
}

struct taker {
    dingstream_queue *queue;
    int taken;
};

static void *take_until_closed(void *user_data)
{
    struct taker *taker = user_data;
    for (;;) {
        dingstream_view view;
        SUCCEEDS(dingstream_queue_next(taker->queue, -1, &view));
        if (view.kind == DINGSTREAM_KIND_CLOSED) {
            return NULL;
        }
        if (view.kind == DINGSTREAM_KIND_MESSAGE) {
            taker->taken++;
            SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
        }
        view_free(&view);
    }
}

static void several_threads_share_a_queue(void)
{
    enum { THREADS = 3, MESSAGES = 30 };
    struct taker takers[THREADS];
    pthread_t threads[THREADS];
    int taken = 0;
    dingstream_client *client = bot_connected();
    for (int index = 0; index < THREADS; index++) {
        takers[index] = (struct taker){dingstream_client_queue(client), 0};
        pthread_create(&threads[index], NULL, take_until_closed, &takers[index]);
    }
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\",\"count\":30}");
    for (int index = 0; index < MESSAGES; index++) {
        dingstream_json_free(simulator_answer());
    }
    dingstream_queue_close(dingstream_client_queue(client));
    for (int index = 0; index < THREADS; index++) {
        pthread_join(threads[index], NULL);
        taken += takers[index].taken;
    }
    CHECK(taken == MESSAGES);
    dingstream_client_free(client);
}

static void logs_come_with_level_target_and_message(void)
{
    simulator_reset();
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_log_level(config, T("info")));
    dingstream_client *client = bot_made(config, NULL, 11);
    bot_start(client);
    dingstream_view view = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_LOG);
    CHECK(view.source == 11 && view.delivery == NULL && view.error == NULL);
    CHECK_TEXT(view.topic, "info");
    CHECK_TEXT(view.id, "stream");
    CHECK_TEXT(view.data, dingstream_json_text(view.json, T("/message"), NULL));
    CHECK_TEXT(dingstream_json_text(view.json, T("/level"), NULL), view.topic);
    CHECK_TEXT(dingstream_json_text(view.json, T("/target"), NULL), view.id);
    view_free(&view);
    dingstream_client_free(client);
}

const struct claim QUEUE_CLAIMS[] = {
    CLAIM(waiting_that_runs_out_is_success_with_nothing),
    CLAIM(a_closed_queue_says_so_to_everyone),
    CLAIM(a_closed_queue_is_drained_first),
    CLAIM(a_batch_is_what_waits),
    CLAIM(the_wake_handle_is_readable_while_something_waits),
    CLAIM(a_wake_comes_at_the_step_from_empty),
    CLAIM(a_wake_comes_at_once_where_something_waits),
    CLAIM(a_wake_is_dropped_once),
    CLAIM(several_threads_share_a_queue),
    CLAIM(logs_come_with_level_target_and_message),
    CLAIMS_END,
};
