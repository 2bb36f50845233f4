/* Configurations: by setters, by JSON, and when a client is made of them. */

#include "suite.h"

static void the_library_is_the_one_of_the_header(void)
{
    CHECK(dingstream_abi_version() == DINGSTREAM_ABI_VERSION);
    CHECK(dingstream_version()[0] != '\0');
}

static void a_setter_refuses_what_its_option_can_not_be(void)
{
    dingstream_config *config = bot_config();
    FAILS_AS(CONFIG, "inbox_count takes a whole number above zero", dingstream_config_set_inbox_count(config, 0));
    FAILS_AS(CONFIG, "log_level takes one of off, error, warn, info, debug, trace",
             dingstream_config_set_log_level(config, T("loud")));
    SUCCEEDS(dingstream_config_set_log_level(config, T("debug")));
    SUCCEEDS(dingstream_config_set_open_timeout_ms(config, UINT64_MAX));
    SUCCEEDS(dingstream_config_set_extras(config, T("k"), T("v")));
    FAILS_AS(CONFIG, "ordering takes one of conversation, sender, none",
             dingstream_config_set_ordering(config, T("alphabet")));
    FAILS(CONFIG, dingstream_config_set_connections(config, 0));
    dingstream_config_free(config);
}

static void json_names_the_same_options(void)
{
    dingstream_config *config;
    SUCCEEDS(dingstream_config_from_json(T("{\"client_id\":\"a\",\"client_secret\":\"b\",\"extras\":{\"k\":\"v\"}}"), &config));
    SUCCEEDS(dingstream_config_set_client_id(config, T("c")));
    SUCCEEDS(dingstream_config_set_client_secret(config, T("d")));
    dingstream_config_free(config);
    FAILS_AS(CONFIG, "there is no option \"colour\"", dingstream_config_from_json(T("{\"colour\":1}"), &config));
    FAILS(CONFIG, dingstream_config_from_json(T("[]"), &config));
    FAILS(CONFIG, dingstream_config_from_json(T("{"), &config));
}

static void an_error_holds_no_secret(void)
{
    dingstream_config *config;
    dingstream_error *error =
        dingstream_config_from_json(T("{\"client_secret\":[\"planted-secret\"]}"), &config);
    CHECK(error != NULL && strstr(dingstream_error_message(error), "planted") == NULL);
    CHECK(strstr(dingstream_error_hint(error), "planted") == NULL);
    dingstream_error_free(error);
}

static void a_client_checks_its_configuration(void)
{
    dingstream_config *config;
    dingstream_client *client = NULL;
    SUCCEEDS(dingstream_config_new(T(" "), T("secret"), &config));
    FAILS_AS(CONFIG, "client_id is empty", dingstream_client_new(config, NULL, 0, &client));
    SUCCEEDS(dingstream_config_set_client_id(config, T("id")));
    SUCCEEDS(dingstream_config_set_endpoint(config, T("ftp://x")));
    dingstream_error *error = dingstream_client_new(config, NULL, 0, &client);
    CHECK(dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_CONFIG);
    CHECK(strstr(dingstream_error_hint(error), "http://127.0.0.1:8080") != NULL);
    CHECK(!dingstream_error_retryable(error) && client == NULL);
    dingstream_error_free(error);
    SUCCEEDS(dingstream_config_set_endpoint(config, T("china")));
    SUCCEEDS(dingstream_config_set_ca_file(config, T("/nowhere.pem")));
    FAILS(CONFIG, dingstream_client_new(config, NULL, 0, &client));
    SUCCEEDS(dingstream_config_set_ca_file(config, NULL, 0));
    SUCCEEDS(dingstream_config_set_bypass(config, T(" ")));
    FAILS(CONFIG, dingstream_client_new(config, NULL, 0, &client));
    dingstream_config_free(config);
}

static void a_proxy_is_checked_and_never_shown(void)
{
    dingstream_config *config = bot_config();
    dingstream_client *client;
    SUCCEEDS(dingstream_config_set_proxy(config, T("ftp://planted:planted@h")));
    dingstream_error *error = dingstream_client_new(config, NULL, 0, &client);
    CHECK_TEXT(dingstream_error_message(error), "proxy is no http, https or socks5 URL with a host");
    CHECK(strstr(dingstream_error_hint(error), "planted") == NULL);
    dingstream_error_free(error);
    SUCCEEDS(dingstream_config_set_proxy(config, T("direct")));
    SUCCEEDS(dingstream_config_set_api_proxy(config, T("http://planted:planted@127.0.0.1:1")));
    simulator_reset();
    client = bot_made(config, NULL, 0);
    bot_start(client);
    dingstream_delivery *delivery = bot_message(client);
    dingstream_call *call;
    SUCCEEDS(dingstream_delivery_reply(delivery, hello(), &call));
    error = call_result(call);
    CHECK(dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_NETWORK);
    CHECK(strstr(dingstream_error_message(error), "planted") == NULL);
    dingstream_error_free(error);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void a_client_of_ipv4_alone_connects(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_ipv4_only(config, true));
    simulator_reset();
    dingstream_client *client = bot_made(config, NULL, 0);
    bot_start(client);
    dingstream_client_free(client);
}

static void one_config_makes_several_clients(void)
{
    dingstream_config *config = bot_config();
    dingstream_client *first, *second;
    SUCCEEDS(dingstream_client_new(config, NULL, 0, &first));
    SUCCEEDS(dingstream_client_new(config, NULL, 0, &second));
    dingstream_config_free(config);
    CHECK(dingstream_client_state(first) == DINGSTREAM_STATE_IDLE);
    dingstream_client_free(second);
    dingstream_client_free(first);
}

static void a_client_without_subscriptions_does_not_start(void)
{
    dingstream_config *config;
    SUCCEEDS(dingstream_config_new(T("ding-demo"), T("demo-secret"), &config));
    dingstream_client *client = bot_made(config, NULL, 0);
    FAILS_AS(CONFIG, "nothing is subscribed", call_result(call_of_start(client)));
    SUCCEEDS(dingstream_client_subscribe(client, DINGSTREAM_KIND_MESSAGE, NULL, 0));
    simulator_reset();
    bot_start(client);
    FAILS_AS(CONFIG, "a subscription came after the start",
             dingstream_client_subscribe(client, DINGSTREAM_KIND_EVENT, NULL, 0));
    dingstream_client_free(client);
}

static void a_c_program_says_who_it_is(void)
{
    dingstream_client *client = bot_connected();
    dingstream_json *state = simulator_get("state");
    const char *ua = dingstream_json_text(state, T("/connections/0/ua"), NULL);
    CHECK(ua != NULL && strncmp(ua, "dingstream-sdk-c/", 17) == 0);
    dingstream_json_free(state);
    dingstream_client_free(client);
}

const struct claim CONFIG_CLAIMS[] = {
    CLAIM(the_library_is_the_one_of_the_header),
    CLAIM(a_setter_refuses_what_its_option_can_not_be),
    CLAIM(json_names_the_same_options),
    CLAIM(an_error_holds_no_secret),
    CLAIM(a_client_checks_its_configuration),
    CLAIM(a_proxy_is_checked_and_never_shown),
    CLAIM(a_client_of_ipv4_alone_connects),
    CLAIM(one_config_makes_several_clients),
    CLAIM(a_client_without_subscriptions_does_not_start),
    CLAIM(a_c_program_says_who_it_is),
    CLAIMS_END,
};
