/* A bug of the library ends as an error. Runs with a library that has one planted. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dingstream.h>

dingstream_error *dingstream_test_panic(void);
uint32_t dingstream_test_panic_in_reader(void);

static int passed, failed;

static void claim(const char *name, int holds)
{
    printf("%s %s\n", holds ? "ok  " : "FAIL", name);
    *(holds ? &passed : &failed) += 1;
}

int main(void)
{
    for (int again = 0; again < 2; again++) {
        dingstream_error *error = dingstream_test_panic();
        const char *message = dingstream_error_message(error);
        claim("a_panic_is_an_error", dingstream_error_kind(error) == DINGSTREAM_ERROR_KIND_PANIC);
        claim("a_panic_tells_its_place", strstr(message, "planted.rs:") != NULL);
        claim("a_panic_tells_no_payload", strstr(message, "planted-secret") == NULL);
        claim("a_panic_asks_for_a_report", strlen(dingstream_error_hint(error)) > 0);
        dingstream_error_free(error);
        claim("a_panic_in_a_reader_is_nothing", dingstream_test_panic_in_reader() == 7);
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
