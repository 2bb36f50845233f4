/* Sessions that type into a card. */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdlib.h>

#include "suite.h"

#define OPTIONS "{\"text\":\"Thinking…\",\"fallback\":\"gone wrong\"}"
#define GROUP "{\"type\":\"IM_GROUP\",\"id\":\"cid1==\"}"

dingstream_client *session_client(void)
{
    simulator_reset();
    return bot_made(bot_config(), NULL, 0);
}

/* A session in a group, once its card is there; so many were opened with it. */
dingstream_card_session *session_opened(dingstream_client *client, size_t count)
{
    dingstream_card_session *session = NULL;
    SUCCEEDS(dingstream_client_card(client, T(GROUP), T(OPTIONS), &session));
    simulator_expect("card&op=createAndDeliver&status=200", count);
    return session;
}

dingstream_call *session_finish(dingstream_card_session *session)
{
    dingstream_call *call = NULL;
    SUCCEEDS(dingstream_card_session_finish(session, &call));
    return call;
}

/* What people see of a card, once so many have ended. */
void session_shows(size_t ended, size_t index, const char *text, const char *state)
{
    char pointer[64];
    simulator_expect("card&op=update&status=200", ended);
    dingstream_json *cards = simulator_get("cards");
    snprintf(pointer, sizeof pointer, "/cards/%zu/spaces/0/params/msgContent", index);
    CHECK_TEXT(dingstream_json_text(cards, T(pointer), NULL), text);
    snprintf(pointer, sizeof pointer, "/cards/%zu/state", index);
    CHECK_TEXT(dingstream_json_text(cards, T(pointer), NULL), state);
    dingstream_json_free(cards);
}

static void what_is_pushed_is_typed(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_card_session *session;
    SUCCEEDS(dingstream_delivery_card(delivery, T(OPTIONS), &session));
    SUCCEEDS(dingstream_card_session_push(session, T("Hello, ")));
    SUCCEEDS(dingstream_card_session_push(session, T("**world**.")));
    dingstream_json *told = call_told(session_finish(session));
    CHECK_TEXT(dingstream_json_text(told, T("/via"), NULL), "card");
    CHECK_TEXT(dingstream_json_text(told, T("/state"), NULL), "finished");
    CHECK(dingstream_json_len(told, T("/outTrackIds")) == 1);
    dingstream_json_free(told);
    session_shows(1, 0, "Hello, **world**.", "finished");
    dingstream_card_session_free(session);
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
    dingstream_client_free(client);
}

