/* What comes after what. */

#include "suite.h"

static dingstream_client *started(dingstream_config *config)
{
    simulator_reset();
    dingstream_client *client = bot_made(config, NULL, 0);
    bot_start(client);
    return client;
}

static void say(const char *text, const char *conversation, const char *sender)
{
    char order[256];
    snprintf(order, sizeof order,
             "{\"kind\":\"message\",\"text\":\"%s\",\"conversationId\":\"%s\",\"data\":{\"senderId\":\"%s\"}}", text,
             conversation, sender);
    simulator_push(order);
}

/* The next message, which has to be this one. */
static dingstream_delivery *heard(dingstream_client *client, const char *text)
{
    dingstream_delivery *message = bot_take(dingstream_client_queue(client), DINGSTREAM_KIND_MESSAGE).delivery;
    CHECK_TEXT(dingstream_json_text(dingstream_delivery_json(message), T("/text/content"), NULL), text);
    return message;
}

static void done(dingstream_delivery *delivery)
{
    SUCCEEDS(dingstream_delivery_ok(delivery, NULL));
    dingstream_delivery_free(delivery);
}

static void messages_of_a_conversation_come_one_after_the_other(void)
{
    dingstream_client *client = started(bot_config());
    say("first", "a", "ann");
    say("second", "a", "bob");
    say("third", "a", "ann");
    say("other", "b", "ann");
    dingstream_delivery *first = heard(client, "first");
    done(heard(client, "other"));
    done(first);
    /* Who is freed unsettled makes room as well. */
    dingstream_delivery_free(heard(client, "second"));
    done(heard(client, "third"));
    dingstream_client_free(client);
}

static void by_sender_others_of_the_conversation_do_not_wait(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_ordering(config, T("sender")));
    dingstream_client *client = started(config);
    say("first", "a", "ann");
    say("second", "a", "ann");
    say("other", "a", "bob");
    dingstream_delivery *first = heard(client, "first");
    done(heard(client, "other"));
    done(first);
    done(heard(client, "second"));
    dingstream_client_free(client);
}

static void without_an_order_nobody_waits(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_ordering(config, T("none")));
    dingstream_client *client = started(config);
    say("first", "a", "ann");
    say("second", "a", "ann");
    dingstream_delivery *first = heard(client, "first");
    done(heard(client, "second"));
    done(first);
    dingstream_client_free(client);
}

static void no_more_are_out_than_may_be(void)
{
    dingstream_config *config = bot_config();
    SUCCEEDS(dingstream_config_set_max_in_flight(config, 1));
    SUCCEEDS(dingstream_config_set_bypass(config, T("/stop")));
    SUCCEEDS(dingstream_config_set_bypass(config, T("/help")));
    dingstream_client *client = started(config);
    say("first", "a", "ann");
    dingstream_delivery *first = heard(client, "first");
    say("second", "b", "ann");
    /* Each call of the setter added one more text. */
    say("/stop it", "a", "ann");
    done(heard(client, "/stop it"));
    say("/help me", "a", "ann");
    done(heard(client, "/help me"));
    done(first);
    done(heard(client, "second"));
    dingstream_client_free(client);
}

const struct claim ORDER_CLAIMS[] = {
    CLAIM(messages_of_a_conversation_come_one_after_the_other),
    CLAIM(by_sender_others_of_the_conversation_do_not_wait),
    CLAIM(without_an_order_nobody_waits),
    CLAIM(no_more_are_out_than_may_be),
    CLAIMS_END,
};
