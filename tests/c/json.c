/* Documents: read by pointer, built piece by piece. */

#include "suite.h"

static dingstream_json *parsed(const char *text)
{
    dingstream_json *json = NULL;
    SUCCEEDS(dingstream_json_parse(T(text), &json));
    return json;
}

static void a_document_is_read_by_pointer(void)
{
    dingstream_json *json = parsed("{\"a\":{\"b\":[1,\"two\",{\"c\":true}]},\"n\":\"12\",\"inner\":\"{\\\"x\\\":[7]}\",\"z\":null}");
    size_t length;
    for (int again = 0; again < 2; again++) {
        CHECK_TEXT(dingstream_json_text(json, T("/a/b/1"), &length), "two");
        CHECK(length == 3);
        CHECK_TEXT(dingstream_json_text(json, T("/a/b/0"), NULL), "1");
        CHECK(dingstream_json_int(json, T("/n"), 0) == 12 && dingstream_json_int(json, T("/inner/x/0"), 0) == 7);
        CHECK(dingstream_json_bool(json, T("/a/b/2/c"), false));
        CHECK(dingstream_json_len(json, T("/a/b")) == 3 && dingstream_json_len(json, NULL, 0) == 4);
        CHECK_TEXT(dingstream_json_raw(json, T("/a/b"), NULL), "[1,\"two\",{\"c\":true}]");
        CHECK_TEXT(dingstream_json_raw(json, T("/z"), NULL), "null");
    }
    CHECK(dingstream_json_text(json, T("/nothing"), &length) == NULL && length == 0);
    CHECK(dingstream_json_text(json, T("/a"), NULL) == NULL && dingstream_json_text(json, T("a"), NULL) == NULL);
    CHECK(dingstream_json_int(json, T("/a/b/1"), -3) == -3 && dingstream_json_len(json, T("/n")) == 0);
    dingstream_json_free(json);
}

static void a_text_may_hold_a_nul(void)
{
    dingstream_json *json = parsed("{\"t\":\"a\\u0000b\"}");
    size_t length;
    const char *text = dingstream_json_text(json, T("/t"), &length);
    CHECK(length == 3 && memcmp(text, "a\0b", 4) == 0);
    SUCCEEDS(dingstream_json_set_text(json, T("/u"), text, length));
    CHECK_TEXT(dingstream_json_raw(json, T("/u"), NULL), "\"a\\u0000b\"");
    dingstream_json_free(json);
}

static void what_is_lent_stays_until_the_document_is_freed(void)
{
    enum { COUNT = 500 };
    const char *lent[COUNT];
    char pointer[16], value[16];
    dingstream_json *json;
    SUCCEEDS(dingstream_json_new(&json));
    for (int index = 0; index < COUNT; index++) {
        snprintf(pointer, sizeof pointer, "/k%d", index);
        snprintf(value, sizeof value, "v%d", index);
        SUCCEEDS(dingstream_json_set_text(json, T(pointer), T(value)));
        lent[index] = dingstream_json_text(json, T(pointer), NULL);
    }
    for (int index = 0; index < COUNT; index++) {
        snprintf(value, sizeof value, "v%d", index);
        CHECK_TEXT(lent[index], value);
    }
    SUCCEEDS(dingstream_json_set_null(json, NULL, 0));
    CHECK_TEXT(lent[0], "v0");
    dingstream_json_free(json);
}

static void a_document_is_built_piece_by_piece(void)
{
    dingstream_json *json;
    SUCCEEDS(dingstream_json_new(&json));
    CHECK_TEXT(dingstream_json_raw(json, NULL, 0, NULL), "{}");
    SUCCEEDS(dingstream_json_set_text(json, T("/card/title"), T("二")));
    SUCCEEDS(dingstream_json_set_int(json, T("/card/count"), INT64_MIN));
    SUCCEEDS(dingstream_json_set_bool(json, T("/card/done"), true));
    SUCCEEDS(dingstream_json_set_null(json, T("/a~1b")));
    SUCCEEDS(dingstream_json_set_raw(json, T("/list"), T("[1]")));
    SUCCEEDS(dingstream_json_set_int(json, T("/list/-"), 2));
    SUCCEEDS(dingstream_json_set_text(json, T("/list/-/deep"), T("x")));
    SUCCEEDS(dingstream_json_set_raw(json, T("/list/0"), T("1.5")));
    CHECK_TEXT(dingstream_json_raw(json, NULL, 0, NULL),
               "{\"card\":{\"title\":\"二\",\"count\":-9223372036854775808,\"done\":true},\"a/b\":null,"
               "\"list\":[1.5,2,{\"deep\":\"x\"}]}");
    SUCCEEDS(dingstream_json_set_text(json, NULL, 0, T("whole")));
    CHECK_TEXT(dingstream_json_raw(json, NULL, 0, NULL), "\"whole\"");
    dingstream_json_free(json);
}

static void a_place_that_is_none_is_refused(void)
{
    dingstream_json *json = parsed("{\"list\":[1],\"text\":\"x\"}");
    FAILS_AS(ARGUMENT, "there is no place at \"list\"", dingstream_json_set_int(json, T("list"), 1));
    FAILS(ARGUMENT, dingstream_json_set_int(json, T("/list/1"), 1));
    FAILS(ARGUMENT, dingstream_json_set_int(json, T("/list/x"), 1));
    FAILS(ARGUMENT, dingstream_json_set_int(json, T("/text/inside"), 1));
    FAILS(ARGUMENT, dingstream_json_set_raw(json, T("/a"), T("{broken")));
    CHECK_TEXT(dingstream_json_raw(json, NULL, 0, NULL), "{\"list\":[1],\"text\":\"x\"}");
    dingstream_json_free(json);
}

static void what_is_not_json_is_not_parsed(void)
{
    dingstream_json *json = NULL;
    FAILS(ARGUMENT, dingstream_json_parse(T("{\"planted\":"), &json));
    FAILS(ARGUMENT, dingstream_json_parse(T("{} {}"), &json));
    FAILS(ARGUMENT, dingstream_json_parse(NULL, 0, &json));
    CHECK(json == NULL);
}

static void a_lent_document_is_not_changed(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_json *lent = (dingstream_json *)(uintptr_t)dingstream_delivery_json(delivery);
    FAILS_AS(ARGUMENT, "a document that a delivery lends can't be changed", dingstream_json_set_int(lent, T("/a"), 1));
    CHECK_TEXT(dingstream_json_text(lent, T("/text/content"), NULL), "hi");
    CHECK(dingstream_delivery_json(delivery) == lent);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

const struct claim JSON_CLAIMS[] = {
    CLAIM(a_document_is_read_by_pointer),
    CLAIM(a_text_may_hold_a_nul),
    CLAIM(what_is_lent_stays_until_the_document_is_freed),
    CLAIM(a_document_is_built_piece_by_piece),
    CLAIM(a_place_that_is_none_is_refused),
    CLAIM(what_is_not_json_is_not_parsed),
    CLAIM(a_lent_document_is_not_changed),
    CLAIMS_END,
};
