/* Memory stays flat: whatever a round took, it gives back. */

#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <unistd.h>

#include "suite.h"

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fscanf(statm, "%ld %ld", &pages, &resident) != 2) {
        abort();
    }
    fclose(statm);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void stays_flat(void (*round)(void), int rounds, long bound_kib)
{
    if (is_slow()) {
        round();
        return;
    }
    for (int warm = 0; warm < rounds; warm++) {
        round();
    }
    long before = resident_kib();
    for (int again = 0; again < rounds * 4; again++) {
        round();
    }
    long grown = resident_kib() - before;
    if (grown > bound_kib) {
        printf("     it grew by %ld KiB\n", grown);
        CHECK(grown <= bound_kib);
    }
}

static void build_and_read(void)
{
    dingstream_json *json, *told;
    dingstream_message *message;
    dingstream_card *card;
    dingstream_config *config = bot_config();
    dingstream_client *client = bot_made(config, NULL, 0);
    SUCCEEDS(dingstream_json_new(&json));
    SUCCEEDS(dingstream_json_set_text(json, T("/a/b"), T("x")));
    dingstream_json_text(json, T("/a/b"), NULL);
    FAILS(ARGUMENT, dingstream_json_set_int(json, T("/a/b/c"), 1));
    SUCCEEDS(dingstream_message_new_text(T("x"), &message));
    SUCCEEDS(dingstream_message_to_json(message, &told));
    dingstream_json_free(told);
    dingstream_message_free(message);
    dingstream_json_free(json);
    SUCCEEDS(dingstream_card_new(T("t"), &card));
    SUCCEEDS(dingstream_card_set_json(card, T("a"), T("[1]")));
    dingstream_card_free(card);
    SUCCEEDS(dingstream_card_response(T("{\"a\":1}"), NULL, 0, &json));
    dingstream_json_free(json);
    dingstream_client_free(client);
}

static void pure_data_is_given_back(void)
{
    stays_flat(build_and_read, 1000, 512);
}

static dingstream_client *client;

static void a_hundred_messages(void)
{
    simulator_push("{\"kind\":\"message\",\"text\":\"hi\",\"count\":100}");
    for (int index = 0; index < 100; index++) {
        dingstream_view view = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_MESSAGE);
        dingstream_json_text(dingstream_delivery_json(view.delivery), T("/text/content"), NULL);
        dingstream_json_text(dingstream_delivery_headers(view.delivery), T("/messageId"), NULL);
        SUCCEEDS(dingstream_delivery_ok(view.delivery, NULL));
        view_free(&view);
    }
}

static void deliveries_are_given_back(void)
{
    dingstream_config *config = bot_config();
    /* What was settled is remembered up to a bound, which is not what this is about. */
    SUCCEEDS(dingstream_config_set_dedupe_count(config, 100));
    simulator_reset();
    client = bot_made(config, NULL, 0);
    bot_start(client);
    stays_flat(a_hundred_messages, 20, 1024);
    dingstream_client_free(client);
}

static void a_whole_life(void)
{
    client = bot_made(bot_config(), NULL, 0);
    bot_start(client);
    bot_stop(client);
    dingstream_client_free(client);
}

static void clients_are_given_back(void)
{
    simulator_reset();
    stays_flat(a_whole_life, 25, 1024);
}

const struct claim MEMORY_CLAIMS[] = {
    CLAIM(pure_data_is_given_back),
    CLAIM(deliveries_are_given_back),
    CLAIM(clients_are_given_back),
    CLAIMS_END,
};
