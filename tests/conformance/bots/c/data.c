/* Documents and messages. */

#include <stdlib.h>
#include <string.h>

#include "bot.h"

/* What can only fail where the bot itself is wrong. */
void check(dingstream_error *error)
{
    if (error != NULL) {
        complain("the bot is wrong", error);
        abort();
    }
}

static const char NOTHING[] = "";

int text_is_absent(struct text text)
{
    return text.start == NOTHING;
}

struct text text_of(const dingstream_delivery *delivery)
{
    static const char BLANKS[] = " \t\r\n";
    static const char *const PLACES[] = {"/text/content", "/content/richText/*/text", "/content/text"};
    struct text text = {NOTHING, 0};
    size_t length = 0;
    const char *found = NULL;
    for (size_t index = 0; found == NULL && index < sizeof PLACES / sizeof *PLACES; index++) {
        found = dingstream_json_text(dingstream_delivery_json(delivery), AT(PLACES[index]), &length);
    }
    if (found == NULL) {
        return text;
    }
    while (length > 0 && strchr(BLANKS, *found) != NULL) {
        found++;
        length--;
    }
    while (length > 0 && strchr(BLANKS, found[length - 1]) != NULL) {
        length--;
    }
    text.start = found;
    text.length = length;
    return text;
}

int text_is(struct text text, const char *expected)
{
    return text.length == strlen(expected) && memcmp(text.start, expected, text.length) == 0;
}

static char *joined(const char *before, struct text text, const char *after, size_t *length)
{
    size_t before_length = strlen(before), after_length = strlen(after);
    char *whole = malloc(before_length + text.length + after_length + 1);
    if (whole == NULL) {
        abort();
    }
    memcpy(whole, before, before_length);
    memcpy(whole + before_length, text.start, text.length);
    memcpy(whole + before_length + text.length, after, after_length);
    *length = before_length + text.length + after_length;
    return whole;
}

dingstream_message *message_text(const char *before, struct text text)
{
    dingstream_message *message;
    size_t length;
    char *content = joined(before, text, "", &length);
    check(dingstream_message_new_text(content, length, &message));
    free(content);
    return message;
}

dingstream_message *message_markdown(const char *title, struct text text)
{
    dingstream_message *message;
    size_t length;
    char *content = joined("**", text, "**", &length);
    check(dingstream_message_new_markdown(AT(title), content, length, &message));
    free(content);
    return message;
}
