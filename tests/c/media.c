/* Files on their way to DingTalk and from it, whole or piece by piece. */

#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>

#include "suite.h"

#define SIZE 300000

static dingstream_client *unconnected(void)
{
    simulator_reset();
    return bot_made(bot_config(), NULL, 0);
}

/* The process still has a token that the simulator forgot, and what is written can't be sent twice: a message gets another. */
static dingstream_client *with_token(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_client_send(client, T("{\"group\":\"cid1==\"}"), hello(), &call));
    SUCCEEDS(call_result(call));
    return client;
}

static void plant(const char *file)
{
    dingstream_json_free(simulator_post("files", file));
}

/* Gives an upload zeros, as many as it was said to have. */
static void write_all(dingstream_call *call, size_t size)
{
    static const char ZEROS[50000];
    while (size > 0) {
        size_t written = 0;
        SUCCEEDS(dingstream_call_write(call, ZEROS, size < sizeof ZEROS ? size : sizeof ZEROS, DEADLINE_MS, &written));
        CHECK(written > 0 && written <= size);
        if (written == 0) {
            return;
        }
        size -= written;
    }
}

/* How many bytes a download brings until it ends. */
static dingstream_error *read_all(dingstream_call *call, size_t *size)
{
    static char buffer[10000];
    bool ended = false;
    for (*size = 0; !ended;) {
        size_t read = 0;
        dingstream_error *error = dingstream_call_read(call, buffer, sizeof buffer, DEADLINE_MS, &read, &ended);
        if (error != NULL) {
            return error;
        }
        CHECK(read > 0 || ended);
        *size += read;
    }
    return NULL;
}

static void bytes_are_uploaded_piece_by_piece(void)
{
    dingstream_client *client = with_token();
    dingstream_call *call = NULL;
    size_t written = 7;
    SUCCEEDS(dingstream_client_upload(client, DINGSTREAM_MEDIA_TYPE_IMAGE, T("a.png"), SIZE, &call));
    write_all(call, SIZE);
    dingstream_json *told = NULL;
    SUCCEEDS(dingstream_call_wait(call, DEADLINE_MS, &told));
    CHECK_TEXT(dingstream_json_text(told, T("/type"), NULL), "image");
    CHECK(dingstream_json_text(told, T("/mediaId"), NULL) != NULL);
    dingstream_json_free(told);
    FAILS_AS(ARGUMENT, "upload has all of its bytes", dingstream_call_write(call, "x", 1, 0, &written));
    CHECK(written == 7);
    dingstream_call_free(call);
    simulator_expect("upload", 1);
    dingstream_client_free(client);
}

static void an_upload_that_is_freed_early_ends(void)
{
    simulator_reset();
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_log_level(config, T("warn")));
    dingstream_client *client = bot_made(config, NULL, 0);
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_client_upload(client, DINGSTREAM_MEDIA_TYPE_FILE, T("a.pdf"), SIZE, &call));
    write_all(call, 1000);
    dingstream_call_free(call);
    dingstream_view view = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_LOG);
    CHECK(view.data != NULL && strstr(view.data, "the upload was given up with 299000 bytes to come") != NULL);
    view_free(&view);
    dingstream_client_free(client);
}

static void what_dingtalk_would_refuse_is_refused(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    FAILS_AS(ARGUMENT, "there is no type of media with the number 9",
             dingstream_client_upload(client, 9, T("a.png"), 1, &call));
    FAILS(ARGUMENT, dingstream_client_upload(client, DINGSTREAM_MEDIA_TYPE_IMAGE, NULL, 3, 1, &call));
    FAILS_AS(ARGUMENT, "client is NULL", dingstream_client_upload_file(NULL, DINGSTREAM_MEDIA_TYPE_IMAGE, T("a.png"), &call));
    CHECK(call == NULL);
    SUCCEEDS(dingstream_client_upload(client, DINGSTREAM_MEDIA_TYPE_VOICE, T("a.amr"), 3 << 20, &call));
    FAILS(TOO_LARGE, call_result(call));
    SUCCEEDS(dingstream_client_upload_file(client, DINGSTREAM_MEDIA_TYPE_IMAGE, T("/nowhere/a.png"), &call));
    FAILS(ARGUMENT, call_result(call));
    dingstream_client_free(client);
}

static void a_file_is_downloaded_as_it_is_read(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    size_t size = 0;
    plant("{\"downloadCode\":\"c1\",\"size\":300000,\"contentType\":\"image/png\"}");
    SUCCEEDS(dingstream_client_download(client, T("c1"), NULL, 0, &call));
    SUCCEEDS(read_all(call, &size));
    CHECK(size == SIZE);
    dingstream_json *told = call_told(call);
    CHECK(dingstream_json_int(told, T("/bytes"), 0) == SIZE);
    dingstream_json_free(told);
    SUCCEEDS(dingstream_client_download(client, T("c1"), NULL, 0, &call));
    dingstream_call_free(call);
    dingstream_client_free(client);
}

static void a_download_that_is_freed_early_ends(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    char buffer[10];
    size_t read = 0;
    bool ended = true;
    plant("{\"downloadCode\":\"c1\",\"size\":300000,\"stallAt\":100000}");
    SUCCEEDS(dingstream_client_download(client, T("c1"), NULL, 0, &call));
    SUCCEEDS(dingstream_call_read(call, buffer, sizeof buffer, DEADLINE_MS, &read, &ended));
    CHECK(read == sizeof buffer && !ended);
    dingstream_call_free(call);
    call = call_of_stop(client, DEADLINE_MS);
    SUCCEEDS(call_result(call));
    dingstream_client_free(client);
}

