/* Lets the library call a function with each delivery, until the client has stopped. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "bot.h"

#define SLICE_NS 50000000

static dingstream_client *client;
static callback *deliver;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int stopped;

dingstream_client *called_client(void)
{
    return client;
}

static void on_delivery(void *user_data, dingstream_delivery *delivery)
{
    if (dingstream_delivery_kind(delivery) != DINGSTREAM_KIND_STATE) {
        deliver(user_data, delivery);
        return;
    }
    const char *state = dingstream_delivery_topic(delivery, NULL);
    report_state(state);
    if (strcmp(state, "stopped") == 0) {
        pthread_mutex_lock(&lock);
        stopped = 1;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    dingstream_delivery_free(delivery);
}

static void wait_until_stopped(void)
{
    int stopping = 0;
    pthread_mutex_lock(&lock);
    while (!stopped) {
        struct timespec slice;
        if (signals_asked_to_end() && !stopping) {
            stopping = 1;
            dingstream_call *call;
            check(dingstream_client_stop(client, PATIENCE_MS, &call));
            dingstream_call_free(call);
        }
        clock_gettime(CLOCK_REALTIME, &slice);
        slice.tv_nsec += SLICE_NS;
        slice.tv_sec += slice.tv_nsec / 1000000000;
        slice.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&changed, &lock, &slice);
    }
    pthread_mutex_unlock(&lock);
}

/* Takes the config. */
int called(dingstream_config *config, callback *function)
{
    dingstream_call *start;
    deliver = function;
    check(dingstream_config_subscribe(config, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    client = client_made(config, NULL, 0);
    check(dingstream_client_on_delivery(client, on_delivery, NULL, NULL));
    signals_begin();
    check(dingstream_client_start(client, &start));
    wait_until_stopped();

    dingstream_error *refused = waited(start);
    if (dingstream_error_kind(refused) == DINGSTREAM_ERROR_KIND_CLOSED) {
        dingstream_error_free(refused);
        refused = NULL;
    }
    dingstream_client_free(client);
    return end(refused);
}
