/* Orders to the simulator, by the smallest HTTP client that does. */

#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"

/* The number of the next record: what came before a reset is of no interest. */
static long long since;

const char *simulator_url(void)
{
    const char *url = getenv("DINGSTREAM_ENDPOINT");
    return url == NULL ? "http://127.0.0.1:8080" : url;
}

static void give_up(const char *why)
{
    perror(why);
    abort();
}

static int connected(void)
{
    const char *port = strrchr(simulator_url(), ':') + 1;
    struct addrinfo hints = {0}, *found;
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo("127.0.0.1", port, &hints, &found) != 0) {
        abort();
    }
    int stream = socket(found->ai_family, found->ai_socktype, 0);
    if (connect(stream, found->ai_addr, found->ai_addrlen) != 0) {
        give_up("the simulator does not listen");
    }
    freeaddrinfo(found);
    return stream;
}

static dingstream_json *request(const char *method, const char *path, const char *body)
{
    size_t capacity = 4 << 20, length = 0;
    char *text = malloc(capacity);
    int stream = connected();
    int head = snprintf(text, capacity,
                        "%s /_sim/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        method, path, strstr(simulator_url(), "//") + 2, strlen(body), body);
    for (ssize_t sent = 0; sent < head;) {
        ssize_t count = write(stream, text + sent, (size_t)(head - sent));
        if (count <= 0) {
            give_up("the simulator does not hear");
        }
        sent += count;
    }
    for (ssize_t count = 1; count > 0 && length < capacity - 1; length += (size_t)count) {
        count = read(stream, text + length, capacity - 1 - length);
        if (count < 0) {
            give_up("the simulator does not answer");
        }
    }
    close(stream);
    text[length] = '\0';

    dingstream_json *answer = NULL;
    char *answered = strstr(text, "\r\n\r\n");
    CHECK(strncmp(text, "HTTP/1.1 200", 12) == 0);
    if (answered == NULL || dingstream_json_parse(T(answered + 4), &answer) != NULL) {
        printf("%s\n", text);
        abort();
    }
    free(text);
    return answer;
}

dingstream_json *simulator_post(const char *path, const char *body)
{
    return request("POST", path, body);
}

dingstream_json *simulator_get(const char *path)
{
    return request("GET", path, "");
}

/* Forgets everything, and turns pings off, so that nothing comes but what is pushed. */
void simulator_reset(void)
{
    dingstream_json_free(simulator_post("reset", ""));
    dingstream_json_free(simulator_post("settings", "{\"pingMs\":0}"));
    dingstream_json *records = simulator_get("records?kind=none");
    since = dingstream_json_int(records, T("/next"), 0);
    dingstream_json_free(records);
}

void simulator_push(const char *order)
{
    dingstream_json *pushed = simulator_post("push", order);
    CHECK(dingstream_json_bool(pushed, T("/delivered"), false) || dingstream_json_len(pushed, T("/pushed")) > 0);
    dingstream_json_free(pushed);
}

/* The next answer that the simulator got. */
dingstream_json *simulator_answer(void)
{
    char path[128];
    snprintf(path, sizeof path, "records?kind=answer&since=%lld&count=1&wait=%d", since, DEADLINE_MS);
    dingstream_json *records = simulator_get(path);
    CHECK(dingstream_json_len(records, T("/records")) > 0);
    since = dingstream_json_int(records, T("/records/0/seq"), since) + 1;
    return records;
}

void simulator_expect_answer(const char *code, const char *data)
{
    dingstream_json *records = simulator_answer();
    CHECK_TEXT(dingstream_json_text(records, T("/records/0/code"), NULL), code);
    CHECK_TEXT(dingstream_json_text(records, T("/records/0/data"), NULL), data);
    dingstream_json_free(records);
}

/* Waits until the simulator has so many records of this kind, since the beginning of the claim. */
void simulator_expect(const char *kind, size_t count)
{
    char path[128];
    snprintf(path, sizeof path, "records?kind=%s&since=%lld&count=%zu&wait=%d", kind, since, count, DEADLINE_MS);
    dingstream_json *records = simulator_get(path);
    CHECK(dingstream_json_len(records, T("/records")) >= count);
    dingstream_json_free(records);
}
