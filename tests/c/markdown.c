/* What helps with markdown, answers a plugin, and tells support. */

#include "suite.h"

/* What a helper made, a document that is one text. */
static void check_made(dingstream_error *error, dingstream_json *made, const char *expected)
{
    SUCCEEDS(error);
    CHECK_TEXT(dingstream_json_text(made, NULL, 0, NULL), expected);
    dingstream_json_free(made);
}

static void markdown_is_shaped_for_dingtalk(void)
{
    dingstream_json *made = NULL;
    dingstream_error *error = dingstream_markdown_escape(T("a*b"), &made);
    check_made(error, made, "a\\*b");
    error = dingstream_markdown_mention(T("138"), &made);
    check_made(error, made, "@138");
    error = dingstream_markdown_image(T("@p"), &made);
    check_made(error, made, "![](@p)");
    error = dingstream_markdown_link(T("https://a"), DINGSTREAM_PLACE_BROWSER, &made);
    check_made(error, made, "dingtalk://dingtalkclient/page/link?url=https%3A%2F%2Fa&pc_slide=false");
    error = dingstream_markdown_fit(T("```\nx\n```\n"), &made);
    check_made(error, made, "> x  \n");
    SUCCEEDS(dingstream_markdown_split(T(""), 0, &made));
    CHECK(dingstream_json_len(made, NULL, 0) == 1);
    dingstream_json_free(made);
}

static void a_helper_refuses_what_is_no_text(void)
{
    dingstream_json *made = NULL;
    FAILS(ARGUMENT, dingstream_markdown_escape(NULL, 1, &made));
    FAILS(ARGUMENT, dingstream_markdown_fit("\xff", 1, &made));
    FAILS_AS(ARGUMENT, "there is no place with the number 7", dingstream_markdown_link(T("https://a"), 7, &made));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_markdown_split(T("a"), 64, NULL));
    CHECK(made == NULL);
}

static void a_plugin_is_answered_as_http(void)
{
    dingstream_json *response = NULL;
    SUCCEEDS(dingstream_graph_response(404, NULL, 0, T("{}"), &response));
    SUCCEEDS(dingstream_json_set_text(response, T("/headers/x-a"), T("b")));
    CHECK_TEXT(dingstream_json_raw(response, NULL, 0, NULL),
               "{\"statusLine\":{\"code\":404,\"reasonPhrase\":\"Not Found\"},"
               "\"headers\":{\"content-type\":\"application/json\",\"x-a\":\"b\"},\"body\":\"{}\"}");
    dingstream_json_free(response);
    response = NULL;
    FAILS_AS(ARGUMENT, "there is no such HTTP status", dingstream_graph_response(70000, NULL, 0, NULL, 0, &response));
    FAILS(ARGUMENT, dingstream_graph_response(200, NULL, 3, NULL, 0, &response));
    CHECK(response == NULL);
}

static void support_is_told_what_it_asks_for(void)
{
    dingstream_call *call;
    simulator_reset();
    dingstream_json_free(simulator_post("settings", "{\"deniedScopes\":{\"/v1.0/robot/groupMessages/send\":[\"a.B\",\"c.D\"]}}"));
    dingstream_client *client = bot_made(bot_config(), NULL, 0);
    SUCCEEDS(dingstream_client_send(client, T("{\"group\":\"cid1==\"}"), hello(), &call));
    dingstream_error *error = call_result(call);
    CHECK_TEXT(dingstream_error_required_scopes(error), "a.B,c.D");
    CHECK(strstr(dingstream_error_support_text(error), "client id: ding-demo\n") != NULL);
    CHECK(strstr(dingstream_error_support_text(error), "/v1.0/robot/groupMessages/send\n") != NULL);
    dingstream_error_free(error);
    CHECK_TEXT(dingstream_error_support_text(NULL), "");
    dingstream_client_free(client);
}

const struct claim MARKDOWN_CLAIMS[] = {
    CLAIM(markdown_is_shaped_for_dingtalk),
    CLAIM(a_helper_refuses_what_is_no_text),
    CLAIM(a_plugin_is_answered_as_http),
    CLAIM(support_is_told_what_it_asks_for),
    CLAIMS_END,
};
