/* The header is C, and may be included twice. */

#include <dingstream.h>
#include <dingstream.h>

_Static_assert(sizeof(dingstream_view) == 128, "a view is frozen");
_Static_assert(offsetof(dingstream_view, reserved) == 96, "a view is frozen");

int main(void)
{
    return dingstream_abi_version() == DINGSTREAM_ABI_VERSION ? 0 : 1;
}
