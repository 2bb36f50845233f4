/* What every claim about the C ABI is told with. */

#ifndef SUITE_H
#define SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <dingstream.h>

#define DEADLINE_MS 20000
/* A text as the ABI takes it. */
#define T(text) (text), strlen(text)

struct claim {
    const char *name;
    void (*prove)(void);
};

#define CLAIM(name) {#name, name}
#define CLAIMS_END {NULL, NULL}

extern const struct claim ARGUMENT_CLAIMS[], CONFIG_CLAIMS[], JSON_CLAIMS[], MESSAGE_CLAIMS[], QUEUE_CLAIMS[],
    DELIVERY_CLAIMS[], ORDER_CLAIMS[], LATE_CLAIMS[], CALL_CLAIMS[], CALLBACK_CLAIMS[], LIFE_CLAIMS[], STATS_CLAIMS[],
    SENDING_CLAIMS[], WEBHOOK_CLAIMS[], MARKDOWN_CLAIMS[],
    MEDIA_CLAIMS[], CARD_CLAIMS[], SESSION_CLAIMS[], REFUSED_CLAIMS[], FORK_CLAIMS[], MEMORY_CLAIMS[];

/* suite.c */
void fail_at(const char *file, int line, const char *what);
#define CHECK(condition) ((condition) ? (void)0 : fail_at(__FILE__, __LINE__, #condition))
#define CHECK_TEXT(found, expected) check_text(__FILE__, __LINE__, (found), (expected))
#define SUCCEEDS(call) check_success(__FILE__, __LINE__, (call))
#define FAILS(kind, call) check_failure(__FILE__, __LINE__, DINGSTREAM_ERROR_KIND_##kind, NULL, (call))
#define FAILS_AS(kind, message, call) check_failure(__FILE__, __LINE__, DINGSTREAM_ERROR_KIND_##kind, (message), (call))
void check_text(const char *file, int line, const char *found, const char *expected);
void check_success(const char *file, int line, dingstream_error *error);
void check_failure(const char *file, int line, uint32_t kind, const char *message, dingstream_error *error);
bool is_slow(void);
int suite_failures(void);

/* simulator.c: orders to the simulator; the documents are the caller's. */
dingstream_json *simulator_post(const char *path, const char *body);
dingstream_json *simulator_get(const char *path);
void simulator_reset(void);
void simulator_push(const char *order);
dingstream_json *simulator_answer(void);
void simulator_expect_answer(const char *code, const char *data);
void simulator_expect(const char *kind, size_t count);
const char *simulator_url(void);

/* bot.c: clients and what they take. */
dingstream_config *bot_config(void);
dingstream_client *bot_made(dingstream_config *config, dingstream_queue *queue, uint64_t source);
dingstream_client *bot_connected(void);
void bot_start(dingstream_client *client);
void bot_stop(dingstream_client *client);
dingstream_view bot_take(dingstream_queue *queue, uint32_t kind);
dingstream_delivery *bot_message(dingstream_client *client);
void bot_take_state(dingstream_queue *queue, const char *state);
void view_free(dingstream_view *view);
dingstream_message *hello(void);
dingstream_call *call_of_start(dingstream_client *client);
dingstream_call *call_of_stop(dingstream_client *client, uint64_t deadline_ms);
dingstream_error *call_result(dingstream_call *call);
dingstream_json *call_told(dingstream_call *call);

/* session.c: sessions, and what people see of their cards. */
dingstream_client *session_client(void);
dingstream_card_session *session_opened(dingstream_client *client, size_t count);
dingstream_call *session_finish(dingstream_card_session *session);
void session_shows(size_t ended, size_t index, const char *text, const char *state);

/* bell.c: one thread tells, another waits with a deadline. */
struct bell {
    int descriptors[2];
};
void bell_make(struct bell *bell);
void bell_ring(struct bell *bell);
void bell_wait(struct bell *bell);
bool bell_is_silent(struct bell *bell);
void bell_free(struct bell *bell);

#endif
