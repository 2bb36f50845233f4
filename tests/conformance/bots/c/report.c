/* What the runner reads: one line of JSON on standard output for each thing worth telling. */

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "bot.h"

static atomic_uint handled;

static const char *const KINDS[] = {
    "",         "argument",  "config",    "auth",     "network",  "tls",     "timeout",   "protocol",
    "throttled", "quota",    "forbidden", "not_found", "rejected", "too_large", "expired", "answered",
    "busy",     "cancelled", "closed",    "forked",   "reentrant", "panic",
};

/* Takes the line. */
void report_line(dingstream_json *line)
{
    puts(dingstream_json_raw(line, NULL, 0, NULL));
    fflush(stdout);
    dingstream_json_free(line);
}

static dingstream_json *line_with(const char *pointer, const char *value)
{
    dingstream_json *line;
    check(dingstream_json_new(&line));
    check(dingstream_json_set_text(line, AT(pointer), AT(value)));
    return line;
}

void report_handled_one(void)
{
    atomic_fetch_add(&handled, 1);
}

void report_handled(void)
{
    printf("{\"handled\":%u}\n", atomic_load(&handled));
    fflush(stdout);
}

void report_state(const char *state)
{
    report_line(line_with("/state", state));
}

void report_text(const char *name, const char *value)
{
    report_line(line_with(name, value));
}

void report_began(const char *kind, struct text id)
{
    dingstream_json *line = line_with("/began", kind);
    check(dingstream_json_set_text(line, AT("/id"), id.start, id.length));
    report_line(line);
}

void report_number(const char *name, int64_t value)
{
    dingstream_json *line;
    check(dingstream_json_new(&line));
    check(dingstream_json_set_int(line, AT(name), value));
    report_line(line);
}

/* `value` is JSON, or NULL. */
void report_raw(const char *name, const char *value)
{
    dingstream_json *line;
    check(dingstream_json_new(&line));
    check(dingstream_json_set_raw(line, AT(name), AT(value == NULL ? "null" : value)));
    report_line(line);
}

/* Takes the value. */
void report_json(const char *name, dingstream_json *value)
{
    report_raw(name, dingstream_json_raw(value, NULL, 0, NULL));
    dingstream_json_free(value);
}

void report_error(const dingstream_error *error)
{
    uint32_t kind = dingstream_error_kind(error);
    dingstream_json *line = line_with("/error", kind < sizeof KINDS / sizeof *KINDS ? KINDS[kind] : "unknown");
    check(dingstream_json_set_text(line, AT("/code"), AT(dingstream_error_platform_code(error))));
    report_line(line);
}

/* Takes the error. */
void complain(const char *what, dingstream_error *error)
{
    fprintf(stderr, "%s: %s\n", what, dingstream_error_message(error));
    dingstream_error_free(error);
}
