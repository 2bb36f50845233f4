/* The behaviour that types into cards: the text of a message says what becomes of the session. */

#include <string.h>

#include "bot.h"

#define THINKING "\"text\":\"Thinking…\",\"fallback\":\"gone wrong\""

/* What "open" keeps. */
static dingstream_card_session *kept;

/* Reports the end of a session. Takes the error and the call. */
static dingstream_error *tell(dingstream_error *error, dingstream_call *call)
{
    dingstream_json *result, *line;
    error = result_of(error, call, &result);
    if (error != NULL) {
        return error;
    }
    check(dingstream_json_new(&line));
    check(dingstream_json_set_text(line, AT("/via"), AT(dingstream_json_text(result, AT("/via"), NULL))));
    check(dingstream_json_set_text(line, AT("/state"), AT(dingstream_json_text(result, AT("/state"), NULL))));
    check(dingstream_json_set_int(line, AT("/cards"), (int64_t)dingstream_json_len(result, AT("/outTrackIds"))));
    report_json("/card", line);
    dingstream_json_free(result);
    return NULL;
}

static dingstream_error *finish(dingstream_card_session *session)
{
    dingstream_call *call;
    dingstream_error *error = dingstream_card_session_finish(session, &call);
    return tell(error, call);
}

static dingstream_error *hello(dingstream_card_session *session)
{
    check(dingstream_card_session_push(session, AT("Hello, ")));
    check(dingstream_card_session_push(session, AT("**world**.")));
    check(dingstream_card_session_add_action(session, AT("Like"), AT("like")));
    return finish(session);
}

static dingstream_error *many(dingstream_card_session *session)
{
    static const char SIGN[] = "字";
    char text[250 * (sizeof SIGN - 1)];
    for (size_t at = 0; at < sizeof text; at += sizeof SIGN - 1) {
        memcpy(text + at, SIGN, sizeof SIGN - 1);
    }
    check(dingstream_card_session_push(session, text, sizeof text));
    return finish(session);
}

static dingstream_error *drop(dingstream_card_session *session)
{
    return dingstream_card_session_push(session, AT("half"));
}

static dingstream_error *fail(dingstream_card_session *session)
{
    dingstream_call *call;
    check(dingstream_card_session_push(session, AT("half")));
    dingstream_error *error = dingstream_card_session_fail(session, AT("no answer"), &call);
    return tell(error, call);
}

static dingstream_error *twice(dingstream_card_session *session)
{
    check(dingstream_card_session_push(session, AT("x")));
    dingstream_error *error = finish(session);
    if (error != NULL) {
        return error;
    }
    end(dingstream_card_session_push(session, AT("y")));
    return finish(session);
}

static dingstream_error *keep(dingstream_card_session *session)
{
    kept = session;
    return dingstream_card_session_push(session, AT("one"));
}

static dingstream_error *own(dingstream_card_session *session)
{
    check(dingstream_card_session_push(session, AT("42")));
    return finish(session);
}

static const struct {
    const char *text, *options;
    dingstream_error *(*type)(dingstream_card_session *session);
} OPENED[] = {
    {"hello", "{" THINKING "}", hello},
    {"long", "{" THINKING ",\"max_chars\":100}", many},
    {"drop", "{" THINKING "}", drop},
    {"fail", "{" THINKING "}", fail},
    {"empty", "{" THINKING "}", finish},
    {"twice", "{" THINKING "}", twice},
    {"open", "{" THINKING "}", keep},
    {"own", "{\"text\":\"…\",\"template\":\"mine.schema\",\"key\":\"answer\",\"data\":{\"model\":{\"name\":\"m\"}}}", own},
    {"options", "{\"max_calls\":2}", finish},
};

static dingstream_error *space(void)
{
    dingstream_card_session *session;
    dingstream_error *error =
        dingstream_client_card(called_client(), AT("{\"type\":\"IM_GROUP\",\"id\":\"cid1==\"}"),
                               AT("{\"text\":\"Thinking…\"}"), &session);
    if (error != NULL) {
        return error;
    }
    check(dingstream_card_session_push(session, AT("hi")));
    error = finish(session);
    dingstream_card_session_free(session);
    return error;
}

static dingstream_error *act_on(dingstream_delivery *delivery)
{
    struct text text = text_of(delivery);
    for (size_t index = 0; index < sizeof OPENED / sizeof *OPENED; index++) {
        if (text_is(text, OPENED[index].text)) {
            dingstream_card_session *session;
            dingstream_error *error = dingstream_delivery_card(delivery, AT(OPENED[index].options), &session);
            if (error != NULL) {
                return error;
            }
            error = OPENED[index].type(session);
            if (session != kept) {
                dingstream_card_session_free(session);
            }
            return error;
        }
    }
    if (text_is(text, "more")) {
        return dingstream_card_session_push(kept, AT(" two"));
    }
    return text_is(text, "end") ? finish(kept) : space();
}

static void type(void *user_data, dingstream_delivery *delivery)
{
    (void)user_data;
    report_handled_one();
    end(act_on(delivery));
    check(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

int play_type(void)
{
    int code = called(config_with("/ordering", "\"none\""), type);
    dingstream_card_session_free(kept);
    return code;
}
