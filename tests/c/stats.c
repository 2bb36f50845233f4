/* What a client counts. */

#include "suite.h"

static int64_t counted(const dingstream_client *client, const char *pointer)
{
    dingstream_json *stats = NULL;
    SUCCEEDS(dingstream_client_stats(client, &stats));
    int64_t found = dingstream_json_int(stats, T(pointer), -1);
    dingstream_json_free(stats);
    return found;
}

static void check_stat(const char *file, int line, const dingstream_client *client, const char *pointer, int64_t expected)
{
    int64_t found = counted(client, pointer);
    if (found != expected) {
        printf("     %s is %lld\n", pointer, (long long)found);
        fail_at(file, line, "another number was expected");
    }
}

#define CHECK_STAT(client, pointer, expected) check_stat(__FILE__, __LINE__, (client), (pointer), (expected))

static void numbers_may_be_asked_for_at_any_moment(void)
{
    simulator_reset();
    dingstream_client *client = bot_made(bot_config(), NULL, 0);
    CHECK_STAT(client, "/opened", 0);
    CHECK_STAT(client, "/last_frame_age_ms", 0);
    bot_start(client);
    CHECK_STAT(client, "/opened", 1);
    CHECK_STAT(client, "/connections", 1);
    dingstream_delivery *delivery = bot_message(client);
    CHECK_STAT(client, "/messages", 1);
    CHECK_STAT(client, "/in_flight", 1);
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    CHECK_STAT(client, "/in_flight", 0);
    CHECK_STAT(client, "/ok", 1);
    dingstream_delivery_free(delivery);
    bot_stop(client);
    CHECK_STAT(client, "/connections", 0);
    CHECK_STAT(client, "/messages", 1);
    dingstream_client_free(client);
}

static void metrics_are_a_text_for_prometheus(void)
{
    dingstream_json *metrics;
    size_t length = 0;
    dingstream_client *client = bot_made(bot_config(), NULL, 0);
    SUCCEEDS(dingstream_client_metrics(client, &metrics));
    const char *text = dingstream_json_text(metrics, NULL, 0, &length);
    CHECK(text != NULL && strlen(text) == length && text[length - 1] == '\n');
    CHECK(strstr(text, "# TYPE dingstream_messages_total counter\n") != NULL);
    CHECK(strstr(text, "\ndingstream_messages_total{client_id=\"ding-demo\"} 0\n") != NULL);
    CHECK(strstr(text, "\ndingstream_connections{client_id=\"ding-demo\"} 0\n") != NULL);
    dingstream_json_free(metrics);
    dingstream_client_free(client);
}

static void each_client_counts_for_itself(void)
{
    dingstream_client *client = bot_connected(), *other = bot_made(bot_config(), NULL, 0);
    CHECK_STAT(client, "/opened", 1);
    CHECK_STAT(other, "/opened", 0);
    dingstream_client_free(other);
    dingstream_client_free(client);
}

/* Takes a message from the connection that has this place in the simulator's list: then the client knows it as well. */
static void take_from_connection(dingstream_client *client, size_t place)
{
    char pointer[64], order[256];
    dingstream_json *state = simulator_get("state");
    snprintf(pointer, sizeof pointer, "/connections/%zu/id", place);
    const char *id = dingstream_json_text(state, T(pointer), NULL);
    CHECK(id != NULL);
    snprintf(order, sizeof order, "{\"kind\":\"message\",\"connection\":\"%s\"}", id == NULL ? "" : id);
    dingstream_json_free(state);
    simulator_push(order);
    dingstream_delivery *delivery = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_MESSAGE).delivery;
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

static void connections_are_kept_open_in_the_number_that_is_asked_for(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_connections(config, 2));
    simulator_reset();
    dingstream_client *client = bot_made(config, NULL, 0);
    bot_start(client);
    simulator_expect("connect", 2);
    take_from_connection(client, 0);
    take_from_connection(client, 1);
    CHECK_STAT(client, "/connections", 2);
    bot_stop(client);
    CHECK_STAT(client, "/opened", 2);
    CHECK_STAT(client, "/connections", 0);
    dingstream_client_free(client);
}

const struct claim STATS_CLAIMS[] = {
    CLAIM(numbers_may_be_asked_for_at_any_moment),
    CLAIM(metrics_are_a_text_for_prometheus),
    CLAIM(each_client_counts_for_itself),
    CLAIM(connections_are_kept_open_in_the_number_that_is_asked_for),
    CLAIMS_END,
};