static void a_card_ends_with_its_buttons_and_values(void)
{
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    SUCCEEDS(dingstream_card_session_set(session, T("one")));
    SUCCEEDS(dingstream_card_session_set(session, T("two")));
    SUCCEEDS(dingstream_card_session_add_action(session, T("Like"), T("like")));
    SUCCEEDS(dingstream_card_session_add_link(session, T("Docs"), T("https://e")));
    SUCCEEDS(dingstream_card_session_set_value(session, T("msgTitle"), T("\"title\"")));
    SUCCEEDS(call_result(session_finish(session)));
    session_shows(1, 0, "two", "finished");
    dingstream_json *cards = simulator_get("cards"), *objects;
    CHECK_TEXT(dingstream_json_text(cards, T("/cards/0/params/msgTitle"), NULL), "title");
    const char *text = dingstream_json_text(cards, T("/cards/0/params/sys_full_json_obj"), NULL);
    SUCCEEDS(dingstream_json_parse(T(text), &objects));
    CHECK_TEXT(dingstream_json_text(objects, T("/msgButtons/0/id"), NULL), "like");
    CHECK_TEXT(dingstream_json_text(objects, T("/msgButtons/1/url"), NULL), "https://e");
    dingstream_json_free(objects);
    dingstream_json_free(cards);
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

static void a_session_fails_with_a_text_or_its_fallback(void)
{
    dingstream_client *client = session_client();
    dingstream_call *call;
    dingstream_card_session *first = session_opened(client, 1), *second = session_opened(client, 2);
    SUCCEEDS(dingstream_card_session_push(first, T("half")));
    SUCCEEDS(dingstream_card_session_fail(first, T("no answer"), &call));
    SUCCEEDS(call_result(call));
    SUCCEEDS(dingstream_card_session_fail(second, NULL, 0, &call));
    SUCCEEDS(call_result(call));
    session_shows(2, 0, "no answer", "failed");
    session_shows(2, 1, "gone wrong", "failed");
    dingstream_card_session_free(first);
    dingstream_card_session_free(second);
    dingstream_client_free(client);
}

static void after_the_end_nothing_is_taken(void)
{
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    SUCCEEDS(dingstream_card_session_push(session, T("x")));
    SUCCEEDS(call_result(session_finish(session)));
    FAILS(ANSWERED, dingstream_card_session_push(session, T("y")));
    FAILS(ANSWERED, dingstream_card_session_set(session, T("y")));
    FAILS(ANSWERED, dingstream_card_session_add_action(session, T("y"), T("y")));
    FAILS(ANSWERED, dingstream_card_session_add_link(session, T("y"), T("y")));
    FAILS(ANSWERED, dingstream_card_session_set_value(session, T("y"), T("1")));
    FAILS(ANSWERED, call_result(session_finish(session)));
    session_shows(1, 0, "x", "finished");
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

static void freed_without_an_end_a_session_fails_its_card(void)
{
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    SUCCEEDS(dingstream_card_session_push(session, T("half")));
    dingstream_card_session_free(session);
    session_shows(1, 0, "gone wrong", "failed");
    dingstream_card_session_free(NULL);
    dingstream_client_free(client);
}

static void *free_it(void *session)
{
    dingstream_card_session_free(session);
    return NULL;
}

static void one_session_is_freed_and_the_other_goes_on(void)
{
    pthread_t thread;
    dingstream_client *client = session_client();
    dingstream_card_session *first = session_opened(client, 1), *second = session_opened(client, 2);
    SUCCEEDS(dingstream_card_session_push(first, T("first")));
    SUCCEEDS(dingstream_card_session_push(second, T("second")));
    pthread_create(&thread, NULL, free_it, first);
    pthread_join(thread, NULL);
    SUCCEEDS(dingstream_card_session_push(second, T(" goes on")));
    SUCCEEDS(call_result(session_finish(second)));
    dingstream_card_session_free(second);
    session_shows(2, 0, "gone wrong", "failed");
    session_shows(2, 1, "second goes on", "finished");
    dingstream_client_free(client);
}

static void a_session_outlives_its_delivery(void)
{
    dingstream_client *client = bot_connected();
    dingstream_delivery *delivery = bot_message(client);
    dingstream_card_session *session;
    SUCCEEDS(dingstream_delivery_card(delivery, T(OPTIONS), &session));
    dingstream_delivery_free(delivery);
    SUCCEEDS(dingstream_card_session_push(session, T("x")));
    SUCCEEDS(call_result(session_finish(session)));
    session_shows(1, 0, "x", "finished");
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

static void a_client_that_is_freed_ends_its_cards_and_the_sessions_stay_usable(void)
{
    dingstream_client *client = bot_connected();
    dingstream_card_session *session = session_opened(client, 1);
    SUCCEEDS(dingstream_card_session_push(session, T("half")));
    dingstream_client_free(client);
    session_shows(1, 0, "gone wrong", "failed");
    FAILS(ANSWERED, dingstream_card_session_push(session, T("too late")));
    FAILS(ANSWERED, call_result(session_finish(session)));
    dingstream_card_session_free(session);
}

static void the_call_of_an_end_outlives_its_session(void)
{
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    SUCCEEDS(dingstream_card_session_push(session, T("x")));
    dingstream_call *end = session_finish(session);
    dingstream_card_session_free(session);
    SUCCEEDS(call_result(end));
    session_shows(1, 0, "x", "finished");
    dingstream_client_free(client);
}

static void who_no_longer_waits_for_an_end_leaves_it_alone(void)
{
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    SUCCEEDS(dingstream_card_session_push(session, T("x")));
    dingstream_call *end = session_finish(session);
    dingstream_call_cancel(end);
    dingstream_call_free(end);
    session_shows(1, 0, "x", "finished");
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

enum { THREADS = 8, PUSHES = 50 };

static void *push_often(void *session)
{
    for (int push = 0; push < PUSHES; push++) {
        SUCCEEDS(dingstream_card_session_push(session, T("xxxx ")));
    }
    return NULL;
}

static void threads_push_at_once(void)
{
    pthread_t threads[THREADS];
    char *whole = calloc(THREADS * PUSHES, 5 + 1);
    dingstream_client *client = session_client();
    dingstream_card_session *session = session_opened(client, 1);
    for (size_t index = 0; index < THREADS; index++) {
        pthread_create(&threads[index], NULL, push_often, session);
    }
    for (size_t index = 0; index < THREADS; index++) {
        pthread_join(threads[index], NULL);
    }
    SUCCEEDS(call_result(session_finish(session)));
    for (size_t word = 0; word < THREADS * PUSHES; word++) {
        memcpy(whole + word * 5, "xxxx ", 5);
    }
    session_shows(1, 0, whole, "finished");
    free(whole);
    dingstream_card_session_free(session);
    dingstream_client_free(client);
}

const struct claim SESSION_CLAIMS[] = {
    CLAIM(what_is_pushed_is_typed),
    CLAIM(a_card_ends_with_its_buttons_and_values),
    CLAIM(a_session_fails_with_a_text_or_its_fallback),
    CLAIM(after_the_end_nothing_is_taken),
    CLAIM(freed_without_an_end_a_session_fails_its_card),
    CLAIM(one_session_is_freed_and_the_other_goes_on),
    CLAIM(a_session_outlives_its_delivery),
    CLAIM(a_client_that_is_freed_ends_its_cards_and_the_sessions_stay_usable),
    CLAIM(the_call_of_an_end_outlives_its_session),
    CLAIM(who_no_longer_waits_for_an_end_leaves_it_alone),
    CLAIM(threads_push_at_once),
    CLAIMS_END,
};
