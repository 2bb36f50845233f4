/* The conformance bot in C: what its parts have in common. */

#ifndef BOT_H
#define BOT_H

#include <stddef.h>

#include <dingstream.h>

#define PATIENCE_MS 5000

/* A text inside a document, without the blanks around it. */
struct text {
    const char *start;
    size_t length;
};

/* report.c: what the runner reads, one line of JSON for each thing worth telling. */
void report_handled_one(void);
void report_handled(void);
void report_state(const char *state);
void report_text(const char *name, const char *value);
void report_number(const char *name, int64_t value);
void report_raw(const char *name, const char *value);
void report_json(const char *name, dingstream_json *value);
void report_began(const char *kind, struct text id);
void report_line(dingstream_json *line);
void report_error(const dingstream_error *error);
void complain(const char *what, dingstream_error *error);

/* data.c: documents and messages. */
#define AT(pointer) (pointer), strlen(pointer)
struct text text_of(const dingstream_delivery *delivery);
int text_is(struct text text, const char *expected);
int text_is_absent(struct text text);
dingstream_message *message_text(const char *before, struct text text);
dingstream_message *message_markdown(const char *title, struct text text);
void check(dingstream_error *error);

/* client.c: clients as every behaviour needs them. */
dingstream_config *config_from_environment(void);
dingstream_config *config_with(const char *option, const char *value);
dingstream_config *config_of(const char *id, const char *secret);
dingstream_client *client_made(dingstream_config *config, dingstream_queue *queue, uint64_t source);
void subscribe_all(dingstream_config *config);
dingstream_error *result_of(dingstream_error *error, dingstream_call *call, dingstream_json **result);
dingstream_error *reply_and_wait(dingstream_delivery *delivery, dingstream_message *message);
dingstream_error *waited(dingstream_call *call);
int end(dingstream_error *error);

/* signals.c: SIGINT and SIGTERM ask the bot to end. */
void signals_begin(void);
int signals_asked_to_end(void);

/* pump.c: takes deliveries in batches and hands them to a function until every client has stopped. */
enum done { SETTLED, KEPT };
typedef enum done handler(dingstream_delivery *delivery);
int pump(dingstream_queue *queue, dingstream_client **clients, size_t count, handler *handle);
int pump_one(dingstream_config *config, handler *handle);

/* called.c: the same, called by the library. */
typedef void callback(void *user_data, dingstream_delivery *delivery);
int called(dingstream_config *config, callback *function);
dingstream_client *called_client(void);

/* The behaviours. */
int play_answer(void);
int play_echo(void);
int play_stats(void);
int play_later(void);
int play_fail(void);
int play_slow(void);
int play_silent(void);
int play_gate(void);
int play_stop(void);
int play_restart(void);
int play_two(void);
int play_twice(void);
int play_reply(void);
int play_types(void);
int play_say(void);
int play_iterate(void);
int play_card(void);
int play_start(void);
int play_read(void);
int play_wait(void);
int play_decline(void);
int play_graph(void);
int play_errors(void);
int play_media(void);
int play_type(void);
int play_cards(void);

#endif
