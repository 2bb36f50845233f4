/* What a session that types into a card refuses. */

#include <stdlib.h>

#include "suite.h"

#define GROUP "{\"type\":\"IM_GROUP\",\"id\":\"cid1==\"}"
/* Not NULL, not to be read: what an output holds that was not written. */
#define UNTOUCHED ((void *)(uintptr_t)0x5a)

static const char BROKEN[] = "a\xff";

static void a_text_without_bound_is_refused(void)
{
    size_t length = 4 << 20;
    char *text = malloc(length);
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    memset(text, 'x', length);
    SUCCEEDS(dingstream_card_session_push(session, T("kept")));
    FAILS(TOO_LARGE, dingstream_card_session_push(session, text, length));
    SUCCEEDS(call_result(session_finish(session)));
    session_shows(1, 0, "kept", "finished");
    free(text);
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

static void options_that_can_not_work_are_refused(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_card_session *session = UNTOUCHED;
    FAILS(CONFIG, dingstream_delivery_card(delivery, T("{\"max_calls\":2}"), &session));
    FAILS(CONFIG, dingstream_delivery_card(delivery, T("{\"template\":\"t\"}"), &session));
    FAILS(CONFIG, dingstream_delivery_card(delivery, T("{\"colour\":1}"), &session));
    FAILS(CONFIG, dingstream_delivery_card(delivery, T("{"), &session));
    FAILS(ARGUMENT, dingstream_client_card(client, T("{"), NULL, 0, &session));
    FAILS(CONFIG, dingstream_client_card(client, T(GROUP), T("{\"max_chars\":\"many\"}"), &session));
    CHECK((void *)session == UNTOUCHED);
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void a_delivery_that_is_no_message_has_no_card(void)
{
    simulator_reset();
    dingstream_card_session *session = UNTOUCHED;
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_subscribe(config, DINGSTREAM_KIND_EVENT, NULL, 0));
    dingstream_client *client = bot_made(config, NULL, 0);
    bot_start(client);
    simulator_push("{\"kind\":\"event\",\"eventType\":\"user_add_org\"}");
    dingstream_view view = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_EVENT);
    FAILS(ARGUMENT, dingstream_delivery_card(view.delivery, NULL, 0, &session));
    CHECK((void *)session == UNTOUCHED);
    view_free(&view);
    dingstream_client_free(client);
}

static void null_and_broken_text_are_refused_by_a_session(void)
{
    dingstream_client *client = session_client();
    dingstream_card_session *session = UNTOUCHED;
    dingstream_call *call = UNTOUCHED;
    FAILS_AS(ARGUMENT, "delivery is NULL", dingstream_delivery_card(NULL, NULL, 0, &session));
    FAILS_AS(ARGUMENT, "client is NULL", dingstream_client_card(NULL, T(GROUP), NULL, 0, &session));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_client_card(client, T(GROUP), NULL, 0, NULL));
    FAILS(ARGUMENT, dingstream_client_card(client, BROKEN, 2, NULL, 0, &session));
    FAILS(ARGUMENT, dingstream_client_card(client, T(GROUP), BROKEN, 2, &session));
    FAILS(ARGUMENT, dingstream_client_card(client, T(GROUP), NULL, 2, &session));
    CHECK((void *)session == UNTOUCHED);
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_push(NULL, T("x")));
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_set(NULL, T("x")));
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_add_link(NULL, T("x"), T("u")));
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_add_action(NULL, T("x"), T("i")));
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_set_value(NULL, T("x"), T("1")));
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_finish(NULL, &call));
    FAILS_AS(ARGUMENT, "session is NULL", dingstream_card_session_fail(NULL, T("x"), &call));
    session = session_opened(client, 1);
    FAILS(ARGUMENT, dingstream_card_session_push(session, NULL, 1));
    FAILS_AS(ARGUMENT, "content is not UTF-8 from byte 1", dingstream_card_session_push(session, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_session_set(session, BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_session_add_link(session, T("x"), BROKEN, 2));
    FAILS(ARGUMENT, dingstream_card_session_add_action(session, BROKEN, 2, T("i")));
    FAILS(ARGUMENT, dingstream_card_session_set_value(session, T("x"), T("{")));
    FAILS(ARGUMENT, dingstream_card_session_fail(session, BROKEN, 2, &call));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_card_session_finish(session, NULL));
    FAILS_AS(ARGUMENT, "out is NULL", dingstream_card_session_fail(session, T("x"), NULL));
    CHECK((void *)call == UNTOUCHED);
    /* None of that has ended it. */
    SUCCEEDS(dingstream_card_session_push(session, T("fine")));
    SUCCEEDS(call_result(session_finish(session)));
    session_shows(1, 0, "fine", "finished");
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

const struct claim REFUSED_CLAIMS[] = {
    CLAIM(a_text_without_bound_is_refused),
    CLAIM(options_that_can_not_work_are_refused),
    CLAIM(a_delivery_that_is_no_message_has_no_card),
    CLAIM(null_and_broken_text_are_refused_by_a_session),
    CLAIMS_END,
};
