/* The behaviour that uploads and downloads. */

#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot.h"

static dingstream_error *told_type(dingstream_error *error, dingstream_call *call)
{
    dingstream_json *result;
    error = result_of(error, call, &result);
    if (error == NULL) {
        report_text("/uploaded", dingstream_json_text(result, AT("/type"), NULL));
        dingstream_json_free(result);
    }
    return error;
}

/* Uploads so many bytes piece by piece. */
static dingstream_error *upload(const char *name, size_t size)
{
    static const char ZEROS[16384];
    dingstream_call *call;
    dingstream_error *error = dingstream_client_upload(called_client(), DINGSTREAM_MEDIA_TYPE_FILE, AT(name), size, &call);
    while (error == NULL && size > 0) {
        size_t written;
        dingstream_error *failed = dingstream_call_write(call, ZEROS, size < sizeof ZEROS ? size : sizeof ZEROS, -1, &written);
        if (failed != NULL) {
            /* The call fails with the same one. */
            dingstream_error_free(failed);
            break;
        }
        size -= written;
    }
    return told_type(error, call);
}

static dingstream_error *upload_file(void)
{
    char folder[] = "/tmp/dingstream-bot-XXXXXX", path[64];
    dingstream_call *call;
    if (mkdtemp(folder) == NULL) {
        abort();
    }
    snprintf(path, sizeof path, "%s/photo.png", folder);
    FILE *file = fopen(path, "w");
    for (int index = 0; file != NULL && index < 1000; index++) {
        fputc('x', file);
    }
    if (file == NULL || fclose(file) != 0) {
        abort();
    }
    dingstream_error *error = dingstream_client_upload_file(called_client(), DINGSTREAM_MEDIA_TYPE_IMAGE, AT(path), &call);
    error = told_type(error, call);
    unlink(path);
    rmdir(folder);
    return error;
}

static dingstream_error *download(const char *code)
{
    static char buffer[16384];
    dingstream_call *call;
    dingstream_error *error = dingstream_client_download(called_client(), AT(code), NULL, 0, &call);
    if (error != NULL) {
        return error;
    }
    int64_t size = 0;
    for (bool ended = false; !ended && error == NULL;) {
        size_t read = 0;
        error = dingstream_call_read(call, buffer, sizeof buffer, -1, &read, &ended);
        size += (int64_t)read;
    }
    if (error == NULL) {
        report_number("/downloaded", size);
    }
    dingstream_call_free(call);
    return error;
}

static dingstream_error *download_file(const char *code)
{
    char folder[] = "/tmp/dingstream-bot-XXXXXX";
    dingstream_json *result;
    dingstream_call *call;
    if (mkdtemp(folder) == NULL) {
        abort();
    }
    dingstream_error *error = dingstream_client_download_file(called_client(), AT(code), NULL, 0, AT(folder), &call);
    error = result_of(error, call, &result);
    if (error == NULL) {
        const char *path = dingstream_json_text(result, AT("/path"), NULL);
        FILE *file = fopen(path, "r");
        if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
            abort();
        }
        report_number("/downloaded", ftell(file));
        fclose(file);
        unlink(path);
        dingstream_json_free(result);
    }
    rmdir(folder);
    return error;
}

static dingstream_error *move_file(dingstream_delivery *delivery)
{
    struct text text = text_of(delivery);
    const char *code = dingstream_json_text(dingstream_delivery_json(delivery), AT("/content/downloadCode"), NULL);
    if (text_is(text, "upload")) {
        return upload("report.pdf", 200000);
    }
    if (text_is(text, "upload text")) {
        return upload("notes.txt", 10);
    }
    if (text_is(text, "upload file")) {
        return upload_file();
    }
    code = code == NULL ? "" : code;
    return text_is(text, "download") ? download(code) : download_file(code);
}

static void act(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    end(move_file(delivery));
    check(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

int play_media(void)
{
    return called(config_from_environment(), act);
}