static void what_comes_later_is_nothing_yet(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    char buffer[10];
    size_t read = 7;
    bool ended = true;
    plant("{\"downloadCode\":\"c1\",\"size\":10,\"stallAt\":0}");
    SUCCEEDS(dingstream_client_download(client, T("c1"), NULL, 0, &call));
    SUCCEEDS(dingstream_call_read(call, buffer, sizeof buffer, 0, &read, &ended));
    CHECK(read == 0 && !ended);
    dingstream_call_cancel(call);
    FAILS(CANCELLED, dingstream_call_read(call, buffer, sizeof buffer, DEADLINE_MS, &read, &ended));
    dingstream_call_free(call);
    plant("{\"downloadCode\":\"c1\",\"text\":\"hello\"}");
    SUCCEEDS(dingstream_client_download(client, T("c1"), NULL, 0, &call));
    SUCCEEDS(dingstream_call_read(call, buffer, 1, DEADLINE_MS, &read, &ended));
    SUCCEEDS(dingstream_call_read(call, NULL, 0, DEADLINE_MS, &read, &ended));
    CHECK(read == 0 && !ended);
    SUCCEEDS(dingstream_call_read(call, buffer, sizeof buffer, DEADLINE_MS, &read, &ended));
    CHECK(read == 4 && memcmp(buffer, "ello", 4) == 0);
    dingstream_call_free(call);
    dingstream_client_free(client);
}

static void no_more_is_taken_than_was_announced(void)
{
    dingstream_client *client = with_token();
    dingstream_call *call = NULL;
    size_t written = 0;
    SUCCEEDS(dingstream_client_upload(client, DINGSTREAM_MEDIA_TYPE_IMAGE, T("a.png"), 5, &call));
    SUCCEEDS(dingstream_call_write(call, T("hello world"), DEADLINE_MS, &written));
    CHECK(written == 5);
    FAILS(ARGUMENT, dingstream_call_write(call, T(" world"), DEADLINE_MS, &written));
    SUCCEEDS(call_result(call));
    dingstream_client_free(client);
}

static void a_file_is_downloaded_to_a_path(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    char path[] = "/tmp/dingstream-c-XXXXXX";
    int descriptor = mkstemp(path);
    CHECK(descriptor >= 0);
    plant("{\"downloadCode\":\"c1\",\"text\":\"hello\"}");
    SUCCEEDS(dingstream_client_download_file(client, T("c1"), T("ding-demo"), T(path), &call));
    dingstream_json *told = call_told(call);
    CHECK_TEXT(dingstream_json_text(told, T("/path"), NULL), path);
    dingstream_json_free(told);
    FILE *file = fopen(path, "r");
    char content[16] = "";
    CHECK(file != NULL && fgets(content, sizeof content, file) != NULL);
    CHECK_TEXT(content, "hello");
    if (file != NULL) {
        fclose(file);
    }
    remove(path);
    dingstream_client_free(client);
}

static void what_breaks_off_is_an_error_for_its_reader(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    size_t size = 0;
    plant("{\"downloadCode\":\"c1\",\"size\":300000,\"cutAt\":100000}");
    SUCCEEDS(dingstream_client_download(client, T("c1"), NULL, 0, &call));
    FAILS(NETWORK, read_all(call, &size));
    dingstream_call_free(call);
    dingstream_client_free(client);
}

static void only_what_has_bytes_takes_and_brings_them(void)
{
    dingstream_client *client = unconnected();
    dingstream_call *call = NULL;
    size_t count = 0;
    bool ended = false;
    char byte;
    SUCCEEDS(dingstream_client_send(client, T("{\"group\":\"cid1==\"}"), hello(), &call));
    FAILS(ARGUMENT, dingstream_call_write(call, "x", 1, 0, &count));
    FAILS(ARGUMENT, dingstream_call_read(call, &byte, 1, 0, &count, &ended));
    FAILS_AS(ARGUMENT, "out_read is NULL", dingstream_call_read(call, &byte, 1, 0, NULL, &ended));
    FAILS_AS(ARGUMENT, "out_ended is NULL", dingstream_call_read(call, &byte, 1, 0, &count, NULL));
    FAILS_AS(ARGUMENT, "out_written is NULL", dingstream_call_write(call, "x", 1, 0, NULL));
    FAILS_AS(ARGUMENT, "call is NULL", dingstream_call_write(NULL, "x", 1, 0, &count));
    SUCCEEDS(call_result(call));
    dingstream_client_free(client);
}

const struct claim MEDIA_CLAIMS[] = {
    CLAIM(bytes_are_uploaded_piece_by_piece),
    CLAIM(an_upload_that_is_freed_early_ends),
    CLAIM(what_dingtalk_would_refuse_is_refused),
    CLAIM(a_file_is_downloaded_as_it_is_read),
    CLAIM(a_download_that_is_freed_early_ends),
    CLAIM(what_comes_later_is_nothing_yet),
    CLAIM(no_more_is_taken_than_was_announced),
    CLAIM(a_file_is_downloaded_to_a_path),
    CLAIM(what_breaks_off_is_an_error_for_its_reader),
    CLAIM(only_what_has_bytes_takes_and_brings_them),
    CLAIMS_END,
};
